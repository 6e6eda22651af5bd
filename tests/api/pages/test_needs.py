"""New requests and changed needs, through their forms: what would come of it is told first, and what was told is written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from api.pages.filled_form import FilledForm
from api.pages.people.changed_needs import consequences
from api.pages.people.history_board import DEEDS, lines_of
from api.pages.people.needs_form import needs_of, rows_of
from api.pages.people.new_request import READABLE, new_id, preview_in_words
from api.state.store import Store
from tests.api.conftest import LOADER, Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import Browser, Read, holds_for_every_page
from tests.api.pages.test_step_deeds import forms_of, sent

Fields = dict[str, str | list[str]]
NOW = dt.datetime(2026, 11, 23, 10, 20)
PLACE = {"latitude": "52.654433", "longitude": "0.80756", "priority": "standard", "workers": "1"}


@pytest.fixture
def ada(served: Served, store: Store) -> Iterator[Browser]:
    browser = Browser(served)
    assert not store.is_empty()
    with browser.client:
        yield browser.signed_in(served.key("planner"))


def shown(browser: Browser, address: str, fields: Mapping[str, str | list[str]], status: int = 200) -> Read:
    """The page that answers a form."""
    answer = browser.post(address, fields)
    assert answer.status_code == status, answer.text
    page = Read(answer)
    holds_for_every_page(page, answer)
    return page


def hidden_again(page: Read, ending: str) -> Fields:
    """The fields that a page sends again, each as often as it stands there."""
    found: dict[str, list[str]] = {}
    inside = False
    for tag, each in page.elements:
        inside = each["action"].endswith(ending) if tag == "form" else inside
        if tag == "input" and inside:
            found.setdefault(each["name"], []).append(each["value"])
    return {**found}


def as_it_stands(page: Read, ending: str) -> Fields:
    """What a browser sends of a form that nobody has touched."""
    found: dict[str, list[str]] = {}
    inside, chooses = False, ""
    for tag, each in page.elements:
        inside = each["action"].endswith(ending) if tag == "form" else inside
        if not inside:
            continue
        if tag == "select":
            chooses = each["name"]
        if tag == "option" and "selected" in each:
            found[chooses] = [each["value"]]
        if tag == "input" and (each.get("type") not in ("checkbox", "radio") or "checked" in each):
            found.setdefault(each["name"], []).append(each.get("value", ""))
    return {**found}


@ON_SQLITE
def test_a_new_request_is_told_about_before_it_is_saved_and_saved_once(ada: Browser, served: Served) -> None:
    page = ada.read("/new-request")
    package_id = forms_of(page)["/new-request"]["package_id"]
    wrong = shown(ada, "/new-request", {"package_id": package_id}, 422)
    assert wrong.said("title")[0].startswith("Error: ")
    for said in ("Enter a postcode, or latitude and longitude", "Choose a priority"):
        assert said in wrong.words
    visit: Fields = {"v1-days": ["sat", "sun"], "v1-earliest": "8:00", "v1-latest": "9:30am", "v1-minutes": "45"}
    tried = shown(ada, "/new-request", {"package_id": package_id, **PLACE, **visit, "skills": ["medication"]})
    assert tried.said("h1") == ["What the rules say"]
    facts = dict(zip(tried.said("dt"), tried.said("dd"), strict=True))
    assert (facts["Area"], facts["Care"]) == ("Larkmere and Villages", "1.5 hours a week")
    assert "The next step would ask principal Alder Home Care." in tried.words
    again = hidden_again(tried, "/new-request")
    with served.client("planner") as program:
        assert program.get(f"/v1/packages/{package_id}").status_code == 404, "nothing is written yet"
        for _ in range(2):  # pressed twice
            assert ada.post("/new-request", again).headers["location"] == f"/people/{package_id}?done=added"
        written = program.get(f"/v1/packages/{package_id}").json()
        assert (written["hours_per_week"], written["visits_per_week"], written["skills"]) == (1.5, 2, ["medication"])
        assert written["visits"][0]["days"] == ["sat", "sun"] and written["requested_at"]
    assert ada.read(f"/people/{package_id}?done=added").said("h2")[1] == "Next: ask principal Alder Home Care"
    with_postcode = shown(ada, "/new-request", {**PLACE, **visit, "latitude": "", "longitude": "", "postcode": "NR1 2DH"}, 422)
    assert "Nr1 2dh" not in with_postcode.words


@ON_SQLITE
def test_changed_needs_say_what_lapses_and_a_second_planner_is_told(ada: Browser, served: Served) -> None:
    with served.client("planner") as program:
        made = program.post("/v1/packages/N2/offers").json()["items"]
        no = {"response": "declined", "reason": "cannot_meet_need"}
        assert program.patch(f"/v1/offers/{made[0]['offer_id']}", json=no).status_code == 200
        page = ada.read("/people/N2/needs")
        hidden = forms_of(page)["/people/N2/needs"]
        days = [each["value"] for each in page.all("input") if each.get("name") == "v1-days" and "checked" in each]
        filled: Fields = {
            **hidden,
            "priority": "urgent",
            "workers": "1",
            "skills": ["medication", "dementia"],
        }
        if days:
            cells = {each["name"]: each["value"] for each in page.all("input") if each.get("name", "").startswith("v1-")}
            filled |= {**cells, "v1-days": days}
        else:
            filled |= {"hours_per_week": "7", "visits_per_week": "14"}
        told = shown(ada, "/people/N2/needs", filled)
        assert "The no of Alder Home Care of 23 November 2026 would stand no more" in told.words
        assert "medication" not in program.get("/v1/packages/N2").json()["skills"]
        again = hidden_again(told, "/needs")
        assert ada.post("/people/N2/needs", again).headers["location"] == "/people/N2?done=changed"
        assert program.get("/v1/packages/N2").json()["skills"] == ["dementia", "medication"]
    late = shown(ada, "/people/N2/needs", again | {"priority": ["planned"], "skills": ["medication"]}, 409)
    assert "Something has changed since you opened this page." in late.words
    now = as_it_stands(late, "/needs")
    assert (now["priority"], now["skills"]) == (["urgent"], ["dementia", "medication"]), "how it stands now, as the page says"


@ON_SQLITE
def test_a_form_of_needs_that_is_sent_as_it_was_changes_nothing(ada: Browser, served: Served) -> None:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    times = {"latest_start": "21:00", "duration_minutes": 15, "workers": 1}
    visits: list[dict[str, Any]] = [
        {"visit_id": f"N9-{number:02}", "days": [days[number % 7]], "earliest_start": f"{7 + number // 7:02}:00", **times}
        for number in range(45)
    ]
    visits[0] |= {"needs": ["medication", "getting_up"]}
    visits[44] |= {"days": ["mon", "tue"], "workers": 2}
    request: dict[str, Any] = {"package_id": "N9", "latitude": 52.654433, "longitude": 0.80756, "workers": 2}
    request |= {"hours_per_week": 12, "visits_per_week": 46, "priority": "standard", "visits": visits}
    request |= {"preferred_provider_ids": ["BRACKEN", "CLOVER"], "worker_languages": ["British Sign Language", "polish"]}
    with served.client("planner") as program:
        answer = program.post("/v1/packages", json=request)
        assert answer.status_code == 201, answer.text
        before = program.get("/v1/packages/N9").json()
        page = ada.read("/people/N9/needs")
        told = shown(ada, "/people/N9/needs", as_it_stands(page, "/needs"))
        assert ada.post("/people/N9/needs", hidden_again(told, "/needs")).headers["location"] == "/people/N9?done=changed"
        assert program.get("/v1/packages/N9").json() == before
        without = as_it_stands(page, "/needs") | {"seen": "*", "also_preferred": []}
        told = shown(ada, "/people/N9/needs", without)
        assert ada.post("/people/N9/needs", hidden_again(told, "/needs")).status_code == 303
        assert program.get("/v1/packages/N9").json()["preferred_provider_ids"] == ["BRACKEN"]


@ON_SQLITE
def test_care_is_divided_by_days_and_the_rest_goes_on_waiting(ada: Browser, served: Served) -> None:
    request: dict[str, Any] = {
        "package_id": "N9",
        "latitude": 52.654433,
        "longitude": 0.80756,
        "hours_per_week": 7,
        "visits_per_week": 7,
    }
    visit: dict[str, Any] = {
        "visit_id": "N9-AM",
        "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "earliest_start": "07:00",
    }
    visit |= {"latest_start": "09:00", "duration_minutes": 60, "workers": 1}
    with served.client("planner") as program:
        asked = request | {"workers": 1, "priority": "standard", "visits": [visit]}
        assert program.post("/v1/packages", json=asked).status_code == 201
        page = ada.read("/people/N9/divide")
        hidden: Fields = dict(forms_of(page)["/people/N9/divide"])
        nothing = shown(ada, "/people/N9/divide", hidden, 422)
        assert "Tick the visits, by their days" in nothing.words
        for _ in range(2):
            answer = ada.post("/people/N9/divide", hidden | {"v1-days": ["sat", "sun"]})
            assert answer.headers["location"] == "/people/N9?done=divided"
        assert program.get("/v1/packages/N9").json()["hours_per_week"] == 5
        parts = program.get("/v1/packages?id_starts_with=n9-").json()["items"]
        assert [(each["hours_per_week"], each["part_of"]) for each in parts] == [(2, "N9")]
        made = {each["contract_id"]: each["offer_id"] for each in program.post("/v1/packages/N9/offers").json()["items"]}
        offer_id = next(iter(made.values()))
        with served.service.store.change(LOADER) as change:  # their time is over, and the first of them answers all the same
            for each in made.values():
                body = change.state.stock["offers"][each].body
                change.put("offers", each, body | {"response": "expired", "responded_at": body["offered_at"]})
        assert "takes some visits alone, late" in ada.read("/people/N9").words
        part = ada.read(f"/people/N9/offers/{offer_id}/part")
        own: Fields = dict(next(each for address, each in forms_of(part).items() if address.endswith("/part")))
        unsaid = shown(ada, f"/people/N9/offers/{offer_id}/part", own | {"v1-days": ["mon"]}, 422)
        assert "Say why it does not take the rest" in unsaid.words
        yes = own | {"v1-days": ["mon"], "reason": "no_capacity"}
        assert ada.post(f"/people/N9/offers/{offer_id}/part", yes).status_code == 303
        assert program.get("/v1/packages/N9").json()["hours_per_week"] == 4
        late = program.get(f"/v1/offers/{offer_id}").json()
        assert (late["response"], late["late_after"]) == ("declined", late["offered_at"]), "to the rest a late no"


@ON_SQLITE
def test_who_is_working_on_it_the_message_and_the_history(ada: Browser, served: Served) -> None:
    page = sent(ada, ada.read("/people/N4"), "/working", {})
    assert "You are working on this, since" in page.words
    bo = Browser(served)
    with bo.client:
        other = bo.signed_in(served.key("admin")).read("/people/N4")
        assert "a planner is working on this, since" in other.words
        assert "I am working on this instead" in other.said("button")
    page = sent(ada, page, "/not-working", {})
    page = sent(ada, page, "/ask", {})
    message = ada.read(next(each["href"] for each in page.all("a") if each["href"].endswith("/message")))
    assert "Nothing" not in message.words and "no name, no address" in message.words
    assert "Place" not in message.said("dt")
    rows = ada.read("/people/N4/history").rows[1:]
    assert sorted(row[1] for row in rows[:2]) == [
        "What A provider was asked Bracken Home Care; step: framework",
        "What A provider was asked Clover Home Care; step: framework",
    ]
    assert [row[1] for row in rows][2:] == ["What Somebody stopped working on it", "What Somebody began to work on it"]
    seen = forms_of(ada.read("/people/N4"))["/people/N4/end"]
    ended = ada.post("/people/N4/end", seen | {"reason": "The family cares for her after all"})
    assert ended.headers["location"] == "/waiting?done=ended"


def filled(**given: str | list[str]) -> FilledForm:
    entered = {name.replace("_", "-", 1) if name.startswith("v1") else name: value for name, value in given.items()}
    return FilledForm({name: [value] if isinstance(value, str) else value for name, value in entered.items()}, is_sent=True)


def test_hours_follow_from_visits_and_two_care_workers_count_twice() -> None:
    form = filled(
        priority="urgent", v1_days=["mon", "tue"], v1_earliest="7:00", v1_latest="9.30", v1_minutes="45", v1_workers="2"
    )
    told, faults = needs_of(form)
    assert not faults and (told["hours_per_week"], told["visits_per_week"], told["workers"]) == (3.0, 2, 2)
    assert (told["visits"][0]["earliest_start"], told["visits"][0]["latest_start"]) == ("07:00", "09:30")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"v1_earliest": "8:00"}, "v1-days"),
        ({"v1_days": ["mon"], "v1_earliest": "soon", "v1_latest": "9:00", "v1_minutes": "30"}, "v1-earliest"),
        ({"v1_days": ["mon"], "v1_earliest": "8:00", "v1_latest": "9:00", "v1_minutes": "half"}, "v1-earliest"),
        ({"hours_per_week": "many", "visits_per_week": "7"}, "hours_per_week"),
        ({"hours_per_week": "7", "visits_per_week": "7.5"}, "visits_per_week"),
        ({"start_by-day": "31", "start_by-month": "11", "start_by-year": "2026"}, "start_by"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(given: Fields, field: str) -> None:
    assert field in needs_of(filled(priority="urgent", **given))[1]


def test_a_visit_whose_days_are_unticked_is_one_no_more_and_rows_are_left_for_others() -> None:
    gone = filled(priority="urgent", v1_id="V1", v1_earliest="8:00", hours_per_week="7", visits_per_week="7")
    assert needs_of(gone)[0]["visits"] == [] and not needs_of(gone)[1]
    visit = {"visit_id": "V1", "days": ["mon"], "earliest_start": "07:00:00", "latest_start": "09:00:00", "needs": []}
    rows = rows_of([visit | {"duration_minutes": 30, "workers": 1}], FilledForm())
    assert [(row.key, row.earliest, row.visit_id) for row in rows] == [
        ("v1", "07:00", "V1"), ("v2", "", ""), ("v3", "", ""), ("v4", "", "")
    ]  # fmt: skip


def test_an_id_is_made_that_nobody_mishears() -> None:
    made = {new_id() for _ in range(50)}
    assert len(made) == 50 and all(len(each) == 9 and set(each[2:]) <= set(READABLE) for each in made)
    assert not set("AEIOU01L") & set(READABLE)


def test_what_would_come_of_it_in_words() -> None:
    decline = {"offer_id": "O1", "provider_id": "P1", "responded_at": "2026-11-20T14:00:00"}
    decision = {"decision_id": "D1", "move": "transfer", "decision": "not_suitable", "valid_to": "2027-05-24"}
    told = {
        "hours_per_week": 7.0,
        "band": 2,
        "declines": [decline],
        "decisions": [decision],
        "offers_waiting": ["O2"],
        "notes": ["N."],
    }
    says = consequences(told, {"P1": "Bracken"})
    assert says[0] == "It would be 7 hours a week, in price band 2."
    assert says[1].startswith("The no of Bracken of 20 November 2026 would stand no more")
    assert says[2].startswith(
        "A decision of social work would count no more: not suitable, to the area's principal, until 24 May 2027."
    )
    assert says[3].startswith("A provider has been asked for the needs as they are") and says[4] == "N."
    nothing = consequences(told | {"declines": [], "decisions": [], "offers_waiting": [], "notes": []}, {})
    assert nothing[1:] == ["No decline and no decision lapses with it."]


def test_what_the_rules_say_of_a_request_in_words() -> None:
    step = {"name": "framework", "contract_ids": ["C1", "C2"]}
    told: dict[str, Any] = {
        "area_name": "Larkmere",
        "live": False,
        "band": 3,
        "hours_per_week": 5.25,
        "next_step": step,
        "notes": [],
    }
    told |= {"asked_next": ["Bracken", "Clover"], "can_be_asked": 2, "cannot_be_asked": 1}
    told |= {"why_not": [{"sentence": "Alder may not until 2027-04-05.", "providers": 1}]}
    said = preview_in_words(told)
    assert said["step"] == "The next step would ask framework Bracken and Clover. It is not live by then."
    assert said["why_not"] == ["1 provider: Alder may not until 5 April 2027."]
    assert preview_in_words(told | {"asked_next": [], "live": True})["step"] == "Nobody could be asked."


def test_every_deed_that_is_written_down_of_a_person_has_words_of_its_own() -> None:
    remembered = re.compile(r'remember\("([a-z_.]+)", "packages"')
    written = {name for each in Path("api").rglob("*.py") for name in remembered.findall(each.read_text())}
    assert len(written) > 20 and written - set(DEEDS) == set()


def test_a_history_names_providers_and_says_days_in_words() -> None:
    deed = {"seq": 7, "at": "2026-11-23T09:12:00", "by": "Ada Planner (k7)", "role": "planner", "action": "offer.declined"}
    told = {"contract_id": "C1", "response": "declined", "reason": "too_far", "answered_by": "S. Marsh", "how": "telephone"}
    held = deed | {"action": "package.hold", "told": {"held_until": "2026-12-07"}, "at": "2026-11-20T09:12:00"}
    clock = deed | {"action": "some.deed_of_a_clock", "told": {}, "role": "service"}
    ada = "Ada Planner, planner"
    lines = lines_of([deed | {"told": told}, held, clock], {"C1": "Bracken"}, NOW)
    assert [(line.when, line.what, line.more, line.by) for line in lines] == [
        (
            "Today at 9:12am",
            "A provider said no",
            "Bracken; too far to travel; said by S. Marsh; telephone",
            ada,
        ),
        ("Friday 20 November 2026 at 9:12am", "Put on hold", "until 7 December 2026", ada),
        ("Today at 9:12am", "Some: deed of a clock", "", "The service"),
    ]
