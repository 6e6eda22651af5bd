"""How much of every limit is used: counted case by case from plain records, for the check and for explanations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from optimiser.county import NOWHERE, County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Limit
from optimiser.rules.book import RuleBook


def entry_plan(county: County, *, pins: bool = True) -> Plan:
    """Where everybody is before anything is decided: running care, accepted offers, and (``pins``) who is pinned."""
    contracts = [None if contract == NOWHERE else int(contract) for contract in county.running_on]
    for package_id, contract in county.offers_in_force.accepted.items():
        contracts[county.package_index[package_id]] = contract
    for package, contract in county.pinned.items() if pins else ():
        contracts[package] = contract
    return Plan.of(contracts)


def held_minutes(county: County, limit: Limit) -> int:
    """The minutes that pending offers hold under a limit: on each contract asked, once."""
    return sum(
        county.packages[county.package_index[package_id]].minutes_per_week
        for package_id, asked in county.offers_in_force.pending.items()
        for contract in asked
        if contract in limit.contracts and limit.counts(county, county.package_index[package_id], contract)
    )


def used_minutes(county: County, limit: Limit, plan: Plan) -> int:
    """The minutes that a plan's care and the pending offers take up under a limit."""
    placed = sum(
        county.packages[package].minutes_per_week
        for contract in limit.contracts
        for package in plan.on.get(contract, ())
        if limit.counts(county, package, contract)
    )
    return placed + held_minutes(county, limit)


@dataclass(frozen=True)
class Usage:
    """The limits of a county, what each is used for by a plan, and what it was used for on entry."""

    limits: tuple[Limit, ...]
    used: tuple[int, ...]
    on_entry: tuple[int, ...]
    touching: Mapping[int, tuple[int, ...]]
    """Per contract: the limits that its care may count under."""

    def __repr__(self) -> str:
        return f"<Usage of {len(self.limits)} limits>"

    @staticmethod
    def of(county: County, rules: RuleBook, plan: Plan, *, pins: bool = True) -> Usage:
        """``pins``: whether what is pinned counts as there on entry. The check says no: a pin takes nothing beyond a limit."""
        limits = tuple(rules.all_limits(county))
        entry = entry_plan(county, pins=pins)
        touching: dict[int, list[int]] = {}
        for index, limit in enumerate(limits):
            for contract in limit.contracts:
                touching.setdefault(contract, []).append(index)
        on_entry = tuple(used_minutes(county, limit, entry) for limit in limits)
        return Usage(
            limits=limits,
            used=on_entry if plan == entry else tuple(used_minutes(county, limit, plan) for limit in limits),
            on_entry=on_entry,
            touching={contract: tuple(found) for contract, found in touching.items()},
        )

    def with_limits(self, limits: list[Limit]) -> Usage:
        """The same use of the same limits, some of them set differently."""
        if [(limit.rule, limit.subject) for limit in limits] != [(limit.rule, limit.subject) for limit in self.limits]:
            raise ValueError("the limits must be the same ones, in the same order")
        return replace(self, limits=tuple(limits))

    def passed(self) -> list[int]:
        """The limits that the plan passes: more than allowed, and more than was there on entry."""
        return [
            index for index, limit in enumerate(self.limits) if self.used[index] > max(limit.whole_minutes, self.on_entry[index])
        ]

    def exceeded_on_entry(self) -> list[int]:
        """The limits that running care, accepted offers and holds exceed already."""
        return [index for index, limit in enumerate(self.limits) if self.on_entry[index] > limit.whole_minutes]
