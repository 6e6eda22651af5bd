"""What a plan comes to in totals: tiers, areas, who waits. No person, and no group of a few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import PRIORITIES, TIERS
from optimiser.rules.levels.cost import paid_pence

UNMET = "unmet"


@dataclass(frozen=True)
class Gathered:
    """Of some packages."""

    people: int
    minutes_per_week: int


@dataclass(frozen=True)
class Totals:
    """Of one plan of the county in which everybody is new."""

    by_tier: dict[str, Gathered]
    """Tiers, then who has no care."""
    unmet: dict[str, Gathered]
    """By priority."""
    by_area: dict[str, dict[str, Gathered]]
    """By area id, then as ``by_tier``."""
    pence_per_week: int
    delivered_pence_per_week: int
    """What the care itself comes to; the rest is guaranteed and not delivered."""

    @property
    def placed_minutes(self) -> int:
        return sum(group.minutes_per_week for tier, group in self.by_tier.items() if tier != UNMET)


def totals(county: County, plan: Plan) -> Totals:
    """Counted from the records of the county and the contracts of the plan."""
    where: dict[str, list[int]] = defaultdict(list)
    waiting: dict[str, list[int]] = defaultdict(list)
    areas: dict[str, dict[str, list[int]]] = {area.area_id: defaultdict(list) for area in county.snapshot.areas}
    delivered = 0
    for package, contract in enumerate(plan.contracts):
        person = county.packages[package]
        tier = UNMET if contract is None else county.contracts[contract].tier
        where[tier].append(package)
        areas[person.area_id][tier].append(package)
        if contract is None:
            waiting[person.priority].append(package)
        else:
            delivered += county.price_pence(package, contract)
    return Totals(
        by_tier=_groups(county, where),
        unmet={priority: _group(county, waiting[priority]) for priority in PRIORITIES},
        by_area={area_id: _groups(county, found) for area_id, found in areas.items()},
        pence_per_week=sum(paid_pence(county, plan, contract) for contract in county.counting_with),
        delivered_pence_per_week=delivered,
    )


def _groups(county: County, found: dict[str, list[int]]) -> dict[str, Gathered]:
    return {tier: _group(county, found.get(tier, [])) for tier in (*TIERS, UNMET)}


def _group(county: County, packages: Iterable[int]) -> Gathered:
    mine = list(packages)
    return Gathered(county.people(mine), int(sum(county.packages[package].minutes_per_week for package in mine)))
