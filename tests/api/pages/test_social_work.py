"""A social worker's list and a decision, through the pages."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest

from api.pages.social_work.decision_board import answer_rows, asked_rows, decision_rows
from api.state.store import Store
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import Browser, Read, holds_for_every_page
from tests.api.pages.test_step_deeds import day, forms_of, sent

NOW = dt.datetime(2026, 11, 23, 10, 20)


@pytest.fixture
def sol(served: Served, store: Store) -> Iterator[Browser]:
    browser = Browser(served)
    assert not store.is_empty()
    with browser.client:
        yield browser.signed_in(served.key("social_work"))


@ON_SQLITE
def test_a_planner_asks_and_a_social_worker_decides(sol: Browser, served: Served) -> None:
    assert "No decision is asked for." in sol.read("/decisions").words
    ada = Browser(served)
    with ada.client:
        ada.signed_in(served.key("planner"))
        opened = ada.read("/people/R5")
        asked = {"move": "reoptimise", "to_provider_id": "CLOVER", "why": "N4 waits for her place"}
        unsaid = sent(ada, opened, "/ask-social-work", asked, 422)
        assert "Give the day by which a decision is needed" in unsaid.words
        for _ in range(2):
            page = sent(ada, opened, "/ask-social-work", asked | day("by", 24))
        assert "No decision that counts today is recorded here." in page.words
        assert ada.read("/decisions").said("h1") == ["Decisions asked for"]
        assert not forms_of(ada.read("/decisions/people/R5")).get("/decisions/people/R5"), "a planner decides nothing"
    (row,) = sol.read("/decisions").rows[1:]
    assert row[:4] == [
        "R5",
        "By Tue 24 Nov",
        "Move To make room for somebody who waits",
        "From and to Dock Home Care to Clover Home Care",
    ]
    assert row[5] == "Why N4 waits for her place. Asked for by a planner."
    (cells,) = csv.DictReader(io.StringIO(sol.get("/decisions/asked.csv").content.decode("utf-8-sig")))
    assert (cells["package_id"], cells["to_provider"], cells["decide_by"]) == ("R5", "Clover Home Care", "2026-11-24")
    page = sol.read("/decisions/people/R5")
    hidden = forms_of(page)["/decisions/people/R5"]
    chosen = [each["value"] for each in page.all("input") if each.get("name") == "move" and "checked" in each]
    assert chosen == ["reoptimise"], "what is asked is chosen already"
    refused = sol.post("/decisions/people/R5", hidden)
    wrong = Read(refused)
    holds_for_every_page(wrong, refused)
    assert refused.status_code == 422 and "Say whether it is right for the person" in wrong.words
    decided = hidden | {
        "move": "reoptimise",
        "to_provider_id": "CLOVER",
        "decision": "suitable",
        "why": "Has met two of the carers.",
    }
    for _ in range(2):
        assert sol.post("/decisions/people/R5", decided).headers["location"] == "/decisions?done=decided"
    after = sol.read("/decisions?done=decided")
    assert "Your decision is recorded under your name." in after.words and "No decision is asked for." in after.words
    told = sol.read("/decisions/people/R5")
    assert len(told.rows) == 2 and told.rows[1][0] == "Suitable", "recorded once"
    with served.client("planner") as program:
        assert program.get("/v1/packages/R5/decisions").json()["items"][0]["decided_by"].startswith("a social_work (")


@ON_SQLITE
def test_who_waits_has_nothing_to_move_and_viewers_see_nobody(sol: Browser, served: Served) -> None:
    page = sol.read("/decisions/people/N4")
    assert "there is nothing to move" in page.words and "/decisions/people/N4" not in forms_of(page)
    hidden = forms_of(page)["/decisions/people/N4/says"]
    said = hidden | {"provider_id": "CLOVER", "answer": "yes", "given_by": "attorney", "advocate": "not_needed"}
    for _ in range(2):
        assert sol.post("/decisions/people/N4/says", said).headers["location"] == "/decisions/people/N4?done=answered"
    after = sol.read("/decisions/people/N4?done=answered")
    assert after.rows[1][0].startswith("Yes to Clover Home Care") and len(after.rows) == 2, "recorded once"
    refused = sol.post("/decisions/people/N4/says", hidden)
    wrong = Read(refused)
    holds_for_every_page(wrong, refused)
    assert refused.status_code == 422 and "Say who gave the answer" in wrong.words
    assert sol.get("/").headers["location"] == "/decisions"
    assert sol.get("/people/N4").status_code == 403
    vera = Browser(served)
    with vera.client:
        vera.signed_in(served.key("viewer"))
        assert vera.get("/decisions").status_code == vera.get("/decisions/people/R5").status_code == 403


def test_a_request_in_words() -> None:
    asked: dict[str, Any] = {"package_id": "R1", "move": "transfer", "from_provider_id": "P1", "to_provider_id": None}
    asked |= {"decide_by": "2026-11-20", "area_name": None, "why": "A plan.", "asked_by": None, "moves_on": "2027-04-01"}
    (row,) = asked_rows([asked], {"P1": "Dock"}, NOW)
    assert (row.by, row.late, row.way, row.area) == ("Fri 20 Nov", "3 days late", "Dock to whoever it is", "no area")
    assert row.why == "A plan. It would be on 1 April 2027."
    assert [asked_rows([asked | {"decide_by": f"2026-11-{on}"}], {}, NOW)[0].late for on in (23, 24)] == ["today", ""]


def test_what_was_decided_and_said_the_last_first() -> None:
    first: dict[str, Any] = {"move": "transfer", "to_provider_id": "P1", "decision": "suitable", "decided_by": "Sol (k1)"}
    first |= {"decided_on": "2026-11-01", "valid_to": "2026-11-20", "why": None, "counts_today": False}
    second = first | {
        "to_provider_id": None,
        "decision": "not_suitable",
        "valid_to": "2027-05-24",
        "counts_today": True,
        "why": "Ill.",
    }
    assert decision_rows([first, second], {"P1": "Clover"}) == [
        ("Not suitable", "To the area's principal", "Sol, 1 November 2026; counts until 24 May 2027", "Ill."),
        ("Suitable", "To the area's principal to Clover", "Sol, 1 November 2026; counts no more (until 20 November 2026)", ""),
    ]
    said = {"answer": "no", "provider_id": "P1", "answered_at": "2026-11-20T09:00:00", "counts": False}
    answer = said | {"given_by": "attorney", "advocate": None, "reason": None}
    assert answer_rows([answer], {"P1": "Clover"}) == [
        ("No to Clover, 20 November 2026 (a later one counts)", "Their attorney", "Not recorded", "")
    ]
