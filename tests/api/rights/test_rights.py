"""A correction and an objection: recorded, seen by whoever plans, closed with what was done, late where nobody answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import orjson
import pytest

from api.clock import Clock
from api.offers.lapsing import sweep
from api.state.store import Store
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER
from tests.api.desk import Desk, code_of, desk

SAID = "I can wash by myself; I need help with the stairs."
GIVEN = {"said": SAID, "given_by": "self", "asked_of": "Sam Planner"}


def ask(at: Desk, kind: str, package_id: str = "N4", **given: Any) -> httpx.Response:
    return at.client.post(f"/v1/packages/{package_id}/rights-requests", json={"kind": kind, **GIVEN, **given})


def close(at: Desk, request_id: str, outcome: str, package_id: str = "N4") -> httpx.Response:
    closing = {"outcome": outcome, "done": "The needs are put right."}
    return at.client.post(f"/v1/packages/{package_id}/rights-requests/{request_id}/close", json=closing)


def of_rights(at: Desk) -> list[tuple[str, str]]:
    return [each for each in at.every_alert() if each[0] in ("correction_asked", "person_objected", "rights_request_late")]


def late_after(at: Desk, days: int) -> list[str]:
    """About which requests it is alerted, so many days later, that they have no answer."""
    clock = Clock(at.state().as_of + dt.timedelta(days=days))
    later = Store(at.store.engine, clock)
    with later.trial(LOADER) as change:
        after = sweep(change, at.served.settings.model_copy(update={"as_of": clock.fixed_day}))
        return [each.body["about"] for each in after.stock["alerts"].values() if each.body["kind"] == "rights_request_late"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_from_asking_to_an_answer(database_url: str, small: Snapshot) -> None:
    with desk(database_url, small) as at:
        before = at.state()
        order = at.cascade("N4") | {"county_version": 0, "objections": []}
        correction, objection = ask(at, "correction").json(), ask(at, "objection", said="Not by a program.").json()
        assert correction["answer_by"] == str(small.as_of + dt.timedelta(days=28))
        assert (correction["recorded_by"].split(" (")[0], correction["outcome"]) == ("a planner", None)
        assert sorted(of_rights(at)) == [("correction_asked", "N4"), ("person_objected", "N4")]

        seen = at.cascade("N4")
        assert [each["said"] for each in seen["objections"]] == ["Not by a program."]
        assert seen | {"county_version": 0, "objections": []} == order, "an objection changes nothing by itself"
        assert at.cascade("N5")["objections"] == []
        assert at.state().snapshot == before.snapshot

        assert code_of(close(at, objection["request_id"], "changed")) == (422, "another_outcome")
        assert code_of(close(at, objection["request_id"], "upheld", "N5")) == (404, "not_found")
        assert close(at, objection["request_id"], "not_upheld").json()["closed_by"] == objection["recorded_by"]
        assert code_of(close(at, objection["request_id"], "upheld")) == (409, "not_in_this_state")
        assert at.cascade("N4")["objections"] == []
        assert of_rights(at) == [("correction_asked", "N4")]

        assert not late_after(at, 28), "on its last day it is not late"
        assert late_after(at, 29) == [correction["request_id"]]

        at.act("N4", "end", reason="Has moved away")
        assert ask(at, "correction", said="The reason is another.").status_code == 200, "whoever had care has the right, too"
        items = at.client.get("/v1/packages/N4/rights-requests").json()["items"]
        told = [(each["kind"], each["outcome"]) for each in items]
        assert sorted(told, key=str) == [("correction", None), ("correction", None), ("objection", "not_upheld")]
        moments = [each["recorded_at"] for each in items]
        assert moments == sorted(moments), "the earliest first; of one second, in any order"
        for package_id in ("none-such", "N99"):
            assert code_of(ask(at, "correction", package_id)) == (404, "not_found")
            assert code_of(at.client.get(f"/v1/packages/{package_id}/rights-requests")) == (404, "not_found")
        assert ask(at, "wish").status_code == 422
        entries = [(row["action"], orjson.loads(row["details"])) for row in at.trail() if row["action"].startswith("rights.")]
        assert [action for action, _ in entries] == [
            "rights.record",
            "rights.record",
            "rights.close",
            "rights.record",
            "rights.read",
        ]
        assert entries[0][1]["after"]["said"] == SAID
        assert entries[2][1]["after"]["done"] == "The needs are put right."
