"""Who could be placed if nobody else waited: somebody's contract allows it, and every limit has room for them alone."""

from __future__ import annotations

from collections.abc import Iterator

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
    offers, together = county.offers_in_force, {member for group in rules.groups(county) for member in group}
    waiting = np.array(
        [
            index
            for index, package in enumerate(county.packages)
            if county.running_on[index] == NOWHERE
            and package.package_id not in offers.accepted
            and package.package_id not in offers.pending
            and index not in together
        ],
        dtype=np.int64,
    )
    found, usage = judge(county, rules, waiting), Usage.of(county, rules, entry_plan(county))
    return {
        int(package): contracts
        for package in waiting
        if (contracts := tuple(_with_room(county, usage, int(package), found.of(int(package)).tolist())))
    }


def _with_room(county: County, usage: Usage, package: int, contracts: list[int]) -> Iterator[int]:
    minutes = int(county.minutes[package])
    for contract in contracts:
        touching = ((usage.limits[index], usage.used[index]) for index in usage.touching.get(contract, ()))
        if all(used + minutes <= limit.whole_minutes for limit, used in touching if limit.counts(county, package, contract)):
            yield contract
