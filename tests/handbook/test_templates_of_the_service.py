"""The templates of an act and of a kind of run: filled in they do what their pages say."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.acts.act import ACTS, Caller
from api.http.errors import Problem
from api.runs.kinds import KINDS
from api.runs.kinds.kind import Kind, Task
from api.runs.outcomes import plan_digest
from api.runs.schemas import EffortSettings
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from optimiser.io.reading import read_snapshot
from tests.api.databases import prepared
from tests.handbook.test_templates import Fill, fill

__all__ = ("fill",)

VILLAGES = Path("data/three_villages")
ACT = {
    "fill_in_feature.fill_in_deed": "packages.hurry",
    "fill_in_deed": "hurry",
    "fill_in_entry": "package.hurry",
    "FILL IN: what it is, in a sentence.": "A request becomes urgent.",
}
KIND = {
    "FillInSettings": "FewSettings",
    "FILL IN: its settings, each with the cautious default.": "At most so many proposals.",
    "FILL IN: what a run of it finds out.": "Who should be asked first.",
    "fill_in_name": "few",
}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The three villages."""
    snapshot = read_snapshot(VILLAGES).snapshot
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'county.db'}", as_of=snapshot.as_of)
    engine = prepared(settings.database_url)
    service = Service.of(settings, Store(engine, settings.clock))
    service.store.load(snapshot, Actor("tests", "admin"))
    yield service
    service.close()


def test_an_act_filled_in_is_judged_written_and_remembered(fill: Fill, service: Service) -> None:
    hurry = importlib.import_module(f"{fill('act.py', ACT).__name__}.new").hurry
    assert ACTS.pop("packages.hurry") is hurry
    assert hurry.sentence == "A request becomes urgent."
    assert b'"priority":"urgent"' in hurry(Caller(service, Actor("Ada", "planner")), "N4").body
    assert b'"priority":"urgent"' in hurry(Caller(service, Actor("Tam", "transition")), "R3").body
    for role, package_id in (("viewer", "N4"), ("job", "N4"), ("transition", "N5")):
        with pytest.raises(Problem) as refused:
            hurry(Caller(service, Actor("somebody", role)), package_id)
        assert refused.value.code == "forbidden"
    with service.store.engine.connect() as connection:
        told = connection.exec_driver_sql("SELECT actor, subject FROM audit WHERE action = 'package.hurry' ORDER BY seq").all()
    assert [tuple(row) for row in told] == [("Ada", "N4"), ("Tam", "R3")]


def test_a_kind_of_run_filled_in_works_within_its_settings(fill: Fill) -> None:
    kind: Kind = importlib.import_module(f"{fill('kind_of_run.py', KIND).__name__}.new").KIND
    assert (kind.name, kind.not_applied, list(kind.settings.model_fields if kind.settings else ())) == ("few", None, ["most"])
    snapshot = read_snapshot(VILLAGES).snapshot
    asked = {"effort": EffortSettings().model_dump(), "wall_seconds": 600.0, "policy": {}, "few": {"most": 2}}
    outcome = kind.work(Task(snapshot, asked, lambda _: None, lambda: False))
    assert [each.package_id for each in outcome.proposals] == ["N1", "N2"]
    assert kind.digest_parts(outcome) == [["N1", "P-ALDER"], ["N2", "F-BRACKEN"]]
    assert "few" not in KINDS
    assert len(plan_digest("allocate", snapshot.digest(), outcome)) == 64
