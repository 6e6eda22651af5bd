"""Tiny counties in which a provider delivers less: DALE has everybody's care, ELM and OAK have room."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from optimiser.domain.policy import TransferPolicy
from optimiser.domain.records import Package
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.relieving.loss import Loss
from optimiser.transferring.relieving.relief_case import UNCOVERED
from optimiser.transferring.relieving.story import Relief, plan_relief
from tests.making import AS_OF, framework, legacy, package, principal, snapshot

POLICY = TransferPolicy()
DAY = AS_OF + dt.timedelta(14)


def on_dale(package_id: str, **given: Any) -> Package:
    """Five hours a week with DALE."""
    return package(package_id, contract_id="P-DALE", **given)


def losing(people: list[Package], *, elm: int, oak: int = 0, **given: Any) -> Snapshot:
    """ELM (framework) and OAK (legacy) have room for so many hours a week."""
    contracts = [
        principal("DALE"),
        framework("ELM", max_hours_4w=Fraction(4 * elm)),
        legacy("OAK", max_hours_4w=Fraction(4 * oak), rates_pence=(1800, 1800, 1800)),
    ]
    return snapshot(people, contracts, **given)


def dale(hours_a_week: float) -> list[Loss]:
    return [Loss("provider", "DALE", Fraction(hours_a_week) * 4)]


def relieved(county: Snapshot, hours_a_week: float, policy: TransferPolicy = POLICY) -> Relief:
    """DALE can deliver so many hours a week from the day on."""
    return plan_relief(county, dale(hours_a_week), DAY, policy)


def where(plan: Relief) -> dict[str, str]:
    """Per package its contract from the day on; empty: nobody's."""
    county = plan.case.county
    return {
        county.packages[member].package_id: "" if to == UNCOVERED else county.contracts[to].contract_id
        for member, to in plan.where.items()
    }


def values(plan: Relief) -> dict[str, int]:
    return {level.name: level.value for level in plan.levels}
