"""Random weeks of random counties: whom a forecast's planner asks, and in which order, beside what the service says.

``python -m tests.campaigns.asked_next [--cases N] [--seed N]`` draws so many (1,000) small counties, lets up to eight weeks
pass in each, and asks both of everybody who waits then. It prints how many there were, and exits with 1 at the first difference.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from optimiser.domain.snapshot import Snapshot
from tests.forecasting.test_as_the_service import differences, weeks_later
from tests.making.living import living_snapshots


def run(cases: int, start_with: int) -> Counter[str]:
    """What was seen. Raises what hypothesis found wrong."""
    seen = Counter[str]()

    @seed(start_with)
    @settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(living_snapshots(), st.integers(0, 8), st.integers(0, 10**6))
    def every(first: Snapshot, weeks: int, dice: int) -> None:
        counted, found = differences(weeks_later(first, weeks, dice))
        seen.update(counted)
        assert not found, found

    every()
    return seen


def main() -> int:
    """1 where the two differ anywhere."""
    asked = argparse.ArgumentParser(description="A forecast's planner beside the service.")
    asked.add_argument("--cases", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    try:
        seen = run(options.cases, options.seed)
    except AssertionError as wrong:
        print(f"They differ: {wrong}")
        return 1
    print(f"{options.cases} counties, seed {options.seed}: " + ", ".join(f"{count:,} {what}" for what, count in seen.items()))
    print("The same contracts in the same order for everybody.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
