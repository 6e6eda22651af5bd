"""Hospitals' notices taken in by hand, and a price that is approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from api.pages.filled_form import FilledForm
from api.pages.people.hospital_board import case_rows
from api.pages.people.hospital_notices import notice_of
from api.state.store import Store
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import Browser, Read, holds_for_every_page
from tests.api.pages.test_step_deeds import day

NOW = dt.datetime(2026, 11, 23, 10, 20)


@pytest.fixture
def ada(served: Served, store: Store) -> Iterator[Browser]:
    browser = Browser(served)
    assert not store.is_empty()
    with browser.client:
        yield browser.signed_in(served.key("planner"))


def told(browser: Browser, address: str, fields: dict[str, str], status: int) -> Read:
    answer = browser.post(address, fields)
    assert answer.status_code == status
    page = Read(answer)
    holds_for_every_page(page, answer)
    return page


@ON_SQLITE
def test_a_notice_by_telephone_makes_one_request(ada: Browser, served: Served) -> None:
    nothing = told(ada, "/hospital-notices/new", {"notice_id": "N"}, 422)
    assert "Say what the hospital says" in nothing.words and "Enter the hospital's reference of the stay" in nothing.words
    notice = {"case_ref": "NNUH-0412", "notice_id": "NNUH-0412-A", "kind": "assessment", "sent_at-time": "9:10am"}
    notice |= day("sent_at", 23) | day("discharge_on", 26)
    bare = told(ada, "/hospital-notices/new", notice, 422)
    assert "An assessment tells the needs" in bare.words
    whole = notice | {"latitude": "52.654433", "longitude": "0.80756", "hours_per_week": "5.25", "visits_per_week": "7"}
    for _ in range(2):
        assert ada.post("/hospital-notices/new", whole).headers["location"] == "/hospital-notices?done=taken"
    page = ada.read("/hospital-notices?done=taken")
    (row,) = page.rows[1:]
    assert row[1:] == [
        "How it stands Care is asked for.",
        "Comes home 26 November 2026",
        "Last notice An assessment, Today at 9:10am",
    ]
    assert "No stay stands so." in ada.read("/hospital-notices?situation=withdrawn").words
    other = told(ada, "/hospital-notices/new", whole | {"hours_per_week": "7"}, 409)
    assert "Send a change as a notice of its own, with an id of its own." in other.words
    with served.client("planner") as program:
        (case,) = program.get("/v1/hospital-notices").json()["items"]
        assert program.get(f"/v1/packages/{case['package_id']}").json()["priority"] == "discharge"


@ON_SQLITE
def test_a_price_is_approved_by_who_may_and_tells_nothing_else(ada: Browser, served: Served) -> None:
    officer = Browser(served)
    with officer.client:
        officer.signed_in(served.key("contracts"))
        wrong = told(officer, "/approve-price", {"package": "N6", "weekly_cost_gbp": "much", "reason": ""}, 422)
        assert "Enter pounds a week, such as 412.50" in wrong.words and "Say why" in wrong.words
        assert [said for said in wrong.said("a") if said.endswith(", contracts")], "who is signed in, not who may approve"
        price = {"package": "N6", "weekly_cost_gbp": "£1,412.50", "reason": "Nobody else in thirty miles"}
        early = told(officer, "/approve-price", price, 409)
        assert "Record first where the person is" in early.words
        with served.client("planner") as program:
            tag = {"If-Match": program.get("/v1/packages/N6/meanwhile").headers["etag"]}
            plan = {"where": "hospital", "holds": "The ward.", "holds_until": "2026-12-04", "checked_by": "desk"}
            assert program.put("/v1/packages/N6/meanwhile", json=plan, headers=tag).status_code == 200
        assert officer.post("/approve-price", price).headers["location"] == "/approve-price?done=approved"
        unknown = told(officer, "/approve-price", price | {"package": "NOBODY"}, 422)
        assert "There is no package of this id" in unknown.words
    assert ada.post("/approve-price", price).status_code == 403, "the settings name other roles"
    with served.client("planner") as program:
        assert program.get("/v1/packages/N6/meanwhile").json()["approved_weekly_gbp"] == "1412.50"


def test_what_a_notice_lacks_is_told_at_its_field_and_needs_are_left_out_without_a_place() -> None:
    def form(**given: str) -> FilledForm:
        return FilledForm({name: [value] for name, value in given.items()}, is_sent=True)

    sent = {f"sent_at-{part}": value for part, value in (("day", "23"), ("month", "11"), ("year", "2026"), ("time", "9:10"))}
    notice, faults = notice_of(form(case_ref="C", notice_id="N", kind="withdrawn", **sent))
    assert not faults and "needs" not in notice and notice["sent_at"] == "2026-11-23T09:10:00"
    assert "sent_at" in notice_of(form(case_ref="C", notice_id="N", kind="withdrawn"))[1]
    assert "hours_per_week" in notice_of(form(kind="assessment", postcode="NR1 2DH", **sent))[1]
    assert "latitude" in notice_of(form(kind="assessment", latitude="north", **sent))[1]


def test_a_case_without_notices_or_a_day_says_so() -> None:
    case: dict[str, Any] = {"case_ref": "C", "package_id": "P", "situation": "ended", "sentence": "Ended.", "discharge_on": None}
    (row,) = case_rows([case | {"notices": []}], NOW)
    assert (row.home_on, row.last, row.has_request) == ("not said", "none", False)
