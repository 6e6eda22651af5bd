"""Social work's decisions: for one kind of move each, to whom, why, for how long; and never used for another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import orjson
import pytest

from tests.api.desk import Desk, code_of, desk
from tests.api.talking import changed, exported
from tests.making import days, framework, legacy, package, snapshot

MOVE = {"move": "transfer", "decision": "suitable", "why": "Has met the new carers."}
CLOVER = {"contract_ids": ["F-CLOVER"], "reason": "closer to her home"}


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    contracts = [legacy("DOCK"), framework("BRACKEN"), framework("CLOVER")]
    people = [package("R1", contract_id="L-DOCK"), package("R2", contract_id="L-DOCK"), package("N1")]
    with desk(f"sqlite:///{tmp_path / 'county.db'}", snapshot(people, contracts)) as here:
        yield here


@pytest.fixture
def social(at: Desk) -> Iterator[httpx.Client]:
    with at.served.client("social_work") as client:
        yield client


def test_social_work_alone_records_one_and_it_counts_for_half_a_year(at: Desk, social: httpx.Client, tmp_path: Path) -> None:
    for role in ("planner", "transition", "admin", "viewer"):
        with at.served.client(role) as client:
            assert code_of(client.post("/v1/packages/R1/decisions", json=MOVE)) == (403, "forbidden")
    made = social.post("/v1/packages/R1/decisions", json=MOVE)
    assert made.status_code == 200, made.text
    told = made.json()
    assert (told["decided_on"], told["valid_to"], told["counts_today"]) == (str(days(0)), str(days(182)), True)
    assert (told["move"], told["to_provider_id"], told["why"]) == ("transfer", None, MOVE["why"])
    assert at.client.get("/v1/packages/R1/decisions").json() == {"items": [told]}
    with at.served.client("viewer") as viewer:
        assert code_of(viewer.get("/v1/packages/R1/decisions")) == (403, "forbidden")
    (entry,) = [row for row in at.trail() if row["action"] == "decision.record"]
    assert (entry["role"], entry["subject"]) == ("social_work", "R1")
    (kept,) = exported(at.store, tmp_path / "out").decisions
    assert (kept.decision_id, kept.valid_to) == (told["decision_id"], days(182))


def test_refused_in_words_with_every_fault(at: Desk, social: httpx.Client) -> None:
    later = {"decided_on": str(days(1)), "valid_to": str(days(400))}
    wrong = social.post("/v1/packages/R1/decisions", json=MOVE | later)
    assert code_of(wrong) == (422, "refused")
    assert [fault.split(":")[0] for fault in wrong.json()["faults"]] == ["decided_on", "valid_to"]
    over = social.post("/v1/packages/R1/decisions", json=MOVE | {"valid_to": str(days(0))})
    assert over.json()["faults"] == ["valid_to: a day after today, 2026-11-23, or the decision never counts; it is 2026-11-23."]
    assert code_of(social.post("/v1/packages/R1/decisions", json=MOVE | {"to_provider_id": "NOBODY"})) == (422, "refused")
    assert code_of(social.post("/v1/packages/R1/decisions", json=MOVE | {"move": "any"})) == (422, "invalid_request")
    assert code_of(social.post("/v1/packages/N1/decisions", json=MOVE)) == (409, "not_in_this_state")
    assert code_of(social.post("/v1/packages/R9/decisions", json=MOVE)) == (404, "not_found")
    assert at.state().version == 1, "nothing was written"


def test_it_is_used_for_no_other_move(at: Desk, social: httpx.Client) -> None:
    assert code_of(at.client.post("/v1/packages/R1/offers", json=CLOVER)) == (422, "decision_needed")
    made = social.post("/v1/packages/R1/decisions", json=MOVE | {"to_provider_id": "CLOVER"}).json()
    asked_for_another = at.client.post("/v1/packages/R1/offers", json=CLOVER)
    assert code_of(asked_for_another) == (409, "may_not_be_asked"), "it was made for a transfer"
    named = CLOVER | {"decision_reference": made["decision_id"]}
    assert code_of(at.client.post("/v1/packages/R1/offers", json=named)) == (409, "may_not_be_asked")
    elsewhere = {"contract_ids": ["F-BRACKEN"], "reason": "asked for", "move": "transfer"}
    assert code_of(at.client.post("/v1/packages/R1/offers", json=elsewhere)) == (409, "may_not_be_asked"), "it is for Clover"
    offers = at.client.post("/v1/packages/R1/offers", json=CLOVER | {"move": "transfer"})
    assert offers.status_code == 201, offers.text
    (offer,) = offers.json()["items"]
    assert offer["decision_reference"] == made["decision_id"]
    assert at.answer(offer["offer_id"], "accepted")["response"] == "accepted"
    assert at.state().stock["packages"]["R1"].record.contract_id == "F-CLOVER"


def test_a_decision_that_says_it_of_any_move_stays_but_a_reference_to_anothers_is_no_decision(
    at: Desk, social: httpx.Client
) -> None:
    assert changed(social, "/v1/packages/R2", {"transfer_decision": "suitable"}).status_code == 200
    of_r1 = social.post("/v1/packages/R1/decisions", json=MOVE).json()["decision_id"]
    borrowed = at.client.post("/v1/packages/R2/offers", json=CLOVER | {"decision_reference": of_r1})
    assert code_of(borrowed) == (422, "decision_needed")
    assert at.client.post("/v1/packages/R2/offers", json=CLOVER | {"decision_reference": "SW 118"}).status_code == 201


def test_a_decision_against_it_stops_an_offer_that_waits(at: Desk, social: httpx.Client) -> None:
    social.post("/v1/packages/R1/decisions", json=MOVE)
    assert at.client.post("/v1/packages/R1/offers", json=CLOVER | {"move": "transfer"}).status_code == 201
    assert social.post("/v1/packages/R1/decisions", json=MOVE | {"decision": "not_suitable"}).status_code == 200
    assert at.offers("R1") == {"F-CLOVER": "withdrawn"}


def test_changed_needs_end_it_today_and_a_new_priority_does_not(tmp_path: Path) -> None:
    contracts = [legacy("DOCK"), framework("CLOVER")]
    start = snapshot([package("R1", contract_id="L-DOCK")], contracts)
    with desk(f"sqlite:///{tmp_path / 'county.db'}", start) as here, here.served.client("social_work") as social:
        old = social.post("/v1/packages/R1/decisions", json=MOVE | {"decided_on": str(days(-30))}).json()["decision_id"]
        social.post("/v1/packages/R1/decisions", json=MOVE | {"move": "relieve"})
        assert changed(here.client, "/v1/packages/R1", {"priority": "urgent"}).status_code == 200
        assert len(here.state().snapshot.decisions) == 2
        assert changed(here.client, "/v1/packages/R1", {"hours_per_week": 9}).status_code == 200
        (left,) = here.client.get("/v1/packages/R1/decisions").json()["items"]
        assert (left["decision_id"], left["valid_to"], left["counts_today"]) == (old, str(days(0)), False)
        entries = [orjson.loads(row["details"]) for row in here.trail() if row["action"] == "decision.lapse"]
        assert sorted(each["before"]["move"] for each in entries) == ["relieve", "transfer"], "of both the trail knows"
        assert code_of(here.client.post("/v1/packages/R1/offers", json=CLOVER | {"move": "transfer"})) == (
            409,
            "may_not_be_asked",
        )


def test_the_weeks_are_a_setting(tmp_path: Path) -> None:
    start = snapshot([package("R1", contract_id="L-DOCK")], [legacy("DOCK")])
    start = replace(start, policy=replace(start.policy, decision_valid_weeks=4))
    with desk(f"sqlite:///{tmp_path / 'county.db'}", start) as here, here.served.client("social_work") as social:
        assert social.post("/v1/packages/R1/decisions", json=MOVE).json()["valid_to"] == str(days(28))
