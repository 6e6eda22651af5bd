"""Who could be placed if nobody else waited, and who could not: whether a contract allows it, and limits have room for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.judging.candidates import judge
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.rules.book import RuleBook


def placeable_alone(county: County, rules: RuleBook) -> dict[int, tuple[int, ...]]:
    """Per package that waits, and for which nobody is asked: the contracts that could take it before anybody else is placed.

    Running care, accepted offers and hours held for others count. Who is placed together with others (a bundle) is left out:
    whether there is room for all of them is for the run to say.
    """
    together = {member for group in rules.groups(county) for member in group}
    alone = [index for index in with_nobody_asked(county) if index not in together]
    return _placeable(county, rules, Usage.of(county, rules, entry_plan(county)), alone)


def nobody_left(county: County, rules: RuleBook, usage: Usage | None = None) -> list[int]:
    """The packages that wait, and for which nobody is asked, that no contract may take or has room for.

    ``usage``: of the limits, where more hours are held than by running care and accepted offers. Each is looked at alone.
    """
    waiting = with_nobody_asked(county)
    placeable = _placeable(county, rules, usage or Usage.of(county, rules, entry_plan(county)), waiting)
    return [index for index in waiting if index not in placeable]


def with_nobody_asked(county: County) -> list[int]:
    """The packages that wait and for which no offer is pending or accepted."""
    offers = county.offers_in_force
    return [
        index
        for index, package in enumerate(county.packages)
        if county.running_on[index] == NOWHERE
        and package.package_id not in offers.accepted
        and package.package_id not in offers.pending
    ]


def _placeable(county: County, rules: RuleBook, usage: Usage, packages: list[int]) -> dict[int, tuple[int, ...]]:
    found = judge(county, rules, np.array(packages, dtype=np.int64))
    return {
        package: contracts
        for package in packages
        if (contracts := tuple(_with_room(county, usage, package, found.of(package).tolist())))
    }


def _with_room(county: County, usage: Usage, package: int, contracts: list[int]) -> Iterator[int]:
    minutes = int(county.minutes[package])
    for contract in contracts:
        touching = ((usage.limits[index], usage.used[index]) for index in usage.touching.get(contract, ()))
        if all(used + minutes <= limit.whole_minutes for limit, used in touching if limit.counts(county, package, contract)):
            yield contract


def since_last_asked(county: County, packages: Iterable[int]) -> dict[str, dt.date]:
    """Per package id since which day nobody is asked, as a folder has it: the last answer, else the request, else today."""
    answered: dict[str, dt.date] = {}
    for offer in county.snapshot.offers:
        day = (offer.responded_at or offer.offered_at).date()
        answered[offer.package_id] = max(day, answered.get(offer.package_id, day))
    found = {}
    for index in packages:
        person = county.packages[index]
        asked = county.as_of if person.requested_at is None else person.requested_at.date()
        found[person.package_id] = min(answered.get(person.package_id, asked), county.as_of)
    return found
