"""Runs for a part of the county, and with pins, over HTTP: refused whole before they are kept, named in the result."""

from __future__ import annotations

from typing import Any

from api.forgetting.mentions import destroy_results
from api.runs.events import events_after
from api.state.store import Store
from api.storage.database import reading, writing
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.runs.working import claimed, start, work_here

pytestmark = ON_SQLITE

PART = {"area_ids": ["A1"], "package_ids": [], "round_ids": [], "provider_ids": ["BRACKEN", "CLOVER"]}


def refused(served: Served, kind: str, **asked: Any) -> list[str]:
    with served.client("planner") as client:
        body = {"kind": kind, "settings": {kind: asked}}
        answer = client.post("/v1/runs", json=body, headers={"Idempotency-Key": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), answer.text
    found: list[str] = answer.json()["faults"]
    return found


def test_a_run_for_a_part_with_a_pin(served: Served, store: Store) -> None:
    asked = {"part": {"package_ids": ["N3", "N4"]}, "pins": {"N4": "F-BRACKEN"}}
    with served.client("planner") as client:
        made = start(client, settings={"allocate": asked})
        assert made["settings"]["allocate"]["pins"] == {"N4": "F-BRACKEN"}
        work_here(store, claimed(store))
        result = client.get(f"/v1/runs/{made['run_id']}/result").json()
        explained = client.get(f"/v1/runs/{made['run_id']}/explanations/N4").json()
    # Whom the run was not for has no proposal, so that nothing of them can be applied. In a run for the county N3 goes to ELDER,
    # for a shorter way; of 600 minutes no more than 60 pence are given away for that, and ELDER costs 200 more than DOCK.
    assert {each["package_id"]: each["contract_id"] for each in result["proposals"]} == {"N3": "L-DOCK", "N4": "F-BRACKEN"}
    assert result["result"]["part"]["packages"] == ["N3", "N4"]
    assert result["requested_by"] == made["requested_by"] != "", "who pinned"
    (pin,) = result["result"]["pins"]
    assert {level["name"]: level["costs"] for level in pin["price"] if level["costs"]}["cost"] == 1500
    assert "Pinned to this contract by a named person" in explained["reason"]


def test_what_would_place_somebody_if_others_move(served: Served, store: Store) -> None:
    with served.client("planner") as client:
        made = start(client, settings={"allocate": {"if_others_move": True}})
        work_here(store, claimed(store))
        explained = client.get(f"/v1/runs/{made['run_id']}/explanations/N6").json()
    assert [each["amount"] for each in explained["remedies"]] == ["24"]
    first = explained["remedies_if_others_move"][0]
    assert (first["change"], first["subject"], first["amount"], first["at_least"]) == ("contract hours", "F-CLOVER", "4", "4")


def test_what_pins_cost_is_found_by_runs_that_say_which_of_how_many_they_are(served: Served, store: Store) -> None:
    with served.client("planner") as client:
        made = start(client, settings={"allocate": {"pins": {"N4": "F-BRACKEN", "N5": None}}})
        work_here(store, claimed(store))
        assert client.get(f"/v1/runs/{made['run_id']}").json()["progress"]["price_runs"] == 3
    with reading(store.engine) as connection:
        told = [event.data for event in events_after(connection, made["run_id"], 0) if event.name == "progress"]
    assert {news.get("price_run") for news in told} >= {1, 2, 3}
    assert "N4" not in str(told)


def test_a_re_optimisation_for_a_part(served: Served, store: Store) -> None:
    with served.client("planner") as client:
        made = start(client, kind="reoptimise", settings={"reoptimise": {"part": PART, "pins": {"R4": "F-BRACKEN"}}})
        work_here(store, claimed(store))
        result = client.get(f"/v1/runs/{made['run_id']}/result").json()
    assert result["result"]["part"]["providers"] == ["BRACKEN", "CLOVER"]
    placed = {each["tier"] for each in result["proposals"] if each["contract_id"] and not each["moved"]}
    assert placed == {"framework"}


def test_everything_that_is_wrong_is_said_before_a_run_is_kept(served: Served) -> None:
    assert refused(served, "allocate", part={"provider_ids": ["ALDR"]}, pins={"R1": "P-ALDER", "N1": "F-BRACKEN"}) == [
        "provider ALDR: there is no such provider; the nearest is ALDER",
        "pin R1=P-ALDER: its care runs under P-ALDER; an allocation moves nobody, so there is nothing to pin",
    ]
    (said,) = refused(served, "reoptimise", pins={"N1": "F-BRACKEN"})
    assert said.startswith("pins of N1: contract_hours: Contract F-BRACKEN would hold 60 hours")
    with served.client("planner") as client:
        assert client.get("/v1/runs").json()["items"] == []


def test_without_either_a_run_is_kept_as_before(served: Served) -> None:
    with served.client("planner") as client:
        assert start(client)["settings"].keys() == {"effort", "wall_seconds", "policy"}


def test_a_plan_made_by_hand_is_not_held_against_a_run_for_a_part(served: Served, store: Store) -> None:
    with served.client("planner") as client:
        made = start(client, settings={"allocate": {"pins": {"N5": None}}})
        work_here(store, claimed(store))
        assert client.post("/v1/checks", json={"plan": {}}).json()["optimum"] is None
        named = client.post("/v1/checks", json={"plan": {}, "run_id": made["run_id"]}).json()["optimum"]
    assert named["same_county"] is False


def test_a_run_whose_pins_named_somebody_forgotten_does_not_run_without_them(served: Served, store: Store) -> None:
    with served.client("planner") as client:
        made = start(client, settings={"allocate": {"pins": {"N4": "F-BRACKEN"}}})
        with writing(store.engine) as connection:
            destroy_results(connection, ["N4"])
        work_here(store, claimed(store))
        ended = client.get(f"/v1/runs/{made['run_id']}").json()
    assert (ended["status"], ended["problem"]["code"]) == ("failed", "settings_destroyed")
    assert "N4" not in str(ended)
