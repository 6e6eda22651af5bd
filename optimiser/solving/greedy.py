"""The cascade as it is done by hand: one package at a time, most urgent first, each with the first provider that has room.

Legal, quick and explainable; the floor under every other plan.
"""

from __future__ import annotations

import datetime as dt

from optimiser.county import County
from optimiser.domain.records import PRIORITIES
from optimiser.judging.candidates import Candidates, neutral_hash
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.judging.ranking import Cascade


def by_hand(county: County, candidates: Candidates, usage: Usage) -> dict[int, int]:
    """The contract of each package that finds one. ``usage`` is that of the entry plan."""
    cascade = Cascade(county, entry_plan(county))
    used = list(usage.on_entry)
    placed: dict[int, int] = {}
    for package in sorted((int(p) for p in candidates.packages), key=lambda package: _queue(county, package)):
        minutes = county.packages[package].minutes_per_week
        for place in cascade.order(package, (int(k) for k in candidates.of(package))):
            contract = place.contract
            counted = [
                index for index in usage.touching.get(contract, ()) if usage.limits[index].counts(county, package, contract)
            ]
            if all(used[index] + minutes <= usage.limits[index].whole_minutes for index in counted):
                placed[package] = contract
                for index in counted:
                    used[index] += minutes
                if contract in cascade.minutes:
                    cascade.minutes[contract] += minutes
                break
    return placed


def _queue(county: County, package: int) -> tuple[int, dt.date, str]:
    person = county.packages[package]
    return (
        PRIORITIES.index(person.priority),
        person.start_by or dt.date.max,
        neutral_hash(county, person.package_id),
    )
