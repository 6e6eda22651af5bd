"""A county of a few people in ELM's care, whose visits are half an hour each unless a test says otherwise."""

from __future__ import annotations

from typing import Any

from optimiser.domain.records import Package
from optimiser.domain.snapshot import Snapshot
from tests import making
from tests.making import framework, package, snapshot
from tests.making.weeks import visit


def person(name: str = "P1", contract_id: str = "F-ELM", **given: Any) -> Package:
    """3.5 hours a week in seven visits, near Dereham: band 1."""
    return package(name, contract_id=contract_id, **{"hours": 3.5, "visits_per_week": 7, **given})


def county(minutes: int = 30, workers: int = 1, **given: Any) -> Snapshot:
    """P1 with a visit V1 a day, P2 with V2; ELM at £24.00 an hour, OAK at £30.00."""
    people = given.pop("people", None) or [person("P1", workers=workers), person("P2")]
    contracts = given.pop("contracts", None) or [framework("ELM"), framework("OAK", rates_pence=(3000, 3000, 3000))]
    visits = [visit("V1", "P1", duration_minutes=minutes, workers=workers), visit("V2", "P2")]
    return snapshot(people, contracts, visits=given.pop("visits", visits), **given)


__all__ = ["county", "making", "person"]
