"""Who delivers how much of an area: the marks that the share levels measure against. Not a rule itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.plan import Plan


@dataclass(frozen=True)
class AreaShares:
    """A live area's marks, in minutes a week."""

    area_id: str
    demand: int
    principal: int | None
    """The principal contract in force, if there is one."""
    framework: tuple[int, ...]
    """The open framework contracts: in force, maximum not 0."""
    parts: tuple[Fraction, ...]
    """The part of the framework's hours that each of them should have."""
    entitlement: Fraction
    """What the principal should be offered first: its maximum or the upper edge of its share, whichever is less."""
    upper: int
    lower: int


def live_areas(county: County) -> Iterator[AreaShares]:
    """The marks of every live area."""
    policy = county.policy
    for index, area in enumerate(county.snapshot.areas):
        if not area.is_live(county.as_of):
            continue
        demand = int(county.demand_minutes[index])
        here = [k for k, c in enumerate(county.contracts) if c.area_id == area.area_id and c.in_force(county.as_of)]
        principal = next((k for k in here if county.contracts[k].tier == "principal"), None)
        framework = tuple(k for k in here if county.contracts[k].tier == "framework" and county.contracts[k].max_hours_4w != 0)
        upper = math.floor(policy.share_high * demand)
        limit = None if principal is None else county.contracts[principal].limit_minutes
        yield AreaShares(
            area_id=area.area_id,
            demand=demand,
            principal=principal,
            framework=framework,
            parts=_parts([county.contracts[k].max_hours_4w for k in framework]),
            entitlement=Fraction(upper) if limit is None else min(Fraction(upper), limit),
            upper=upper,
            lower=math.ceil(policy.share_low * demand),
        )


def _parts(sizes: list[Fraction | None]) -> tuple[Fraction, ...]:
    """Parts by size; equal ones when any contract has no maximum."""
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes):
        return tuple(Fraction(1, len(sizes)) for _ in sizes)
    return tuple(size / sum(known) for size in known)


def minutes_on(county: County, plan: Plan, contract: int) -> int:
    """The minutes a week that a plan puts on one contract, and on those that count as one with it."""
    counted = county.counting_with.get(contract, ())
    return sum(county.packages[package].minutes_per_week for each in counted for package in plan.on.get(each, ()))
