"""Tiny counties in which people wait with visits that cannot: ELM and OAK have so many hours a week left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from optimiser.bridging.story import Bridge, plan_bridge
from optimiser.domain.policy import MeanwhileSettings
from optimiser.domain.records import Package, Visit
from optimiser.domain.snapshot import Snapshot
from tests.making import days, framework, legacy, package, snapshot
from tests.making.weeks import visit

BY_NEED = MeanwhileSettings(bridge_unrecorded_visits=False)
OPENS = ("07:00", "12:00", "17:00", "21:00")


def someone(name: str, visits: int = 1, needs: Sequence[str] = ("medication",), **given: Any) -> tuple[Package, list[Visit]]:
    """Half an hour (of each care worker) on every day, so many times a day: 3.5 hours a week for each; due a week ago."""
    workers = given.pop("each_workers", 1)
    own = [
        visit(f"{name}{number}", name, opens, opens, workers=workers, needs=tuple(needs))
        for number, opens in enumerate(OPENS[:visits], start=1)
    ]
    plain = {
        "hours": 3.5 * visits * workers,
        "visits_per_week": 7 * visits,
        "workers": workers,
        "start_by": days(-7),
        "if_missed": "red",
    }
    return package(name, **{**plain, **given}), own


def county(
    people: Sequence[tuple[Package, list[Visit]]],
    *,
    elm: float,
    oak: float = 0,
    settings: MeanwhileSettings | None = None,
    **given: Any,
) -> Snapshot:
    """ELM (framework) and OAK (legacy) have room for so many hours a week."""
    contracts = given.pop("contracts", None) or [
        framework("ELM", max_hours_4w=Fraction(4 * elm)),
        legacy("OAK", max_hours_4w=Fraction(4 * oak), rates_pence=(1800, 1800, 1800)),
    ]
    made = snapshot(
        [person for person, _ in people] + list(given.pop("running", ())),
        contracts,
        visits=[each for _, own in people for each in own],
        **given,
    )
    return made if settings is None else replace(made, meanwhile_settings=settings)


def covered(bridge: Bridge) -> dict[str, dict[str, str]]:
    """Per alternative the visits that are covered, each with its contract."""
    contracts = bridge.case.county.contracts
    return {
        plan.name: {
            each.visit.visit_id: contracts[option.contract].contract_id
            for option in plan.taken.values()
            for each in option.visits
        }
        for plan in bridge.plans
    }


def visits_of(bridge: Bridge, alternative: str) -> list[str]:
    return sorted(covered(bridge)[alternative])


def bridged(made: Snapshot) -> Bridge:
    found = plan_bridge(made)
    assert found.all_proven
    return found


def values(bridge: Bridge, alternative: str) -> dict[str, int]:
    plan = next(plan for plan in bridge.plans if plan.name == alternative)
    return {level.name: level.value for level in plan.levels}
