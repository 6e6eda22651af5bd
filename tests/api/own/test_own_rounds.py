"""A provider's own rounds: none of another's, and nobody in them of whom the trail does not say that they were shown."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import orjson

from api.acts.act import Caller
from api.own import acts
from api.security.roles import PROVIDER
from api.service import Service
from api.settings import Settings
from api.state.state import State
from api.state.store import Store
from api.storage.audit import Actor
from optimiser.domain.records import Round
from tests.api.conftest import LOADER
from tests.api.databases import prepared
from tests.making import days, framework, package, snapshot

RUNNING: dict[str, Any] = {"contract_id": "F-CLOVER", "care_started": days(-50)}


class OvertakenCaller(Caller):
    """R3 joins RD1 while it is written down what is to be shown."""

    told: ClassVar[list[Mapping[str, Any] | None]] = []
    """What was written down."""

    def read(self, action: str, kind: str, subject: str = "", details: Mapping[str, Any] | None = None) -> State:
        self.told.append(details)
        with self.store.change(LOADER) as change:
            change.put("packages", "R3", change.state.stock["packages"]["R3"].body | {"round_id": "RD1"})
        return super().read(action, kind, subject, details)


def test_rounds_hold_whom_the_trail_tells_of(tmp_path: Path) -> None:
    people = [
        package("R1", round_id="RD1", **RUNNING),
        package("R2", round_id="RD2", contract_id="F-BRACKEN", care_started=days(-50)),
        package("R3", **RUNNING),
    ]
    rounds = [Round("RD1", "CLOVER", "A1", 2, Fraction(46)), Round("RD2", "BRACKEN", "A1", 1, Fraction(20))]
    made = snapshot(people, [framework("BRACKEN"), framework("CLOVER")], rounds=rounds)
    asked = Settings(database_url=f"sqlite:///{tmp_path / 'county.db'}", as_of=made.as_of)
    engine = prepared(asked.database_url)
    store = Store(engine, asked.clock)
    store.load(made, LOADER)
    service, sam = Service.of(asked, store), Actor("Sam Marsh (1a2b)", PROVIDER, provider_id="CLOVER")
    first = {"round_id": "RD1", "area_id": "A1", "staff": 2, "staff_hours_per_week": 46.0, "package_ids": ["R1"]}
    try:
        assert orjson.loads(acts.list_rounds(OvertakenCaller(service, sam)).body)["items"] == [first]
        assert OvertakenCaller.told == [{"provider_id": "CLOVER", "package_ids": ["R1"]}]
        again = orjson.loads(acts.list_rounds(Caller(service, sam)).body)["items"]
        assert again == [first | {"package_ids": ["R1", "R3"]}], "next time the trail tells of R3 as well"
    finally:
        service.close()
        engine.dispose()
