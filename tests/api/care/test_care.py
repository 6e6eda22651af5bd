"""Care begins, is held, begins again and ends, only ever by a named person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

import orjson
import pytest

from api.offers.alerts import Occasion, alert
from optimiser.domain.records import Visit
from optimiser.io.exporting import snapshot_files
from tests.api.conftest import LOADER
from tests.api.desk import Desk, code_of, desk
from tests.making import days, framework, legacy, noon, offer, package, principal, snapshot


@pytest.fixture
def area(database_url: str) -> Iterator[Desk]:
    people = [
        package("N1", hours=5, priority="planned"),
        package("R1", hours=5, contract_id="L-DOCK", round_id=""),
        package("N2", hours=5, priority="planned"),
    ]
    contracts = [principal("ALDER"), framework("BRACKEN"), legacy("DOCK", max_hours_4w=Fraction(30))]
    offers = [offer("R1", "L-DOCK", "accepted")]  # how R1 came to DOCK, long ago
    with desk(database_url, snapshot(people, contracts, offers=offers)) as at:
        yield at


def test_care_starts_under_the_accepted_contract(area: Desk) -> None:
    assert code_of(area.try_act("N1", "start")) == (409, "not_in_this_state")
    area.answer(area.ask("N1")["P-ALDER"], "accepted")
    assert code_of(area.try_act("N1", "start", care_started=str(days(1)))) == (409, "not_in_this_state")
    area.says("N1", "ALDER")
    started = area.act("N1", "start")
    expected = {"package_id": "N1", "situation": "running", "contract_id": "P-ALDER", "held_until": None}
    assert started == expected | {"care_started": "2026-11-23"}
    assert area.act("N1", "start") == started
    assert code_of(area.try_act("N1", "start", care_started="2026-11-20")) == (409, "not_in_this_state")
    assert area.state().stock["packages"]["N1"].record.status == "active"


def test_a_stay_in_hospital_keeps_contract_and_hours_and_care_resumes(area: Desk) -> None:
    assert code_of(area.try_act("N1", "hold", held_until=str(days(7)))) == (409, "not_in_this_state")
    assert code_of(area.try_act("R1", "hold", held_until=str(days(0)))) == (409, "not_in_this_state")
    assert code_of(area.try_act("R1", "hold", held_until="soon")) == (422, "invalid_request")
    assert area.act("R1", "hold", held_until=str(days(7)))["situation"] == "on_hold"
    assert area.why_not("N2") == {"L-DOCK": ["contract_hours"]}
    assert code_of(area.try_act("R1", "start")) == (409, "not_in_this_state")
    resumed = area.act("R1", "restart", resumes=True)
    assert (resumed["situation"], resumed["contract_id"], resumed["held_until"]) == ("running", "L-DOCK", None)
    assert area.act("R1", "restart", resumes=True) == resumed


def test_a_restart_asks_its_previous_provider_first_and_the_hours_are_kept_for_it(area: Desk) -> None:
    assert code_of(area.try_act("R1", "restart")) == (409, "not_in_this_state")
    area.act("R1", "hold", held_until=str(days(7)))
    assert area.act("R1", "restart", start_by=str(days(2)))["situation"] == "waiting"
    assert area.act("R1", "restart")["situation"] == "waiting"
    assert area.why_not("N2") == {"L-DOCK": ["contract_hours"]}
    made = area.ask("R1")
    assert list(made) == ["L-DOCK"]
    assert area.why_not("N2") == {"L-DOCK": ["contract_hours"]}
    assert area.answer(made["L-DOCK"], "accepted")["step"] == "previous provider"
    area.says("R1", "DOCK")
    assert area.act("R1", "start")["contract_id"] == "L-DOCK"
    person = area.state().stock["packages"]["R1"].record
    assert (person.held_until, person.previous_contract_id) == (None, "")
    responses = [each.record.response for each in area.state().stock["offers"].values()]
    assert sorted(responses) == ["accepted", "withdrawn"]  # the agreement before the stay places nobody now


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_done_about_a_hold_that_ran_out_answers_its_alert(database_url: str) -> None:
    names = ("R1", "R2", "R3", "R4", "R5")
    people = [package(each, contract_id="L-DOCK", held_until=days(0)) for each in names]
    with desk(database_url, snapshot(people, [legacy("DOCK")])) as at:
        at.act("R1", "hold", held_until=str(days(7)))
        assert sorted(at.alerts()) == [("hold_ran_out", each) for each in names[1:]]
        at.act("R2", "restart", resumes=True)
        at.act("R3", "end", reason="Moved to a care home")
        at.act("R4", "restart", start_by=str(days(1)))
        assert sorted(at.alerts()) == [("hold_ran_out", "R4"), ("hold_ran_out", "R5")], "R4 waits, its hours kept no longer"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_end_answers_whatever_was_asked_for_the_care_and_not_what_letters_said(database_url: str) -> None:
    """N1's offer has run out; of R1 a letter said that it moves."""
    people = [package("N1", priority="urgent"), package("R1", contract_id="P-ALDER")]
    asked = offer("N1", "P-ALDER", offered_at=noon(-3))
    with desk(database_url, snapshot(people, [principal("ALDER")], offers=[asked])) as at:
        with at.store.change(LOADER) as change:
            alert(change, Occasion("move_is_off", "R1", "2026-11-20"))
        at.says("N1", "ALDER", "no")
        assert ("offer_expired", "N1") in at.alerts()
        for package_id in ("N1", "R1"):
            at.act(package_id, "end", reason="Moved to a care home")
        assert at.every_alert() == [("move_is_off", "R1")]


def test_care_ends_only_by_a_named_person_with_a_reason(area: Desk) -> None:
    for role in ("job", "viewer", "transition"):
        with area.served.client(role) as client:
            assert code_of(client.post("/v1/packages/R1/end", json={"reason": "Over"})) == (403, "forbidden")
    assert code_of(area.try_act("R1", "end")) == (422, "invalid_request")
    ended = area.act("R1", "end", reason="Moved to a care home")
    assert ended["situation"] == "ended"
    assert area.act("R1", "end", reason="Moved to a care home") == ended
    state = area.state()
    assert "R1" not in state.stock["packages"]
    assert not [each for each in state.stock["offers"].values() if each.record.package_id == "R1"]
    assert b"R1" not in b"".join(snapshot_files(state.snapshot).values())
    assert "L-DOCK" in area.order("N2")
    entry = next(each for each in area.trail() if each["action"] == "package.end")
    details = orjson.loads(entry["details"])
    assert entry["actor"].startswith("a planner (")
    assert (details["reason"], details["package"]["contract_id"]) == ("Moved to a care home", "L-DOCK")
    assert code_of(area.try_act("R9", "end", reason="Nobody")) == (404, "not_found")


def test_where_a_provider_ends_care_the_need_is_asked_about_and_asked_for_anew_in_the_same_act(area: Desk) -> None:
    """Care ended by the provider and nothing sought in its place: the Ombudsman has found councils at fault for it."""
    gave_notice = {"reason": "Gave notice", "ended_by": "provider"}
    assert code_of(area.try_act("R1", "end", **gave_notice)) == (422, "invalid_request")
    assert area.act("R1", "end", **gave_notice, need_remains=True, start_by=str(days(7)))["new_package_id"] == "R1-2"
    again = area.act("R1", "end", **gave_notice, need_remains=True)
    assert (again["situation"], again["new_package_id"]) == ("ended", "R1-2")
    asked = area.client.get("/v1/packages/R1-2").json()
    assert (asked["situation"], asked["hours_per_week"], asked["start_by"], asked["contract_id"]) == (
        "waiting",
        5,
        str(days(7)),
        None,
    )
    ended, added = (next(each for each in area.trail() if each["action"] == action) for action in ("package.end", "package.add"))
    told = [orjson.loads(each["details"]) for each in (ended, added)]
    assert (told[0]["new_package_id"], told[1]["instead_of"]) == ("R1-2", "R1")
    assert "R1-2" in {each["package_id"] for each in area.client.get("/v1/unmet").json()["items"]}


def test_the_visits_go_with_the_need_and_a_second_end_takes_the_next_id(database_url: str) -> None:
    visits = [Visit("V1", "R1", ("mon", "tue", "wed", "thu", "fri"), dt.time(7), dt.time(9), 60, 1)]
    county = snapshot([package("R1", hours=5, contract_id="P-ALDER")], [principal("ALDER")], visits=visits)
    with desk(database_url, county) as at:
        first = at.act("R1", "end", reason="Gave notice", ended_by="provider", need_remains=True)["new_package_id"]
        asked = at.client.get(f"/v1/packages/{first}").json()
        assert [(each["visit_id"], each["duration_minutes"]) for each in asked["visits"]] == [("R1-2-V1", 60)]
        assert code_of(at.try_act(first, "end", reason="Not yet", need_remains=True)) == (409, "not_in_this_state")
        assert at.act(first, "end", reason="No need any more", need_remains=False)["new_package_id"] is None
