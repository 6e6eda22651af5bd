"""Random lives of counties: whatever is done to records and people, county, trail and export are those of a county loaded afresh.

``python -m tests.campaigns.lives [--counties N] [--seed N]`` draws so many (1,000) small counties, and leads each through up to
fourteen deeds: records added, changed and ended, lives of contracts, steps of assessments, call-offs, answers, decisions, plans
for the meanwhile (``tests/api/records/test_random_lives.py``). One that is wrong is made as short as it can be, and printed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from optimiser.domain.snapshot import Snapshot
from tests.api.hospital.orders import migrated
from tests.api.records.test_random_lives import faults_of, live
from tests.making.living import living_snapshots


def run(counties: int, start_with: int, folder: Path) -> Counter[str]:
    """What the trails tell, by action. Raises what hypothesis found wrong. ``folder``: for databases."""
    empty, told = migrated(folder), Counter[str]()

    @seed(start_with)
    @settings(max_examples=counties, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(living_snapshots().filter(lambda drawn: not faults_of(drawn)), st.data())
    def lives(start: Snapshot, data: st.DataObject) -> None:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            told.update(live(empty, Path(own), start, data))

    lives()
    return told


def main() -> None:
    """Print what was done; any life that went wrong is told by its exception."""
    asked = argparse.ArgumentParser(description="Random lives of counties.")
    asked.add_argument("--counties", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        told = run(options.counties, options.seed, Path(folder))
    print(", ".join(f"{count} {action}" for action, count in sorted(told.items())))
    print(f"{options.counties} counties, seed {options.seed}, {sum(told.values()):,} entries of their trails: none was wrong.")


if __name__ == "__main__":
    main()
