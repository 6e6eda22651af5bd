"""A bridge over HTTP, on both kinds of database: worked on, read, and never applied: a named person chooses and records why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.api.databases import ON_SQLITE
from tests.api.desk import Desk, code_of, desk
from tests.api.runs.test_kinds import ended, result_of
from tests.api.talking import changed, seen
from tests.bridging.waiting import county, someone

pytestmark = ON_SQLITE

Json = dict[str, Any]


@pytest.fixture
def waiting(database_url: str) -> Iterator[Desk]:
    """7 hours are left: for LARGE (red), who needs all of them, or for half of that and SMALL (amber)."""
    people = [someone("LARGE", 2), someone("SMALL", if_missed="amber")]
    with desk(database_url, county(people, elm=7), role="admin", run_workers=0) as at:
        yield at


def test_it_is_worked_on_read_and_chosen_by_a_named_person_alone(waiting: Desk) -> None:
    run = ended(waiting, kind="bridge")
    assert run["status"] == "succeeded"
    told = result_of(waiting, run)
    assert (told["proposals"], told["result"]["chosen"]) == ([], None)
    covered = [(row["alternative"], row["visit_id"]) for row in told["result"]["visits"] if row["covered"] == "true"]
    assert [name for name in covered if name[0] != "people_first"] == [
        ("harm_first", "LARGE1"), ("harm_first", "LARGE2"), ("whole_care", "LARGE1"), ("whole_care", "LARGE2"),
    ]  # fmt: skip
    assert ("people_first", "SMALL1") in covered
    explained = waiting.client.get(f"/v1/runs/{run['run_id']}/explanations/SMALL").json()
    assert [each["covers"] for each in explained["alternatives"]] == ["none", "all", "none"]

    asked = {"plan_digest": run["plan_digest"], "package_ids": "all"}
    refused = waiting.client.post(f"/v1/runs/{run['run_id']}/apply", json=asked)
    assert code_of(refused) == (409, "bridge_is_chosen_by_a_person")

    at = "/v1/packages/SMALL/meanwhile"
    plan = {"where": "home_alone", "holds": "A neighbour looks in.", "holds_until": "2026-11-30", "checked_by": "Duty desk"}
    waiting.client.put(at, json=plan).raise_for_status()
    choice = {"choice": "bridge", "choice_until": "2026-12-07", "reason": "people first: her tablets cannot wait"}
    chosen = waiting.client.post(f"{at}/choice", json=choice, headers=seen(waiting.client, at))
    assert chosen.status_code == 200, chosen.text
    stored = waiting.state().stock["meanwhile"]["SMALL"].body
    assert (stored["choice"], bool(stored["chosen_by"]), stored["choice_reason"]) == ("bridge", True, choice["reason"])


@pytest.mark.parametrize(("minutes", "divisible"), [(20, False), (30, True)])
def test_a_bridge_says_what_cannot_be_divided_off(database_url: str, minutes: int, divisible: bool) -> None:
    """Three visits a day, and room for one: of 20 minutes it comes to 140 a week, which no part can have; of 30 to 210."""
    person, own = someone("A", 3, hours=21 * minutes / 60)
    made = county([(person, [replace(each, duration_minutes=minutes) for each in own])], elm=3.5)
    with desk(database_url, made, role="admin", run_workers=0) as at:
        run = ended(at, kind="bridge")
        rows = result_of(at, run)["result"]["visits"]
        named = [{"visit_id": row["visit_id"]} for row in rows if (row["alternative"], row["covered"]) == ("harm_first", "true")]
        assert len(named) == 1
        explained = at.client.get(f"/v1/runs/{run['run_id']}/explanations/A").json()
        assert ("whole quarter hours" in explained["alternatives"][0]["reason"]) is not divisible
        part = {"kind": "part", "call_off_id": "C-1", "package_id": "A", "visits": named}
        answer = at.client.post("/v1/call-offs", json=part)
        assert answer.status_code == 201 if divisible else code_of(answer) == (422, "not_divisible")


def test_what_visits_are_for_is_recorded_over_http_and_rests_with_them(waiting: Desk) -> None:
    """SMALL's visit turns out to be for company: it can wait, and has no place in a bridge."""
    body = waiting.client.get("/v1/packages/SMALL").json()["visits"]
    assert body[0]["needs"] == ["medication"]
    other = [{**each, "needs": ["company"]} for each in body]
    changed(waiting.client, "/v1/packages/SMALL", {"visits": other}).raise_for_status()
    result = result_of(waiting, ended(waiting, kind="bridge"))["result"]
    assert result["others_waiting"] == {"can_wait": 1}
