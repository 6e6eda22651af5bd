"""Who is working on whom: said, told to others, taken over and lapsed; it bars nobody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from api.claims.who_works import working_json
from api.clock import Clock
from api.state.store import Store
from api.storage.audit import Actor
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import loaded, serving
from tests.api.databases import prepared
from tests.api.desk import code_of

WORKING = "/v1/packages/N4/working"


def test_two_planners_are_told_of_each_other_and_it_lapses(tmp_path: Path, small: Snapshot) -> None:
    """An hour from when it was said: at the end of it nobody is held to be at it any more."""
    settings = loaded(tmp_path, small, claim_minutes=60)
    with serving(settings) as served, served.client("planner") as ada, served.client("admin") as bo:
        assert ada.get(WORKING).json() == {"package_id": "N4", "working": None}
        said = ada.post(WORKING).json()["working"]
        assert said["by"].startswith("a planner (")
        assert ada.post(WORKING, json={}).json()["working"] == said, "the same again changes nothing"
        told = {each["package_id"]: each["working"] for each in bo.get("/v1/worklist").json()["items"]}
        assert told["N4"] == said and told["N1"] is None
        refused = bo.post(WORKING)
        assert code_of(refused) == (409, "somebody_else") and refused.json()["by"] == said["by"]
        assert code_of(bo.delete(WORKING)) == (409, "somebody_else")
        assert bo.get("/v1/packages/N4/cascade").json()["next_step"]["contract_ids"], "it bars nobody"
        over = bo.post(WORKING, json={"instead": True}).json()["working"]
        assert over["by"].startswith("a admin (")
        assert code_of(ada.delete(WORKING)) == (409, "somebody_else")
        assert bo.delete(WORKING).json()["working"] is None
        assert bo.delete(WORKING).json()["working"] is None
        assert code_of(bo.post("/v1/packages/no-such/working")) == (404, "not_found")
        deeds = [each["action"] for each in bo.get("/v1/packages/N4/history").json()["items"]]
        assert deeds == ["claim.release", "claim.take", "claim.take"]


def test_it_lapses_after_the_minutes_of_the_setting(tmp_path: Path, small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said at ten past one in the hour that comes twice, an hour later is the same wall clock again."""
    settings = loaded(tmp_path, small)
    store = Store(prepared(settings.database_url), settings.clock)
    with store.change(Actor("somebody", "planner")) as change:
        body = {"package_id": "N4", "by": "Ada (k7)", "since": "2027-10-31T00:10:00+00:00"}
        change.put("claims", "N4", body)
        change.remember("claim.take", "packages", "N4")
    state = store.state()
    moments = {"2027-10-31T01:09:59+00:00": "2027-10-31T01:10:00", "2027-10-31T01:10:00+00:00": None}
    for moment, until in moments.items():
        monkeypatch.setattr(Clock, "moment", lambda _, at=moment: dt.datetime.fromisoformat(at))
        told = working_json(state, settings, "N4")
        assert (told and told["until"]) == until
        assert told is None or told["since"] == "2027-10-31T01:10:00"
    store.engine.dispose()
