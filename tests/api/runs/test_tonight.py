"""Tonight over HTTP, on both kinds of database: asked for, refused, read with its page, and nothing to apply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.databases import ON_SQLITE
from tests.api.desk import Desk, code_of, desk
from tests.api.runs.test_kinds import ended, result_of
from tests.api.runs.working import claimed, start, work_here
from tests.making.weeks import visit
from tests.tonight.places import MONDAY_NIGHT, county, of_dale

pytestmark = ON_SQLITE

Json = dict[str, Any]


@pytest.fixture
def failing(database_url: str) -> Iterator[Desk]:
    """DALE has two people with a visit a day, of whom A's son can step in; ELM has others."""
    people = [of_dale("A", if_missed="amber", can_step_in="Her son"), of_dale("B", if_missed="red")]
    with desk(database_url, county(people, [visit("VA", "A"), visit("VB", "B")]), role="admin", run_workers=0) as at:
        yield at


def asked(**changed: Any) -> Json:
    return {"tonight": {"provider_ids": ["DALE"], "from_moment": MONDAY_NIGHT, **changed}}


def test_the_list_is_made_and_read_with_its_page_and_changes_nothing(failing: Desk) -> None:
    run = ended(failing, kind="tonight", settings=asked())
    assert run["status"] == "succeeded", run["problem"]
    told = result_of(failing, run)
    result = told["result"]
    assert [row["package_id"] for row in result["visits"]] == ["B", "B", "B", "A", "A", "A"], "most harm first, three days"
    assert {row["can_step_in"] for row in result["visits"]} == {"Her son", ""}
    assert result["page"].startswith("<!DOCTYPE html>")
    assert "Her son" in result["page"]
    explained = failing.client.get(f"/v1/runs/{run['run_id']}/explanations/A").text
    assert "VA" in explained
    assert "Her son" not in explained, "who can step in stands on the list alone"
    answer = failing.client.post(
        f"/v1/runs/{run['run_id']}/apply", json={"plan_digest": run["plan_digest"], "package_ids": "all"}
    )
    assert code_of(answer) == (409, "list_only")
    with failing.served.client("job") as job:
        assert code_of(job.get(f"/v1/runs/{run['run_id']}/result")) == (403, "forbidden"), "it is another's"
        own = start(job, kind="tonight", settings=asked())["run_id"]
        work_here(failing.store, claimed(failing.store))
        program = job.get(f"/v1/runs/{own}/result").json()
    assert not {"visits", "without_times", "who_has_minutes", "page"} & program["result"].keys()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "expected who cannot come"),
        (asked(provider_ids=["NOBODY"]), "there is no provider NOBODY"),
        (asked(snow=True), "one of the two"),
        (asked(provider_ids=[]), "one of the two"),
        (asked(from_moment="tonight"), "expected a date and a time"),
        (asked(from_moment="2026-11-22T18:00"), "lies before the date of the snapshot"),
        (asked(not_recorded="blue"), "not_recorded"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_it_is_kept(failing: Desk, settings: Json, said: str) -> None:
    body = {"kind": "tonight", "settings": settings}
    answer = failing.client.post("/v1/runs", json=body, headers={"Idempotency-Key": "one-key-1"})
    assert code_of(answer) == (422, "invalid_request")
    assert said in answer.text
