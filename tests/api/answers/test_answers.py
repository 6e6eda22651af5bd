"""The person's own answer to a provider: before care starts, with who gave it; a no ends the offer and is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from optimiser.domain.snapshot import Snapshot
from tests.api.desk import Desk, code_of, desk
from tests.api.state.test_incremental_state import assert_same, fresh
from tests.api.talking import exported
from tests.making import days, framework, legacy, noon, offer, package, principal, snapshot

CONTRACTS = [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")]


def a_county() -> Snapshot:
    """One person for whom nobody is asked yet, one accepted when the county was loaded, and one whose care runs."""
    people = [package("N1"), package("N2", requested_at=noon(-3)), package("R1", contract_id="L-DOCK")]
    return snapshot(people, CONTRACTS, offers=[offer("N2", "F-BRACKEN", "accepted")])


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url, a_county()) as here:
        yield here


def test_care_starts_only_with_the_persons_yes_to_that_provider(at: Desk, tmp_path: Path) -> None:
    at.answer(at.ask("N1")["P-ALDER"], "accepted")
    asked = at.try_act("N1", "start")
    assert code_of(asked) == (409, "answer_needed")
    assert "No answer of the person to ALDER is recorded" in asked.json()["detail"]
    at.says("N1", "BRACKEN")
    assert code_of(at.try_act("N1", "start")) == (409, "answer_needed"), "that was to another provider"
    told = at.says("N1", "ALDER", given_by="attorney", advocate="not_needed", reason="Her son holds a power of attorney")
    assert (told["answer"], told["given_by"], told["counts"]) == ("yes", "attorney", True)
    assert at.act("N1", "start")["situation"] == "running"
    assert len(exported(at.store, tmp_path / "out").answers) == 2
    assert [row["action"] for row in at.trail()].count("answer.record") == 2


def test_a_loaded_acceptance_needs_one_too_and_an_answer_to_an_earlier_request_is_none(at: Desk) -> None:
    assert code_of(at.try_act("N2", "start")) == (409, "answer_needed")
    at.says("N2", "BRACKEN", answered_at=noon(-4).isoformat())
    older = at.try_act("N2", "start")
    assert (code_of(older), "older than the request" in older.json()["detail"]) == ((409, "answer_needed"), True)
    at.says("N2", "BRACKEN")
    assert at.act("N2", "start")["contract_id"] == "F-BRACKEN"


def test_a_no_ends_the_offer_that_waits_and_the_next_may_be_asked(at: Desk) -> None:
    at.ask("N1")
    at.says("N1", "ALDER", "no", reason="Does not want the carers who came before")
    assert at.offers("N1") == {"P-ALDER": "withdrawn"}
    (ended,) = [stored.body for stored in at.state().stock["offers"].values() if stored.record.package_id == "N1"]
    assert ended["reason"] == "the person said no"
    assert at.why_not("N1") == {"P-ALDER": ["not_excluded"]}
    assert ("person_said_no", "N1") in at.alerts()
    asked = at.client.post("/v1/packages/N1/offers", json={"contract_ids": ["P-ALDER"], "reason": "try again"})
    assert code_of(asked) == (409, "may_not_be_asked")
    assert asked.json()["rules"] == ["a rule about the person (see the cascade)"]
    assert at.cascade("N1")["next_step"]["contract_ids"] == ["F-BRACKEN"]
    (answer,) = at.client.get("/v1/packages/N1/answers").json()["items"]
    assert (answer["answer"], answer["counts"]) == ("no", True), "it is kept"


def test_a_later_yes_undoes_it_and_of_the_two_the_later_alone_counts(at: Desk) -> None:
    at.says("N1", "ALDER", "no", answered_at=noon(-1).isoformat())
    assert at.order("N1") == ["F-BRACKEN", "L-DOCK"]
    at.says("N1", "ALDER", answered_at=noon(-2).isoformat())
    assert at.order("N1") == ["F-BRACKEN", "L-DOCK"], "that yes was before the no"
    at.says("N1", "ALDER")
    assert at.order("N1") == ["P-ALDER", "F-BRACKEN", "L-DOCK"]
    assert [each["counts"] for each in at.client.get("/v1/packages/N1/answers").json()["items"]] == [False, False, True]


def test_a_no_ends_an_acceptance_whose_care_has_not_begun(at: Desk) -> None:
    with at.served.client("social_work") as social:
        said = {"provider_id": "BRACKEN", "answer": "no", "given_by": "best_interests"}
        bare = social.post("/v1/packages/N2/answers", json=said)
        assert code_of(bare) == (422, "invalid_request"), "who decides for somebody says why, and whether an advocate was offered"
        reasons = {"advocate": "accepted", "reason": "Agreed at the meeting of 20 November"}
        assert social.post("/v1/packages/N2/answers", json=said | reasons).status_code == 200
    assert at.offers("N2") == {"F-BRACKEN": "withdrawn"}
    assert at.cascade("N2")["situation"] == "waiting"
    (entry,) = [orjson.loads(row["details"]) for row in at.trail() if row["action"] == "offer.withdrawn"]
    assert entry["reason"] == "the person said no"


def test_a_no_ends_no_care_that_runs(at: Desk) -> None:
    said = {"provider_id": "DOCK", "answer": "no", "given_by": "self"}
    assert code_of(at.client.post("/v1/packages/R1/answers", json=said)) == (409, "not_in_this_state")
    assert at.state().stock["packages"]["R1"].record.status == "active"


def test_who_may_and_what_is_refused(at: Desk) -> None:
    said = {"provider_id": "ALDER", "answer": "yes", "given_by": "self"}
    for role in ("viewer", "transition", "contracts", "job"):
        with at.served.client(role) as client:
            assert code_of(client.post("/v1/packages/N1/answers", json=said)) == (403, "forbidden")
    for wrong in ({"provider_id": "NOBODY"}, {"answered_at": noon(2).isoformat()}):
        assert code_of(at.client.post("/v1/packages/N1/answers", json=said | wrong)) == (422, "refused")
    for wrong in ({"answer": "perhaps"}, {"given_by": "neighbour"}, {"advocate": "maybe"}):
        assert code_of(at.client.post("/v1/packages/N1/answers", json=said | wrong)) == (422, "invalid_request")
    assert code_of(at.client.post("/v1/packages/N9/answers", json=said)) == (404, "not_found")
    assert at.state().version == 1


def test_a_council_may_switch_it_off_by_name(tmp_path: Path) -> None:
    start = a_county()
    with desk(f"sqlite:///{tmp_path / 'county.db'}", replace(start, policy=replace(start.policy, answer_needed=False))) as here:
        assert here.act("N2", "start")["care_started"] == str(days(0))


def test_one_answer_is_for_a_bundle_that_was_asked_as_one(tmp_path: Path) -> None:
    people = [package("N1", bundle_id="B1"), package("N2", bundle_id="B1")]
    with desk(f"sqlite:///{tmp_path / 'county.db'}", snapshot(people, CONTRACTS)) as here:
        here.client.post("/v1/packages/N1/offers")
        here.says("N1", "ALDER", "no")
        assert here.offers("N1") == here.offers("N2") == {"P-ALDER": "withdrawn"}
        assert here.cascade("N1")["next_step"]["contract_ids"] == ["F-BRACKEN"], "they are asked for together, or not at all"


def test_a_state_that_has_followed_answers_is_the_one_that_the_records_give(at: Desk) -> None:
    at.order("N1")
    at.says("N1", "BRACKEN", "no")
    assert at.order("N1") == ["P-ALDER", "L-DOCK"]
    assert_same(at.state(), fresh(at.state()))
    at.says("N1", "BRACKEN")
    assert_same(at.state(), fresh(at.state()))
