"""Providers answer their own offers: what they read, what a yes does and does not do, and whose turn it is. Over HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from typing import Any

import httpx
import pytest

from tests.api.conftest import LOADER
from tests.api.databases import ON_SQLITE
from tests.api.desk import Desk, code_of, desk
from tests.making import days, framework, noon, offer, package, principal, provider, snapshot
from tests.making.weeks import visit

Json = dict[str, Any]
WEEK = ("mon", "tue", "wed", "thu", "fri")


class Market:
    """A planner's desk, and somebody at each provider."""

    def __init__(self, at: Desk, keep: ExitStack) -> None:
        self.at = at
        names = sorted(at.state().stock["providers"])
        self.of = {each: keep.enter_context(at.served.client_of(each, f"Sam at {each.capitalize()}")) for each in names}

    def offers(self, provider_id: str) -> list[Json]:
        answer = self.of[provider_id].get("/v1/own/offers")
        assert answer.is_success, answer.text
        items: list[Json] = answer.json()["items"]
        return items

    def try_say(self, provider_id: str, offer_id: str, answer: str, **given: Any) -> httpx.Response:
        return self.of[provider_id].post(f"/v1/own/offers/{offer_id}/answer", json={"answer": answer, **given})

    def say(self, provider_id: str, offer_id: str, answer: str, **given: Any) -> Json:
        said = self.try_say(provider_id, offer_id, answer, **given)
        assert said.is_success, said.text
        told: Json = said.json()
        return told

    def forward(self, package_id: str) -> list[str]:
        """The contracts whose yes is put forward."""
        found = self.at.client.get(f"/v1/packages/{package_id}/offers").json()["items"]
        return [each["contract_id"] for each in found if each["put_forward"]]


def on_the_list(market: Market, package_id: str) -> list[Json]:
    """The providers of somebody on the list of who waits."""
    (person,) = market.at.client.get("/v1/worklist", params={"package_id": package_id}).json()["items"]
    providers: list[Json] = person["providers"]
    return providers


@pytest.fixture
def market(database_url: str) -> Iterator[Market]:
    """N1 (standard) and U1 (urgent) wait, five hours a week each; the principal has no room."""
    people = [
        package("N1", hours=5, visits_per_week=10, priority="standard", start_by=days(14), skills=("medication",)),
        package("U1", hours=5, priority="urgent", start_by=days(1)),
    ]
    visits = [
        visit("N1-AM", "N1", days=WEEK, duration_minutes=45),
        visit("N1-PM", "N1", "19:00", "21:00", days=WEEK, duration_minutes=15),
    ]
    contracts = [framework("BRACKEN"), framework("CLOVER"), framework("DOCK"), principal("ALDER", max_hours_4w=Fraction(1))]
    able = [provider(name, skills=("medication",)) for name in ("ALDER", "BRACKEN", "CLOVER", "DOCK")]
    county = snapshot(people, contracts, providers=able, visits=visits)
    with desk(database_url, county) as at, ExitStack() as keep:
        yield Market(at, keep)


@ON_SQLITE
def test_a_provider_reads_its_own_offers_with_what_the_broadcast_says_and_no_place(market: Market) -> None:
    made = market.at.ask("N1")
    assert sorted(made) == ["F-BRACKEN", "F-CLOVER", "F-DOCK"]
    (mine,) = market.offers("CLOVER")
    assert (mine["offer_id"], mine["standing"], mine["place"]) == (made["F-CLOVER"], "open", None)
    said = market.at.client.get(f"/v1/offers/{made['F-CLOVER']}/broadcast").json()
    assert mine["care"] == {name: said[name] for name in said if name not in ("offer_id", "contract_id", "place")}
    assert mine["care"]["visits"] == [
        {"number": 1, "part_of_day": "morning", "minutes": 45, "times_a_week": 5, "workers": 1},
        {"number": 2, "part_of_day": "evening", "minutes": 15, "times_a_week": 5, "workers": 1},
    ]
    assert "N1" not in market.of["CLOVER"].get("/v1/own/offers").text  # not even the id of the person's record
    assert market.offers("ALDER") == []
    assert market.of["CLOVER"].get(f"/v1/own/offers/{made['F-CLOVER']}").json() == mine


@ON_SQLITE
def test_what_is_anothers_is_not_there(market: Market) -> None:
    made = market.at.ask("N1")
    for offer_id in (made["F-BRACKEN"], "none-such"):
        read = market.of["CLOVER"].get(f"/v1/own/offers/{offer_id}")
        said = market.try_say("CLOVER", offer_id, "yes")
        assert code_of(read) == code_of(said) == (404, "not_found")
        assert read.json()["detail"] == said.json()["detail"] == "There is no offer of this id."
    assert market.at.offers("N1") == dict.fromkeys(("F-BRACKEN", "F-CLOVER", "F-DOCK"))


def test_a_yes_holds_the_hours_and_a_planner_places(market: Market) -> None:
    """Standard care: CLOVER is awake first. Its yes waits for the others; then the first in the published order is placed."""
    at, made = market.at, market.at.ask("N1")
    first, second, third = (each for each in at.order("N1") if each in made)
    names = {each: each.removeprefix("F-") for each in made}
    told = market.say(names[third], made[third], "yes", message="From 8am")
    assert (told["standing"], told["place"], told["own_answer"]["message"]) == ("said_yes", None, "From 8am")
    assert market.forward("N1") == []
    assert [each["contract_id"] for each in on_the_list(market, "N1") if each["has_said_yes"]] == [third]
    assert not any(each["put_forward"] for each in on_the_list(market, "N1"))
    assert code_of(at.try_answer(made[third], "accepted")) == (409, "still_gathering")
    market.say(names[second], made[second], "yes")
    market.say(names[first], made[first], "no", reason="no_capacity")
    assert market.forward("N1") == [second]
    assert [each["contract_id"] for each in on_the_list(market, "N1") if each["put_forward"]] == [second]
    assert {each["answer_by"] for each in on_the_list(market, "N1")} == {None}, "a yes does not run out"
    assert ("yes_put_forward", "N1") in at.alerts()
    refused = at.try_answer(made[third], "accepted")
    assert (code_of(refused), refused.json()["contract_id"]) == ((409, "out_of_turn"), second)
    placed = at.answer(made[second], "accepted")
    assert ("yes_put_forward", "N1") not in at.alerts(), "whoever places has looked at it"
    assert (placed["answered_by"], placed["how"]) == (f"Sam at {names[second].capitalize()}", "portal")
    assert market.offers(names[second])[0]["standing"] == "accepted"
    assert market.offers(names[second])[0]["place"] is not None
    (closed,) = market.offers(names[third])
    assert (closed["standing"], closed["care"], closed["own_answer"]) == ("no_longer_needed", None, None)
    again = market.try_say(names[third], made[third], "yes")
    assert (code_of(again), again.json()["detail"]) == ((409, "offer_closed"), "This offer is no longer needed.")
    by = {each["action"]: each["actor"].partition(" (")[0] for each in at.trail()}
    assert by["offer.said_yes"] == f"Sam at {names[second].capitalize()}"
    assert by["offer.declined"] == f"Sam at {names[first].capitalize()}"


@ON_SQLITE
def test_the_person_may_prefer_another_who_said_yes(market: Market) -> None:
    at, made = market.at, market.at.ask("N1")
    last = [each for each in at.order("N1") if each in made][-1]
    for contract_id, offer_id in made.items():
        market.say(contract_id.removeprefix("F-"), offer_id, "yes")
    assert code_of(at.try_answer(made[last], "accepted")) == (409, "out_of_turn")
    placed = at.answer(made[last], "accepted", person_prefers="Knows two of its care workers")
    assert placed["response"] == "accepted"
    (entry,) = [each for each in at.trail() if each["action"] == "offer.accepted"]
    assert "Knows two of its care workers" in entry["details"]


@ON_SQLITE
def test_of_what_cannot_wait_the_first_yes_is_put_forward_at_once(market: Market) -> None:
    at, made = market.at, market.at.ask("U1")
    last = [each for each in at.order("U1") if each in made][-1]
    market.say(last.removeprefix("F-"), made[last], "yes")
    assert market.forward("U1") == [last]
    assert ("yes_put_forward", "U1") in at.alerts()
    assert at.answer(made[last], "accepted")["response"] == "accepted"


@ON_SQLITE
def test_of_what_cannot_wait_the_first_moment_counts_and_a_later_day_waits_for_others(market: Market) -> None:
    at, made = market.at, market.at.ask("U1")
    first, second, third = (each for each in at.order("U1") if each in made)
    names = {each: each.removeprefix("F-") for each in made}
    market.say(names[third], made[third], "later", from_day=days(2).isoformat())
    assert market.forward("U1") == [], "others may still begin in time"
    market.say(names[second], made[second], "yes")
    market.say(names[first], made[first], "yes")
    with at.store.change(LOADER) as change:  # an hour after the other, however fast this test is
        body = change.state.stock["offers"][made[first]].body
        said_at = dt.datetime.fromisoformat(body["said"]["said_at"]) + dt.timedelta(hours=1)
        change.put("offers", made[first], body | {"said": body["said"] | {"said_at": said_at.isoformat()}})
    assert market.forward("U1") == [second]


@ON_SQLITE
def test_offers_stand_in_the_order_in_which_they_are_to_be_looked_at(database_url: str) -> None:
    """A1 has a week to be answered, B1 two days; a yes comes after both; of closed ones the newest is first."""
    people = [package(each, priority="planned") for each in ("A1", "A2", "A3", "A4")]
    offers = [offer("A1", "P-ALDER"), offer("A2", "P-ALDER"), offer("B1", "P-ALDER")]
    offers += [
        offer(each, "P-ALDER", "declined", reason="too_far", offered_at=noon(day), responded_at=noon(-1))
        for each, day in (("A3", -3), ("A4", -2))
    ]
    county = snapshot([*people, package("B1", priority="discharge")], [principal("ALDER")], offers=offers)
    with desk(database_url, county, window_discharge_hours=48) as at, ExitStack() as keep:
        market = Market(at, keep)
        market.say("ALDER", "Q-A2-P-ALDER", "yes")
        assert [each["offer_id"].split("-")[1] for each in market.offers("ALDER")] == ["B1", "A1", "A2", "A4", "A3"]
        closed = market.of["ALDER"].get("/v1/own/offers", params={"standing": "said_no"}).json()["items"]
        assert [each["offer_id"].split("-")[1] for each in closed] == ["A4", "A3"]


@ON_SQLITE
def test_a_yes_is_one_for_all_of_a_bundle(database_url: str) -> None:
    people = [package(name, bundle_id="RUN") for name in ("B1", "B2")]
    with desk(database_url, snapshot(people, [principal("ALDER")])) as at, ExitStack() as keep:
        market = Market(at, keep)
        first, second = (each["offer_id"] for each in at.client.post("/v1/packages/B1/offers").json()["items"])
        market.say("ALDER", first, "yes")
        assert [at.client.get(f"/v1/offers/{each}").json()["said"]["answer"] for each in (first, second)] == ["yes", "yes"]


@ON_SQLITE
def test_a_later_day_comes_after_a_yes_in_time_and_a_part_after_both(market: Market) -> None:
    at, made = market.at, market.at.ask("N1")
    first, second, third = (each for each in at.order("N1") if each in made)
    names = {each: each.removeprefix("F-") for each in made}
    market.say(names[first], made[first], "part", visits=[2], message="Evenings alone")
    market.say(names[second], made[second], "later", from_day=days(21).isoformat())
    market.say(names[third], made[third], "yes")
    assert market.forward("N1") == [third]
    at.answer(made[third], "withdrawn")
    assert market.forward("N1") == [second]
    at.answer(made[second], "withdrawn")
    assert market.forward("N1") == [first]
    said = at.client.get(f"/v1/offers/{made[first]}").json()["said"]
    assert (said["answer"], said["visits"], said["message"]) == ("part", ["N1-PM"], "Evenings alone")
    assert market.offers(names[first])[0]["own_answer"]["visits"] == [2]
    # The planner divides by what was said: the evenings are the provider's, the rest waits for others.
    taken = {"visits": [{"visit_id": "N1-PM"}], "reason": "no_capacity"}
    assert at.client.post(f"/v1/offers/{made[first]}/part", json=taken).status_code == 201
    assert sorted(each["standing"] for each in market.offers(names[first])) == ["accepted", "said_no"]


@ON_SQLITE
def test_the_last_answer_counts_until_the_council_has_placed(market: Market) -> None:
    at, made = market.at, market.at.ask("N1")
    market.say("CLOVER", made["F-CLOVER"], "yes")
    entries = len(at.trail())
    market.say("CLOVER", made["F-CLOVER"], "yes")  # the same again is nothing
    assert len(at.trail()) == entries
    market.say("CLOVER", made["F-CLOVER"], "later", from_day=days(20).isoformat())
    told = market.say("CLOVER", made["F-CLOVER"], "no", reason="too_far")
    assert (told["standing"], told["care"]) == ("said_no", None)
    entries = len(at.trail())
    assert market.say("CLOVER", made["F-CLOVER"], "no", reason="too_far") == told  # so is the same no
    assert len(at.trail()) == entries
    assert told["own_answer"] | {"said_at": None} == {
        "answer": "no", "said_by": "Sam at Clover", "said_at": None, "reason": "too_far", "from_day": None, "visits": [],
        "days": {}, "message": None,
    }  # fmt: skip
    assert code_of(market.try_say("CLOVER", made["F-CLOVER"], "yes")) == (409, "offer_closed")


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"answer": "no"}, "invalid_request"),
        ({"answer": "yes", "reason": "too_far"}, "invalid_request"),
        ({"answer": "later"}, "invalid_request"),
        ({"answer": "part", "visits": [3]}, "no_such_visit"),
        ({"answer": "part", "message": "Weekends"}, "invalid_request"),
        ({"answer": "later", "from_day": days(14).isoformat()}, "not_later"),
    ],
)
def test_what_fits_no_answer_is_refused(market: Market, given: Json, code: str) -> None:
    made = market.at.ask("N1")
    refused = market.of["CLOVER"].post(f"/v1/own/offers/{made['F-CLOVER']}/answer", json=given)
    assert code_of(refused) == (422, code)
    assert market.offers("CLOVER")[0]["standing"] == "open"


@ON_SQLITE
def test_an_offer_with_a_yes_does_not_expire_and_one_without_does(database_url: str) -> None:
    """Asked on Friday at noon, today is Monday: the time for urgent care is over, that for planned care is not."""
    people = [package("N1", priority="urgent"), package("N2", priority="planned")]
    offers = [offer(each, "P-ALDER", offered_at=noon(-3)) for each in ("N1", "N2")]
    with desk(database_url, snapshot(people, [principal("ALDER")], offers=offers)) as at, ExitStack() as keep:
        market = Market(at, keep)
        late = market.try_say("ALDER", "Q-N1-P-ALDER", "yes")
        assert (code_of(late), late.json()["standing"]) == ((409, "offer_closed"), "time_over")
        market.say("ALDER", "Q-N2-P-ALDER", "yes")
        with at.store.change(LOADER) as change:  # the time to answer passes
            body = change.state.stock["offers"]["Q-N2-P-ALDER"].body
            change.put("offers", "Q-N2-P-ALDER", body | {"expires_at": "2026-11-20T14:00:00+00:00"})
        assert [each["standing"] for each in market.offers("ALDER")] == ["said_yes", "time_over"]
        assert market.forward("N2") == ["P-ALDER"]
        assert at.answer("Q-N2-P-ALDER", "accepted")["response"] == "accepted"


@ON_SQLITE
def test_a_part_is_not_heard_where_no_planner_could_take_it_up(database_url: str) -> None:
    """Of a bundle; one provider's answer about a person would stand in another person's offer."""
    people = [package(name, hours=5, visits_per_week=5, bundle_id="RUN") for name in ("B1", "B2")]
    visits = [visit(f"{name}-AM", name, days=WEEK, duration_minutes=60) for name in ("B1", "B2")]
    county = snapshot(people, [framework("BRACKEN"), principal("ALDER", max_hours_4w=Fraction(1))], visits=visits)
    with desk(database_url, county) as at, ExitStack() as keep:
        market = Market(at, keep)
        first, second = (each["offer_id"] for each in at.client.post("/v1/packages/B1/offers").json()["items"])
        refused = market.try_say("BRACKEN", first, "part", visits=[1], message="Mornings")
        assert code_of(refused) == (409, "not_in_this_state")
        assert all(at.client.get(f"/v1/offers/{each}").json()["said"] is None for each in (first, second))


@ON_SQLITE
def test_an_acceptance_that_waits_for_others_of_its_step_is_a_yes_and_is_not_taken_back(database_url: str) -> None:
    asked = offer("N2", "P-ALDER", offered_at=noon(-3))
    county = snapshot([package("N2", priority="planned")], [principal("ALDER")], offers=[asked])
    with desk(database_url, county) as at, ExitStack() as keep:
        market, name = Market(at, keep), "Q-N2-P-ALDER"
        with at.store.change(LOADER) as change:
            step = {"run_id": "R1", "run_step": 1, "run_step_offers": 2, "agreed_at": "2026-11-22T10:00:00"}
            change.put("offers", name, change.state.stock["offers"][name].body | step)
        (mine,) = market.offers("ALDER")
        assert (mine["standing"], mine["place"]) == ("said_yes", None)
        assert (mine["own_answer"]["answer"], mine["own_answer"]["said_at"]) == ("yes", "2026-11-22T10:00:00")
        refused = market.try_say("ALDER", name, "no", reason="too_far")
        assert code_of(refused) == (409, "offer_closed")
        assert at.client.get(f"/v1/offers/{name}").json()["agreed_at"] is not None


@ON_SQLITE
def test_dividing_somebodys_care_changes_no_district_of_anybody_else(database_url: str) -> None:
    """Four people share a place; a divided one is still one person, so that the quarter stays untold."""
    people = [package(f"N{number}", hours=5, visits_per_week=10) for number in range(1, 5)]
    visits = [visit("N1-AM", "N1", days=WEEK, duration_minutes=45), visit("N1-PM", "N1", "19:00", "21:00", days=WEEK)]
    contracts = [framework("BRACKEN"), framework("CLOVER"), principal("ALDER", max_hours_4w=Fraction(1))]
    with desk(database_url, snapshot(people, contracts, visits=visits)) as at, ExitStack() as keep:
        market = Market(at, keep)
        one, other = at.ask("N1")["F-BRACKEN"], at.ask("N2")["F-CLOVER"]
        before = market.of["CLOVER"].get(f"/v1/own/offers/{other}").json()
        market.say("BRACKEN", one, "part", visits=[2])
        taken = {"visits": [{"visit_id": "N1-PM"}], "reason": "no_capacity", "person_prefers": "the person said so"}
        assert at.client.post(f"/v1/offers/{one}/part", json=taken).status_code == 201
        assert market.of["CLOVER"].get(f"/v1/own/offers/{other}").json() == before


@ON_SQLITE
def test_its_care_and_the_hours_of_its_contract(database_url: str) -> None:
    """R1 (10 hours a week) runs, H1 (5) is kept during a stay in hospital, N1 (6) is placed, N2 (7) asked for, N3 declined."""
    people = [
        package("R1", contract_id="P-ALDER", hours=10),
        package("H1", contract_id="P-ALDER", hours=5, held_until=days(7)),
        package("R2", contract_id="F-BRACKEN", hours=9),
        package("N1", hours=6),
        package("N2", hours=7),
        package("N3", hours=8),
    ]
    offers = [offer("N1", "P-ALDER", "accepted"), offer("N2", "P-ALDER"), offer("N3", "P-ALDER", "declined", reason="too_far")]
    county = snapshot(people, [principal("ALDER"), framework("BRACKEN")], offers=offers)
    with desk(database_url, county, window_standard_hours=80) as at, ExitStack() as keep:
        market = Market(at, keep)
        care = market.of["ALDER"].get("/v1/own/care").json()["items"]
        assert {each["package_id"]: each["standing"] for each in care} == {"H1": "on_hold", "N1": "to_begin", "R1": "running"}
        (contract,) = market.of["ALDER"].get("/v1/own/contracts").json()["contracts"]
        hours = ("people", "running_hours_4w", "to_begin_hours_4w", "held_hours_4w")
        assert [contract[each] for each in hours] == [2, 60.0, 24.0, 28.0]
