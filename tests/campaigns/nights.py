"""Ninety nights on a county: nobody is passed over more often than the setting allows without a decision by name.

``python -m tests.campaigns.nights FOLDER [--areas N] [--nights N] [--requests N] [--seed N] [--limit N]`` rehearses them twice,
as runs alone would have it and with decisions, prints what came of both by hours and care workers, and exits with 1 where
anybody was passed over more often. ``--areas``: of so many areas alone people wait at first, so that a large county takes
minutes, not hours; everybody's care runs on, and fills the contracts.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from optimiser.solving.outcome import Effort
from optimiser.whatif.rehearse.story import Nights, rehearsed
from optimiser.whatif.rehearse.to_come import drawn, requests_a_night
from optimiser.whatif.rehearse.who_waited import group_rows

TOLD = ("hours", "workers")


def of_areas(snapshot: Snapshot, count: int) -> Snapshot:
    """The same county, in which people of the first so many areas alone wait. 0: everybody."""
    kept = {area.area_id for area in snapshot.areas[: count or len(snapshot.areas)]}
    people = tuple(package for package in snapshot.packages if package.status == "active" or package.area_id in kept)
    known = {package.package_id for package in people}
    return replace(snapshot, packages=people, offers=tuple(each for each in snapshot.offers if each.package_id in known))


def run(snapshot: Snapshot, nights: int, a_night: Fraction, seed: int) -> tuple[Nights, Nights]:
    """The nights as runs alone would have them, and with decisions."""
    to_come = drawn(snapshot, nights, a_night, seed)
    free, decided = (
        rehearsed(snapshot, to_come, snapshot.policy, Effort(wall_seconds=60.0), decide=decide, after_a_night=_tell)
        for decide in (False, True)
    )
    return free, decided


def _tell(night: int) -> None:
    print(f"\r{night} nights", end="", file=sys.stderr, flush=True)


def main() -> int:
    """1 where somebody was passed over more often than the setting allows although decisions were taken."""
    asked = argparse.ArgumentParser(description="Nights on a county: who is passed over, with and without decisions.")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--areas", type=int, default=0)
    asked.add_argument("--nights", type=int, default=90)
    asked.add_argument("--requests", type=Fraction)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--limit", type=int)
    options = asked.parse_args()
    county = of_areas(read_snapshot(options.folder).snapshot, options.areas)
    if options.limit is not None:
        county = replace(county, policy=replace(county.policy, passed_over_limit=options.limit))
    a_night = requests_a_night(county) if options.requests is None else options.requests
    free, decided = run(county, options.nights, a_night, options.seed)
    limit = county.policy.passed_over_limit
    print(f"\nPassed over on at most {free.most_passed_over} nights; with decisions {decided.most_passed_over} (limit {limit}).")
    print(f"Decisions by name: {len(decided.decided)}. People: {len(free.people)}.")
    for row in group_rows(free, decided):
        if row["by"] in TOLD:
            print(
                f"{row['group']}: {row['people']} people, {row['nights_waited_today']} nights waited,"
                f" with decisions {row['nights_waited_proposed']}; still waiting {row['still_waiting_today']}"
                f" and {row['still_waiting_proposed']}"
            )
    return int(decided.most_passed_over > limit)


if __name__ == "__main__":
    sys.exit(main())
