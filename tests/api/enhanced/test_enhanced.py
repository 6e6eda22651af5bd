"""Enhanced home support over HTTP: its clock asks, is answered by name, is alerted, and decides nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest

from api.acts.act import Caller
from api.clock import Clock
from api.enhanced.onward import onward_of
from api.forgetting.acts import forget
from api.offers.acts import let_lapse
from api.offers.lapsing import THE_CLOCK
from api.service import Service
from api.state.store import Store
from api.storage.audit import Actor
from optimiser.domain.policy import Policy
from optimiser.domain.records import Visit
from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.judging.enhanced_support import SUPPORT_KINDS
from tests.api.desk import Desk, Json, code_of, desk
from tests.api.forgetting.test_forgetting import everything
from tests.api.runs.working import calling
from tests.making import AS_OF, days, package, principal, snapshot, specialist

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ENHANCED: Json = {"contract_id": "S-DOCK", "service": "enhanced_home_support", "priority": "discharge"}


def ago(hours: float) -> dt.datetime:
    """So many hours before now, on the wall clock; no clock changes in November."""
    return Clock(AS_OF).now() - dt.timedelta(hours=hours)


def begun(package_id: str, since_hours: float, **given: Any) -> Any:
    at = ago(since_hours)
    return package(package_id, **{**ENHANCED, "first_visit_at": at, "care_started": at.date(), **given})


def county() -> Snapshot:
    """In A1 E1 since 25 hours, with an hour each morning, E2 since 67, E3 since 80, E4 since midnight; in A2 others."""
    elsewhere = {"area_id": "A2"}
    people = [
        begun("E1", 25, hours=7, visits_per_week=7, if_missed="red", excluded_provider_ids=("BRACKEN",)),
        begun("E2", 67),
        begun("E3", 80),
        package("E4", **ENHANCED, care_started=days(0)),
        begun("E5", 67, **elsewhere),
        *(begun(each, 80, **elsewhere) for each in ("E6", "E7")),
        *(begun(each, 25, **elsewhere) for each in ("E8", "E9")),
        package("R1", contract_id="P-ALDER"),
        package("F1", **{**ENHANCED, **elsewhere}, care_started=days(-1)),
        begun("F2", 80, **elsewhere),
    ]
    visits = [Visit("V1", "E1", EVERY_DAY, dt.time(7), dt.time(9), 60, 1)]
    contracts = [principal("ALDER"), principal("BRACKEN", area_id="A2"), specialist("DOCK", service="enhanced_home_support")]
    lines = {
        kind: OwnColumns(("our_line",), {name: {"our_line": "70381"}}) for kind, name in (("packages", "E1"), ("visits", "V1"))
    }
    return replace(snapshot(people, contracts, visits=visits), extra=lines)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all: each test is about people of its own."""
    with desk(f"sqlite:///{tmp_path_factory.mktemp('enhanced') / 'county.db'}", county()) as made:
        yield made


def read(at: Desk, package_id: str) -> Json:
    answer: Json = at.client.get(f"/v1/packages/{package_id}/enhanced").json()
    return answer


def say(at: Desk | httpx.Client, package_id: str, **given: Any) -> httpx.Response:
    client = at.client if isinstance(at, Desk) else at
    return client.post(f"/v1/packages/{package_id}/enhanced/answer", json=given)


def ticked(at: Desk) -> bool:
    return let_lapse(Caller(Service.of(at.served.settings, at.store), THE_CLOCK))


def of_support(at: Desk) -> list[tuple[str, str]]:
    return sorted(each for each in at.every_alert() if each[0] in SUPPORT_KINDS)


def test_the_list_shows_the_clock_of_each_the_furthest_gone_first(at: Desk) -> None:
    items = at.client.get("/v1/enhanced?area_id=A1").json()["items"]
    assert [(each["package_id"], each["runs_on"], each["question_open"]) for each in items] == [
        ("E3", True, True),
        ("E2", False, True),
        ("E1", False, True),
        ("E4", False, False),
    ]
    first = ago(25)
    told = next(each for each in items if each["package_id"] == "E1")
    shown = [dt.datetime.fromisoformat(each) - first for each in (*told["asks_at"], told["alerts_at"], told["ends_at"])]
    assert [round(each.total_seconds() / 3600) for each in shown] == [24, 48, 66, 72]
    assert (told["provider_id"], told["is_first_visit"], told["onward_package_id"]) == ("DOCK", True, None)
    assert items[0]["wrong"][0]["sentence"].endswith("what runs on since is not decided.")
    assert items[3]["began_at"] == f"{AS_OF}T00:00:00"
    one_page = at.client.get("/v1/enhanced", params={"limit": 1, "area_id": "A1"}).json()
    rest = at.client.get("/v1/enhanced", params={"cursor": one_page["next_cursor"], "area_id": "A1"}).json()["items"]
    assert [each["package_id"] for each in (*one_page["items"], *rest)] == ["E3", "E2", "E1", "E4"]
    for query, found in (("runs_on=true", ["E3"]), ("question_open=true", ["E3", "E2", "E1"])):
        assert [each["package_id"] for each in at.client.get(f"/v1/enhanced?area_id=A1&{query}").json()["items"]] == found


def test_each_stage_is_alerted_once_and_nothing_ends(at: Desk) -> None:
    ticked(at)
    assert not ticked(at)
    expected = [
        ("care_still_needed", "E1"),
        ("care_still_needed", "E2"),
        ("care_still_needed", "E3"),
        ("support_ends_soon", "E2"),
        ("support_runs_on", "E3"),
    ]
    assert [each for each in of_support(at) if each[1] < "E5"] == expected
    kinds = [kind for kind, _ in at.every_alert()]
    ends, asks = ([at for at, kind in enumerate(kinds) if kind.startswith(start)] for start in ("support", "care_still"))
    assert max(ends) < min(asks), "whoever may soon be without care stands before the questions"
    assert all(at.state().stock["packages"][each].record.status == "active" for each in ("E1", "E2", "E3"))


def test_confirming_the_draft_opens_an_ordinary_request_in_the_same_act(database_url: str) -> None:
    with desk(database_url, county()) as at:
        confirmed(at)


def confirmed(at: Desk) -> None:
    ticked(at)
    draft = read(at, "E1")["draft"]
    ends = (ago(25) + dt.timedelta(hours=72)).date()
    assert (draft["hours_per_week"], draft["if_missed"], draft["excluded_provider_ids"], draft["start_by"]) == (
        7,
        "red",
        ["BRACKEN"],
        str(ends),
    )
    assert [each["duration_minutes"] for each in draft["visits"]] == [60]
    answer = say(at, "E1", needed=True, onward="confirm", priority="urgent", why="Cannot yet wash alone")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["onward_package_id"], told["onward_situation"], told["draft"]) == ("E1-2", "waiting", None)
    assert (told["question_open"], told["answers"][0]["said_by"][:9]) == (False, "a planner")
    asked = at.client.get("/v1/packages/E1-2").json()
    assert (asked["service"], asked["status"], asked["priority"], asked["start_by"]) == (None, "new", "urgent", str(ends))
    assert (asked["first_visit_at"], asked["contract_id"], asked["care_started"]) == (None, None, None)
    assert at.client.get("/v1/packages/E1").json()["extra"] == {"our_line": "70381"}
    assert (asked["extra"], [each["extra"] for each in asked["visits"]]) == ({}, [{}]), "the line in the accounts is another's"
    assert [(each["visit_id"], each["latest_start"]) for each in asked["visits"]] == [("E1-2-V1", "09:00:00")]
    assert at.client.get("/v1/packages/E1").json()["situation"] == "running", "the support goes on: no run and no answer ends it"
    assert ("care_still_needed", "E1") not in at.every_alert()
    assert ("no_plan", "E1-2") in at.every_alert(), "whoever waits needs a plan, as everybody"
    assert onward_of(at.state()) == {"E1-2": "E1"}, "one person, with one number in a night's report"
    assert at.order("E1-2") == ["P-ALDER"], "home care, as all others ask for it"
    again = say(at, "E1", needed=True, onward="confirm")
    assert code_of(again) == (409, "not_in_this_state")
    assert say(at, "E1", needed=True).is_success, "a request is there: nothing more to confirm"
    added = [each for each in at.trail() if each["action"] in ("enhanced.answer", "package.add")]
    assert [(each["action"], each["subject"]) for each in added] == [
        ("package.add", "E1-2"), ("enhanced.answer", "E1"), ("enhanced.answer", "E1"),
    ]  # fmt: skip
    assert orjson.loads(added[0]["details"])["onward_of"] == "E1"


def test_dropping_the_draft_records_why_and_it_can_still_be_confirmed(at: Desk) -> None:
    ticked(at)
    assert code_of(say(at, "E5", needed=True, onward="drop")) == (422, "invalid_request")
    assert code_of(say(at, "E5", needed=False)) == (422, "invalid_request")
    assert code_of(say(at, "E5", needed=False, onward="confirm", why="no")) == (422, "invalid_request")
    assert code_of(say(at, "E5", needed=False, why="Well again", priority="urgent")) == (422, "invalid_request")
    assert code_of(say(at, "E5", needed=True)) == (422, "refused")
    told = say(at, "E5", needed=False, onward="drop", why="Her daughter comes from tomorrow").json()
    assert (told["answers"][0]["why"], told["onward_package_id"]) == ("Her daughter comes from tomorrow", None)
    assert told["draft"] is not None
    assert [each for each in of_support(at) if each[1] == "E5"] == [("support_ends_soon", "E5")], "whatever was answered"
    assert say(at, "E5", needed=True, onward="confirm", start_by=str(days(2))).json()["onward_package_id"] == "E5-2"
    assert at.client.get("/v1/packages/E5-2").json()["start_by"] == str(days(2))


def test_what_runs_on_is_asked_for_from_today_and_its_end_looks_at_its_alerts(at: Desk) -> None:
    ticked(at)
    assert read(at, "E6")["draft"]["start_by"] == str(AS_OF)
    at.act("E6", "end", reason="Her own carers are back")
    assert not [each for each in of_support(at) if each[1] == "E6"]
    assert code_of(at.client.get("/v1/packages/E6/enhanced")) == (404, "not_found")
    assert code_of(at.client.get("/v1/packages/R1/enhanced")) == (409, "not_in_this_state")


def test_nothing_says_that_a_charge_is_due_until_both_are_recorded_and_then_a_person_decides(at: Desk) -> None:
    charge = "/v1/packages/E7/enhanced/charge"
    assert read(at, "E7")["charge"] == "Nothing says that a charge is due: no notice and no financial assessment is recorded."
    notice = {"what": "notice", "on": str(days(-1)), "by": "Community finance desk"}
    with at.served.client("finance") as finance:
        told = finance.post(charge, json=notice).json()
        assert sorted(told) == ["financial_assessment", "notice", "package_id", "sentence"], "and nothing else of the person"
        assert told["sentence"] == "Nothing says that a charge is due: no financial assessment is recorded."
        assert (told["notice"]["by"], told["notice"]["recorded_by"][:9]) == ("Community finance desk", "a finance")
        assert code_of(finance.get("/v1/packages/E7/enhanced")) == (403, "forbidden")
        assert code_of(finance.post(charge, json={**notice, "on": str(days(1))})) == (422, "refused")
        assert finance.post(charge, json={**notice, "what": "financial_assessment"}).is_success
    told = read(at, "E7")
    assert told["charge"].endswith("Whether anything is charged is a person's decision, not made here.")
    assert (told["notice"]["on"], told["financial_assessment"]["on"]) == (str(days(-1)), str(days(-1)))
    assert "due" not in told["charge"]


def test_who_may_answer_and_who_may_not(at: Desk) -> None:
    for role in ("transition", "finance"):
        with at.served.client(role) as client:
            assert code_of(say(client, "E8", needed=False, why="no")) == (403, "forbidden")
    with at.served.client("social_work") as client:
        assert say(client, "E8", needed=True, onward="confirm").is_success


def test_a_first_visit_that_is_confirmed_closes_what_was_asked_too_soon_and_asks_in_its_place(at: Desk) -> None:
    """F1 counts from midnight of yesterday, and is asked; in truth it began an hour ago, or a second after that midnight."""
    ticked(at)
    assert ("care_still_needed", "F1") in of_support(at)
    for began_at, asked in ((ago(1), []), (dt.datetime.combine(days(-1), dt.time(0, 0, 1)), [("care_still_needed", "F1")])):
        given = {"first_visit_at": began_at.isoformat(timespec="seconds"), "said_by": "Dock, duty"}
        answer = at.client.post("/v1/packages/F1/first-visit", json=given)
        assert answer.is_success, answer.text
        assert [each for each in of_support(at) if each[1] == "F1"] == asked


def test_support_that_is_asked_for_anew_after_a_stay_in_hospital_is_alerted_about_no_more(at: Desk) -> None:
    ticked(at)
    assert [each for each in of_support(at) if each[1] == "F2"]
    at.act("F2", "hold", held_until=str(days(2)))
    at.act("F2", "restart", start_by=str(days(1)))
    assert [each for each in of_support(at) if each[1] == "F2"] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_move_begins_nobodys_72_hours_anew(database_url: str) -> None:
    """E1 has a first visit on record; E2 none: its clock counts from the start of the day before."""
    free: Json = {"transfer_decision": "suitable"}
    people = [begun("E1", 50, **free), package("E2", **ENHANCED, care_started=days(-1), **free)]
    contracts = [specialist(each, service="enhanced_home_support") for each in ("DOCK", "ELDER")]
    free_to_move = replace(snapshot(people, contracts), policy=Policy(rest_days=0))
    with desk(database_url, free_to_move) as at:
        before = {each: read(at, each)["ends_at"] for each in ("E1", "E2")}
        for package_id in ("E1", "E2"):
            move = {"contract_ids": ["S-ELDER"], "reason": "Dock cannot go on", "decision_reference": "SW-7"}
            at.answer(at.ask(package_id, **move)["S-ELDER"], "accepted")
        assert {each: read(at, each)["ends_at"] for each in before} == before
        told = at.client.post(
            "/v1/packages/E1/first-visit", json={"first_visit_at": Clock(AS_OF).now().isoformat(), "said_by": "Elder, duty"}
        )
        assert told.is_success, told.text
        at.act("E2", "hold", held_until=str(days(1)))
        at.act("E2", "restart", resumes=True)
        again = {"first_visit_at": Clock(AS_OF).now().isoformat(), "said_by": "Elder, duty"}
        assert at.client.post("/v1/packages/E2/first-visit", json=again).is_success
        assert {each: read(at, each)["ends_at"] for each in before} == before


def test_all_that_was_said_is_forgotten_with_the_person_and_found_by_their_id(at: Desk) -> None:
    say(at, "E9", needed=False, onward="drop", why="a word that one record alone holds")
    with at.served.client("admin") as admin:
        entries = admin.get("/v1/audit", params={"subject": "E9"}).json()["items"]
    assert "enhanced.answer" in [each["action"] for each in entries]
    at.act("E9", "end", reason="Well again")
    forget(calling(Store(at.store.engine, at.store.clock), Actor("Ada Admin", "admin")), ["E9"])
    held = everything(at.store)
    assert "a word that one record alone holds" not in held
    assert "'E9'" not in held
