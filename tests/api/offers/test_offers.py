"""Asking and answering: the steps of the cascade, holds, the first acceptance, limits, moves. Over HTTP, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import orjson
import pytest

from optimiser.domain.records import Visit
from optimiser.domain.staffing import DAYS
from optimiser.judging.limit_use import Usage
from tests.api.conftest import LOADER
from tests.api.databases import ON_SQLITE
from tests.api.desk import Desk, code_of, desk
from tests.making import cap, framework, legacy, package, principal, provider, restriction, snapshot

ALL = ["P-ALDER", "F-BRACKEN", "F-CLOVER", "L-DOCK", "L-ELDER"]


@pytest.fixture
def area(database_url: str) -> Iterator[Desk]:
    """An area with everybody in it, ALDER with 20 hours per four weeks of its own limit, DOCK on a contract of 20."""
    people = [
        package("N1", hours=5, priority="planned"),
        package("N2", hours=5, priority="planned"),
        package("R1", hours=40, contract_id="F-BRACKEN"),
        package("R2", hours=5, contract_id="L-ELDER", transfer_decision="suitable"),
        package("R3", hours=5, contract_id="L-ELDER", transfer_decision="suitable", protected="autism"),
    ]
    contracts = [
        principal("ALDER"),
        framework("BRACKEN"),
        framework("CLOVER"),
        legacy("DOCK", max_hours_4w=Fraction(20)),
        legacy("ELDER"),
    ]
    providers = [provider("ALDER", max_hours_4w=Fraction(20))]
    with desk(database_url, snapshot(people, contracts, providers=providers)) as at:
        yield at


def test_the_principal_alone_then_the_framework_at_once_then_legacy_one_at_a_time(area: Desk) -> None:
    first = area.ask("N1")
    assert list(first) == ["P-ALDER"]
    assert code_of(area.try_act("N1", "offers")) == (409, "offers_waiting")
    area.decline(first["P-ALDER"])
    second = area.ask("N1")
    assert sorted(second) == ["F-BRACKEN", "F-CLOVER"]
    area.decline(second["F-BRACKEN"])
    assert code_of(area.try_act("N1", "offers")) == (409, "offers_waiting")
    area.decline(second["F-CLOVER"], "too_far")
    third = area.ask("N1")
    assert len(third) == 1
    area.decline(*third.values())
    fourth = area.ask("N1")
    assert {*third, *fourth} == {"L-DOCK", "L-ELDER"}
    area.decline(*fourth.values())
    assert code_of(area.try_act("N1", "offers")) == (409, "nobody_to_ask")
    assert area.alerts() == [("cascade_exhausted", "N1")]
    assert area.why_not("N1") == {contract_id: ["no_standing_decline"] for contract_id in ALL}


@ON_SQLITE
def test_in_turn_is_a_setting(database_url: str) -> None:
    people = [package("N1")]
    with desk(database_url, snapshot(people, [framework("BRACKEN"), framework("CLOVER")]), framework_asked="in_turn") as at:
        first = at.ask("N1")
        assert len(first) == 1
        at.decline(*first.values())
        assert {*first, *at.ask("N1")} == {"F-BRACKEN", "F-CLOVER"}


def test_out_of_order_needs_a_reason_which_is_recorded(area: Desk) -> None:
    refused = area.client.post("/v1/packages/N1/offers", json={"contract_ids": ["L-DOCK"]})
    assert code_of(refused) == (422, "reason_needed")
    made = area.ask("N1", contract_ids=["L-DOCK"], reason="Speaks her language")
    assert list(made) == ["L-DOCK"]
    told = area.client.get(f"/v1/offers/{made['L-DOCK']}").json()
    assert told["out_of_order_reason"] == "Speaks her language"
    entry = next(each for each in area.trail() if each["action"] == "offer.made")
    assert orjson.loads(entry["details"])["out_of_order_reason"] == "Speaks her language"
    # The step itself, named, needs none.
    assert list(area.ask("N2", contract_ids=["P-ALDER"])) == ["P-ALDER"]


@ON_SQLITE
def test_who_fails_a_rule_is_never_asked(database_url: str) -> None:
    people = [package("N1", skills=("dementia",), excluded_provider_ids=("CLOVER",))]
    providers = [provider("CLOVER", skills=("dementia",)), provider("DOCK", skills=("dementia",))]
    contracts = [framework("BRACKEN"), framework("CLOVER"), legacy("DOCK")]
    with desk(database_url, snapshot(people, contracts, providers=providers, restrictions=[restriction("DOCK")])) as at:
        for contract_id, rules in (
            ("F-BRACKEN", ["a rule about the person (see the cascade)"]),
            ("F-CLOVER", ["a rule about the person (see the cascade)"]),
            ("L-DOCK", ["not_restricted"]),
        ):
            refused = at.client.post("/v1/packages/N1/offers", json={"contract_ids": [contract_id], "reason": "Please"})
            assert code_of(refused) == (409, "may_not_be_asked")
            assert refused.json()["rules"] == rules
        refused = at.client.post("/v1/packages/N1/offers", json={"contract_ids": ["NOWHERE"], "reason": "Please"})
        assert code_of(refused) == (409, "may_not_be_asked")


def test_pending_offers_hold_their_hours(area: Desk) -> None:
    """ALDER's twenty hours per four weeks are N1's while it is asked; DOCK's contract has no more than one place either."""
    offer_id = area.ask("N1")["P-ALDER"]
    assert area.why_not("N2") == {"P-ALDER": ["provider_hours"]}
    area.ask("N1", contract_ids=["L-DOCK"], reason="both at once")
    assert area.why_not("N2") == {"P-ALDER": ["provider_hours"], "L-DOCK": ["contract_hours"]}
    refused = area.client.post("/v1/packages/N2/offers", json={"contract_ids": ["L-DOCK"], "reason": "Please"})
    assert code_of(refused) == (409, "no_room")
    area.answer(offer_id, "withdrawn")
    assert "P-ALDER" in area.order("N2")


def test_the_first_acceptance_wins_and_the_rest_are_withdrawn_with_it(area: Desk) -> None:
    area.decline(area.ask("N1")["P-ALDER"])
    made = area.ask("N1")
    won = area.answer(made["F-CLOVER"], "accepted", person_prefers="Her sister is with them")
    assert won["response"] == "accepted"
    assert area.offers("N1") == {"P-ALDER": "declined", "F-CLOVER": "accepted", "F-BRACKEN": "withdrawn"}
    assert code_of(area.try_answer(made["F-BRACKEN"], "accepted")) == (409, "already_answered")
    assert code_of(area.try_act("N1", "offers")) == (409, "already_placed")
    assert area.cascade("N1")["situation"] == "accepted"
    area.trail()


def test_the_same_answer_again_is_well_and_another_is_refused(area: Desk) -> None:
    offer_id = area.ask("N1")["P-ALDER"]
    first = area.decline(offer_id, "time_of_day")
    version = area.state().version
    assert area.decline(offer_id, "time_of_day") == first
    assert area.state().version == version
    for response, given in (("accepted", {}), ("withdrawn", {}), ("declined", {"reason": "too_far"})):
        assert code_of(area.try_answer(offer_id, response, **given)) == (409, "already_answered")


def test_columns_of_their_own_come_with_an_answer_and_with_the_same_answer_again(area: Desk) -> None:
    (made,) = area.ask("N1").values()
    assert area.answer(made, "declined", reason="no_capacity", extra={"our_call": "A17"})["extra"] == {"our_call": "A17"}
    again = area.answer(made, "declined", reason="no_capacity", extra={"our_call": "", "line": "4"})
    assert (again["extra"], again["reason"]) == ({"line": "4"}, "no_capacity")
    assert code_of(area.try_answer(made, "declined", reason="no_capacity", extra={"response": "x"})) == (422, "invalid_request")
    told = [orjson.loads(each["details"])["after"] for each in area.trail() if each["action"] == "offer.noted"]
    assert told == [{"extra": {"our_call": "A17"}}, {"extra": {"our_call": "", "line": "4"}}]


def test_answers_rest_on_what_was_read(area: Desk) -> None:
    offer_id = area.ask("N1")["P-ALDER"]
    tag = area.client.get(f"/v1/offers/{offer_id}").headers["etag"]
    assert code_of(area.try_answer(offer_id, "accepted", if_match='"0"')) == (412, "changed_since")
    answered = area.try_answer(offer_id, "accepted", if_match=tag)
    assert answered.status_code == 200
    assert answered.headers["etag"] != tag
    assert area.try_answer(offer_id, "accepted", if_match=tag).status_code == 200  # the same again, as read before


@ON_SQLITE
@pytest.mark.parametrize(
    "body",
    [
        {"response": "declined"},
        {"response": "declined", "reason": "because"},
        {"response": "expired"},
        {"response": "accepted", "reason": "no_capacity"},
        {"response": "withdrawn", "raise_provider_limit": {"max_hours_4w": 60, "evidence": "said so"}},
        {"response": "accepted", "raise_provider_limit": {"max_hours_4w": "60", "evidence": "said so"}},
        {"response": "accepted", "raise_provider_limit": {"max_hours_4w": 60}},
        {"response": "accepted", "who": "me"},
    ],
)
def test_answers_that_make_no_sense_are_refused(served_villages: Desk, body: dict[str, object]) -> None:
    refused = served_villages.client.patch("/v1/offers/OF2", json=body)
    assert code_of(refused) == (422, "invalid_request")


def test_beyond_its_own_limit_the_limit_is_raised_with_evidence_in_the_same_request(area: Desk) -> None:
    """ALDER has room for one of the two: the first asked has it, whoever is asked beyond it needs the limit raised."""
    first = area.ask("N1")["P-ALDER"]
    refused = area.client.post("/v1/packages/N2/offers", json={"contract_ids": ["P-ALDER"]})
    assert code_of(refused) == (422, "reason_needed")
    second = area.ask("N2", contract_ids=["P-ALDER"], reason="It has hired two people")["P-ALDER"]
    refused = area.try_answer(second, "accepted")
    assert code_of(refused) == (409, "beyond_provider_limit")
    assert refused.json()["needed_hours_4w"] == 40
    assert area.answer(first, "accepted")["response"] == "accepted"  # asked first: the second does not stand in its way
    little: dict[str, Any] = {"max_hours_4w": 30, "evidence": "Letter of 20 November"}
    assert code_of(area.try_answer(second, "accepted", raise_provider_limit=little)) == (409, "beyond_provider_limit")
    assert code_of(area.try_answer(second, "accepted", raise_provider_limit=little | {"max_hours_4w": 20})) == (422, "not_a_rise")
    area.answer(second, "accepted", raise_provider_limit=little | {"max_hours_4w": 40})
    assert area.state().stock["providers"]["ALDER"].record.max_hours_4w == 40
    entry = next(each for each in area.trail() if each["action"] == "providers.limit_raised")
    assert orjson.loads(entry["details"]) == {"before": 20, "after": 40, "evidence": "Letter of 20 November"}


@ON_SQLITE
def test_a_planner_who_is_a_contract_officer_raises_a_maximum_as_one(database_url: str) -> None:
    contracts = [principal("ALDER", max_hours_4w=Fraction(20)), legacy("DOCK")]
    rise: dict[str, Any] = {"raise_contract_maximum": {"max_hours_4w": 40, "evidence": "Variation no. 3"}}
    with desk(database_url, snapshot([package("N1", hours=5)], contracts)) as at:
        offer_id = at.ask("N1")["P-ALDER"]
        with at.served.client("planner", "contracts") as both:
            assert both.patch(f"/v1/offers/{offer_id}", json={"response": "accepted", **rise}).status_code == 200
        roles = {row["action"]: row["role"] for row in at.trail()}
        assert (roles["contracts.limit_raised"], roles["offer.accepted"]) == ("contracts", "planner")


@ON_SQLITE
def test_a_contracts_maximum_is_the_contract_officers_to_raise(database_url: str) -> None:
    contracts = [principal("ALDER", max_hours_4w=Fraction(20)), legacy("DOCK")]
    rise: dict[str, Any] = {"raise_contract_maximum": {"max_hours_4w": 40.5, "evidence": "Variation no. 3"}}
    with desk(database_url, snapshot([package("N1", hours=5)], contracts)) as at:
        offer_id = at.ask("N1")["P-ALDER"]
        assert code_of(at.try_answer(offer_id, "accepted", **rise)) == (403, "forbidden")
        with at.served.client("admin") as admin:
            assert admin.patch(f"/v1/offers/{offer_id}", json={"response": "accepted", **rise}).status_code == 200
        assert at.state().stock["contracts"]["P-ALDER"].record.max_hours_4w == Fraction("40.5")


def test_a_limit_lowered_meanwhile_stops_an_acceptance(area: Desk) -> None:
    offer_id = area.ask("N1")["P-ALDER"]
    with area.store.change(LOADER) as change:
        body = change.state.stock["providers"]["ALDER"].body
        change.put("providers", "ALDER", body | {"max_hours_4w": "19.75"})
    assert code_of(area.try_answer(offer_id, "accepted")) == (409, "beyond_provider_limit")


@ON_SQLITE
def test_a_cap_counts_pending_and_accepted_care(database_url: str) -> None:
    people = [package("N1", hours=5), package("N2", hours=5), package("N3", hours=5)]
    with desk(database_url, snapshot(people, [principal("ALDER")], restrictions=[cap("ALDER", 40)])) as at:
        at.answer(at.ask("N1")["P-ALDER"], "accepted")
        at.ask("N2")
        assert at.why_not("N3") == {"P-ALDER": ["capped_new_work"]}
        refused = at.client.post("/v1/packages/N3/offers", json={"contract_ids": ["P-ALDER"], "reason": "Please"})
        assert code_of(refused) == (409, "no_room")


def test_a_move_holds_its_hours_and_the_person_stays_until_it_is_accepted(area: Desk) -> None:
    move: dict[str, Any] = {"contract_ids": ["P-ALDER"], "reason": "In its round"}
    assert code_of(area.client.post("/v1/packages/R2/offers", json=move)) == (422, "decision_needed")
    move["decision_reference"] = "SW-2026-118"
    refused = area.client.post("/v1/packages/R3/offers", json=move)
    assert (code_of(refused), refused.json()["rules"]) == (
        (409, "may_not_be_asked"),
        ["a rule about the person (see the cascade)"],
    )
    offer_id = area.ask("R2", **move)["P-ALDER"]
    assert area.why_not("N1") == {"P-ALDER": ["provider_hours"]}
    assert area.state().stock["packages"]["R2"].record.contract_id == "L-ELDER"
    assert area.cascade("R2")["situation"] == "running"
    area.answer(offer_id, "accepted")
    moved = area.state().stock["packages"]["R2"].record
    assert (moved.contract_id, moved.previous_contract_id, moved.status) == ("P-ALDER", "L-ELDER", "active")
    assert area.why_not("N1") == {"P-ALDER": ["provider_hours"]}
    entry = next(each for each in area.trail() if each["action"] == "offer.made")
    assert orjson.loads(entry["details"])["decision_reference"] == "SW-2026-118"


def test_a_declined_move_leaves_the_person_where_they_are(area: Desk) -> None:
    offer_id = area.ask("R2", contract_ids=["P-ALDER"], decision_reference="SW-1")["P-ALDER"]
    area.decline(offer_id)
    assert area.state().stock["packages"]["R2"].record.contract_id == "L-ELDER"
    assert "P-ALDER" in area.order("N1")


def test_the_transition_team_asks_for_moves_alone(area: Desk) -> None:
    with area.served.client("transition") as client:
        assert code_of(client.post("/v1/packages/N1/offers")) == (403, "forbidden")
        body = {"contract_ids": ["P-ALDER"], "decision_reference": "SW-1"}
        made = client.post("/v1/packages/R2/offers", json=body)
        assert made.status_code == 201
        little = {"raise_provider_limit": {"max_hours_4w": 40, "evidence": "Letter of 20 November"}}
        address = f"/v1/offers/{made.json()['items'][0]['offer_id']}"
        refused = client.patch(address, json={"response": "accepted", **little})
        assert code_of(refused) == (403, "forbidden")  # a provider's limit is the planners' to raise, here as elsewhere
        asked = area.ask("N1", contract_ids=["P-ALDER"], reason="It has said so")["P-ALDER"]
        assert code_of(client.patch(f"/v1/offers/{asked}", json={"response": "declined", "reason": "no_capacity"})) == (
            403,
            "forbidden",
        )
    for role in ("viewer", "job"):
        with area.served.client(role) as client:
            assert code_of(client.post("/v1/packages/R2/offers", json=body)) == (403, "forbidden")
            assert code_of(client.get("/v1/packages/R2/cascade")) == (403, "forbidden")


def test_lists_of_offers(area: Desk) -> None:
    area.decline(area.ask("N1")["P-ALDER"])
    area.ask("N1")
    area.ask("N2")
    get = area.client.get
    assert len(get("/v1/offers", params={"response": "waiting"}).json()["items"]) == 3
    assert [each["package_id"] for each in get("/v1/offers", params={"response": "declined"}).json()["items"]] == ["N1"]
    assert {each["package_id"] for each in get("/v1/offers", params={"provider_id": "ALDER"}).json()["items"]} == {"N1", "N2"}
    assert len(get("/v1/offers", params={"contract_id": "F-BRACKEN"}).json()["items"]) == 1
    found, cursor = [], None
    while True:
        page = get("/v1/offers", params={"limit": 3} | ({"cursor": cursor} if cursor else {})).json()
        found += [each["offer_id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == sorted(area.state().stock["offers"])
    assert code_of(get("/v1/offers", params={"cursor": "%%"})) == (422, "invalid_request")


@ON_SQLITE
def test_what_a_message_to_providers_may_hold(served_villages: Desk) -> None:
    """No place before acceptance: the area, what is needed, when, how much, and how old the request is."""
    told = served_villages.client.get("/v1/offers/OF2/broadcast").json()
    assert set(told) == {
        "offer_id",
        "contract_id",
        "district",
        "needs",
        "worker_gender",
        "worker_languages",
        "parts_of_day",
        "hours_per_week",
        "visits_per_week",
        "age_days",
        "priority",
        "start_by",
        "visits",
        "place",
    }
    assert told["place"] is None
    assert told["age_days"] == 11
    assert told["district"] == "Larkmere and Villages, north-west"  # five people live in that quarter
    served_villages.answer("OF2", "accepted")
    person = served_villages.state().stock["packages"]["N7"].record
    place = served_villages.client.get("/v1/offers/OF2/broadcast").json()["place"]
    assert place == {"latitude": person.latitude, "longitude": person.longitude}


NIGHTS = {
    "23:00-01:00": True,
    "21:30-00:15": True,
    "02:00-03:00": True,
    "23:00-23:30": True,
    "22:00-22:30": False,
    "05:00-06:00": False,
}


@ON_SQLITE
def test_night_care_is_told_as_such(database_url: str) -> None:
    people, visits = [], []
    for number, window in enumerate(NIGHTS):
        opens, closes = map(dt.time.fromisoformat, window.split("-"))
        people.append(package(f"N{number}", hours=5))
        visits.append(Visit(f"V{number}", f"N{number}", DAYS[:5], opens, closes, 60, 1))
    with desk(database_url, snapshot(people, [principal("ALDER")], visits=visits)) as at:
        for number, (window, is_night) in enumerate(NIGHTS.items()):
            offer_id = at.ask(f"N{number}")["P-ALDER"]
            told = at.client.get(f"/v1/offers/{offer_id}/broadcast").json()["parts_of_day"]
            assert (told == ["night"]) is is_night, window


@ON_SQLITE
def test_a_quarter_with_few_people_in_it_is_not_named(database_url: str) -> None:
    with desk(database_url, snapshot([package("N1"), package("N2")], [principal("ALDER")])) as at:
        offer_id = at.ask("N1")["P-ALDER"]
        assert at.client.get(f"/v1/offers/{offer_id}/broadcast").json()["district"] == "Area A1"


@ON_SQLITE
def test_no_limit_is_passed_after_all_of_it(area: Desk) -> None:
    """Everybody asks everybody for everything: what was placed and held stays within every limit."""
    for package_id in ("N1", "N2"):
        for contract_id in ALL:
            given = {"contract_ids": [contract_id], "reason": "Trying"}
            area.client.post(f"/v1/packages/{package_id}/offers", json=given)
    for _ in ("is heard", "is placed", "is placed where the first could not be"):
        for offer in area.client.get("/v1/offers", params={"response": "waiting"}).json()["items"]:
            if not area.try_answer(offer["offer_id"], "accepted").is_success:
                area.try_answer(offer["offer_id"], "withdrawn")
    state = area.state()
    assert not Usage.of(state.county, state.rules, state.entry).exceeded_on_entry()
    assert len(state.county.offers_in_force.accepted) == 2
    area.trail()
