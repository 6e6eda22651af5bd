"""What an allocation says of one package, typed: a line of ``allocations.csv`` before it is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optimiser.allocating.story import Allocation


@dataclass(frozen=True)
class AllocationLine:
    """What becomes of a package, and why. Everything about a contract is None where it has none."""

    package_id: str
    outcome: str
    area_id: str
    band: int
    reason: str
    contract_id: str | None = None
    provider_id: str | None = None
    tier: str | None = None
    hundredths_of_a_mile: int | None = None
    """From the provider's nearest office."""
    moved: bool = False
    """Whether running care changes its provider."""
    weekly_cost_pence: int | None = None


def allocation_line(allocation: Allocation, package: int, reason: str) -> AllocationLine:
    county, person = allocation.county, allocation.county.packages[package]
    outcome, band = allocation.outcome(package), int(county.band[package])
    contract = allocation.verified.plan.contracts[package]
    if contract is None:
        return AllocationLine(person.package_id, outcome, person.area_id, band, reason)
    held = county.contracts[contract]
    miles = county.office_miles(package, int(county.provider_of[contract]))
    return AllocationLine(
        person.package_id,
        outcome,
        person.area_id,
        band,
        reason,
        contract_id=held.contract_id,
        provider_id=held.provider_id,
        tier=held.tier,
        hundredths_of_a_mile=hundredths_of(miles),
        moved=bool(person.contract_id) and bool(county.provider_of[county.running_on[package]] != county.provider_of[contract]),
        weekly_cost_pence=county.price_pence(package, contract),
    )


def hundredths_of(miles: float) -> int:
    """Rounded half up."""
    return math.floor(miles * 100 + 0.5)
