"""The cascade as it is done by hand: one package at a time, most urgent first, each with the first provider that has room.

Legal, quick and explainable; the floor under every other plan.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from optimiser.county import County
from optimiser.domain.records import PRIORITIES
from optimiser.judging.candidates import Candidates, neutral_hash
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.judging.ranking import Cascade


def by_hand(county: County, candidates: Candidates, usage: Usage, groups: Sequence[tuple[int, ...]] = ()) -> dict[int, int]:
    """The contract of each package that finds one. ``usage`` is that of the entry plan; ``groups`` go together."""
    cascade = Cascade(county, entry_plan(county))
    used = list(usage.on_entry)
    placed: dict[int, int] = {}
    group_of = {member: group for group in groups for member in group}
    asked: set[int] = set()
    for package in sorted((int(p) for p in candidates.packages), key=lambda package: _queue(county, package)):
        if package in asked:
            continue
        together = group_of.get(package, (package,))
        asked.update(together)
        allowed = set.intersection(*(set(candidates.of(member).tolist()) for member in together))
        for place in cascade.order(package, sorted(allowed)):
            taken = _taken(county, usage, together, place.contract)
            if all(used[index] + minutes <= usage.limits[index].whole_minutes for index, minutes in taken.items()):
                placed.update(dict.fromkeys(together, place.contract))
                for index, minutes in taken.items():
                    used[index] += minutes
                cascade.add(place.contract, sum(county.packages[member].minutes_per_week for member in together))
                break
    return placed


def _taken(county: County, usage: Usage, packages: Sequence[int], contract: int) -> Counter[int]:
    """Per limit the minutes that packages on a contract take up."""
    taken: Counter[int] = Counter()
    for index in usage.touching.get(contract, ()):
        for package in packages:
            if usage.limits[index].counts(county, package, contract):
                taken[index] += county.packages[package].minutes_per_week
    return taken


def _queue(county: County, package: int) -> tuple[int, dt.date, str]:
    person = county.packages[package]
    return (
        PRIORITIES.index(person.priority),
        person.start_by or dt.date.max,
        neutral_hash(county, person.package_id),
    )
