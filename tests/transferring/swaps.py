"""Small counties whose principals hold rounds in each other's areas: each is full: one comes only as another leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.records import Package, Round
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.story import plan_transfer
from optimiser.transferring.transfer_plan import TransferPlan
from tests.making import area, legacy, package, principal, provider, snapshot

BINDS = TransferPolicy(destabilisation_limit=Fraction(1), provider_limit_binds=True)
BEGUN = dt.date(2026, 5, 4)


def circle_county(hours: Mapping[str, float], go_live: Mapping[str, dt.date] | None = None, **given: Any) -> Snapshot:
    """Principals P1, P2, … of areas A1, A2, …; round R1 is P1's and lies in the last area, R2 is P2's and lies in A1, and so on.

    ``hours``: per round its hours a week. Each provider's own limit is what it has. Every area has 40 more hours with NEUTRAL.
    """
    count = len(hours)
    packages: list[Package] = []
    for number, each in enumerate(hours.values(), start=1):
        where = f"A{number - 1 or count}"
        packages += [_person(f"{name}{number}", number, where, each / 2) for name in ("X", "Y")]
        packages.append(package(f"N{number}", hours=40, contract_id="L-NEUTRAL", area_id=f"A{number}"))
    names = [f"P{number}" for number in range(1, count + 1)]
    areas = [f"A{number}" for number in range(1, count + 1)]
    live = go_live or {}
    parts: dict[str, Any] = {
        "areas": [area(each, **({"go_live": live[each]} if each in live else {})) for each in areas],
        "contracts": [
            *(principal(name, area_id=each, contract_id=f"M-{name}") for name, each in zip(names, areas, strict=True)),
            *(legacy(name) for name in (*names, "NEUTRAL")),
        ],
        "providers": [
            *(provider(name, max_hours_4w=4 * Fraction(each)) for name, each in zip(names, hours.values(), strict=True)),
            provider("NEUTRAL"),
        ],
        "rounds": [
            Round(f"R{number}", name, f"A{number - 1 or count}", 2, Fraction(20)) for number, name in enumerate(names, start=1)
        ],
    }
    return snapshot(packages, **{**parts, **given})


def _person(name: str, number: int, area_id: str, hours: float) -> Package:
    return package(
        name,
        hours=hours,
        area_id=area_id,
        contract_id=f"L-P{number}",
        round_id=f"R{number}",
        transfer_decision="suitable",
        care_started=BEGUN,
    )


def planned(county: Snapshot, known: Known | None = None, **given: Any) -> TransferPlan:
    """The plan for all its areas; keywords are settings, or ``earlier`` and ``search``."""
    passed = {name: given.pop(name) for name in ("earlier", "search") if name in given}
    areas = [each.area_id for each in county.areas]
    return plan_transfer(county, areas, replace(BINDS, **given), known, **passed)
