"""Random orders of hospital notices, offers and answers: no offer outlives a withdrawal, nobody is asked for twice, nor dropped.

``python -m tests.campaigns.hospital [--orders N] [--steps N]`` lets hypothesis drive so many (200) counties, each through up to
so many (30) deeds, and judges each after every deed (``tests/api/hospital/orders.py``). Any that is wrong is made as short as it
can be, and printed.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.api.hospital.orders import Orders, migrated


def run(orders: int, steps: int, folder: Path) -> int:
    """How many deeds were done in all. Raises what hypothesis found wrong. ``folder``: for a database to copy."""
    deeds = 0

    class Counted(Orders):
        empty = migrated(folder)

        def teardown(self) -> None:
            nonlocal deeds
            deeds += self.store.state().version
            super().teardown()

    asked = settings(
        max_examples=orders,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Counted, settings=asked)
    return deeds


def main() -> None:
    """Print what was done; any order that went wrong is told by its exception."""
    asked = argparse.ArgumentParser(description="Random orders of hospital notices, offers and answers.")
    asked.add_argument("--orders", type=int, default=200)
    asked.add_argument("--steps", type=int, default=30)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        deeds = run(options.orders, options.steps, Path(folder))
    print(f"{options.orders} orders, {deeds:,} changes written: none was wrong.")


if __name__ == "__main__":
    main()
