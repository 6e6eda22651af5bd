"""The pages of somebody at a provider: its own offers, an answer, and a frame that shows nothing else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from api.pages.own.offer_board import facts_of, offer_rows, said_in_words, visit_lines
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import Served, loaded, serving
from tests.api.pages.reading import Browser

NOW = dt.datetime(2026, 11, 23, 10, 20)
CARE: dict[str, Any] = {
    "district": "NR21", "needs": ["medication", "double_handed"], "worker_gender": "female", "worker_languages": [],
    "parts_of_day": ["morning"], "hours_per_week": 5.0, "visits_per_week": 6, "age_days": 1, "priority": "discharge",
    "start_by": "2026-11-26",
    "visits": [
        {"number": 1, "part_of_day": "morning", "minutes": 45, "times_a_week": 5, "workers": 2},
        {"number": 2, "part_of_day": "night", "minutes": 15, "times_a_week": 1, "workers": 1},
    ],
}  # fmt: skip


def told(standing: str, **given: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "offer_id": "O1", "contract_id": "F-CLOVER", "standing": standing, "offered_at": "2026-11-23T09:00:00", "answer_by": None,
        "asked_with": [], "own_answer": None, "late_after": None, "care": CARE, "place": None,
        "fast_start": [],
    }  # fmt: skip
    return usual | given


def said(answer: str, **given: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"answer": answer, "said_by": "Sam Marsh", "said_at": "2026-11-23T09:30:00"}
    return usual | {"reason": None, "from_day": None, "visits": [], "days": {}, "message": None} | given


def test_an_open_offer_says_what_is_asked_for_and_by_when_to_answer() -> None:
    offer = told("open", answer_by="2026-11-23T13:00:00")
    (row,) = offer_rows([offer], NOW)
    assert (row.where, row.care, row.start) == ("NR21", "5 hours a week in 6 visits", "26 November 2026")
    assert (row.standing, row.due) == ("Waits for your answer", "today at 1:00pm")
    facts = dict(facts_of(offer, NOW))
    assert (facts["Needs"], facts["Priority"], facts["Waits"]) == (
        "medication, double handed",
        "Discharge from hospital",
        "1 day",
    )
    assert not {"Place", "Languages", "A fast start"} & facts.keys()
    today = {"after": None, "until": "2026-11-23T21:00:00", "gbp": 195.0}
    later = {"after": "2026-11-24T09:00:00", "until": "2026-11-25T09:00:00", "gbp": 142.5}
    assert dict(facts_of(offer | {"fast_start": [today, later]}, NOW))["A fast start"] == (
        "Care in place by today at 9:00pm earns you £195,"
        " after tomorrow at 9:00am and by Wednesday 25 November 2026 at 9:00am £142.50"
    )
    assert visit_lines(offer) == [
        (1, "morning, 45 minutes, 5 times a week, 2 care workers"),
        (2, "night, 15 minutes, once a week"),
    ]


def test_a_closed_offer_says_nothing_of_the_care() -> None:
    offer = told("no_longer_needed", care=None)
    (row,) = offer_rows([offer], NOW)
    assert (row.where, row.care, row.standing, row.due) == ("Asked today at 9:00am", "", "No longer needed", "")
    assert (facts_of(offer, NOW), visit_lines(offer), said_in_words(offer, NOW)) == ([], [], "")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (said("yes", message="From 8am"), "Sam Marsh said yes (today at 9:30am). “From 8am”"),
        (said("later", from_day="2026-12-07"), "Sam Marsh said yes, from 7 December 2026 (today at 9:30am)."),
        (said("part", visits=[1, 3, 4]), "Sam Marsh said yes to visits 1, 3 and 4 alone (today at 9:30am)."),
        (said("part", visits=[2]), "Sam Marsh said yes to visit 2 alone (today at 9:30am)."),
        (
            said("part", visits=[1, 3], days={"1": ["sat", "sun"]}),
            "Sam Marsh said yes to visits 1 on Saturdays and Sundays and 3 alone (today at 9:30am).",
        ),
        (said("no", reason="too_far", said_by=None), "You said no: too far (today at 9:30am)."),
    ],
)
def test_what_was_said_in_words(answer: dict[str, Any], sentence: str) -> None:
    assert said_in_words(told("said_yes", own_answer=answer), NOW) == sentence


def test_somebody_at_a_provider_finds_their_offers_and_nothing_else(villages: Served, nobody: Browser) -> None:
    sam = nobody.signed_in(villages.key("provider"))
    assert sam.get("/").headers["location"] == "/own/offers"
    start = sam.read("/own/offers")
    assert start.said("h1") == ["Your offers"]
    places = [each["href"] for each in start.all("a") if each.get("class") == "govuk-service-navigation__link"]
    own = ("offers", "care", "free-hours", "contracts", "statements", "transfers", "accounts", "questions")
    assert places == [f"/own/{each}" for each in own]
    care = sam.read("/own/care")  # ALDER delivers to two people in one round, and nobody else is told of
    assert [row[0] for row in care.rows if row[0].startswith(("R", "N"))] == ["R1", "R2", "Round", "RD1"]
    assert sam.read("/own/contracts").said("h2")[0] == "P-ALDER"
    assert "N7" not in start.words
    for foreign in ("/waiting", "/people/N7", "/offers", "/areas", "/providers/ALDER", "/plans", "/administration/keys"):
        sam.read(foreign, 403)
    sam.read("/own/offers/none-such", 404)
    offer = sam.get("/own/offers/OF2").text
    assert "52.6" not in offer and "N7" not in offer  # neither place nor record


def test_an_answer_is_sent_once_and_told_to_the_next_person(tmp_path: Path, small: Snapshot) -> None:
    with serving(loaded(tmp_path, small, run_workers=0, tick_seconds=0)) as villages:
        sam, pat = Browser(villages), Browser(villages)
        with sam.client, pat.client:
            sam.signed_in(villages.key("provider"))
            pat.signed_in(villages.key("provider"))
            seen = {each["name"]: each.get("value", "") for each in pat.read("/own/offers/OF2").all("input") if "name" in each}
            wrong = sam.post("/own/offers/OF2/answer", {"answer": "later", "seen": seen["seen"]})
            assert (wrong.status_code, "Give the day from which you could begin" in wrong.text) == (422, True)
            lost = sam.post("/own/offers/OF2/answer", {"answer": "too_far", "seen": seen["seen"], "message": "Ring us"})
            assert (lost.status_code, "with a yes alone" in lost.text, "Ring us" in lost.text) == (422, True, True)
            given = {"answer": "yes", "seen": seen["seen"], "message": "From 12"}
            done = sam.post("/own/offers/OF2/answer", given)
            assert (done.status_code, done.headers["location"]) == (303, "/own/offers/OF2?done=yes")
            page = sam.read("/own/offers/OF2?done=yes")
            assert "Your yes is recorded" in page.words and "You said yes: the council places" in page.words
            late = pat.post("/own/offers/OF2/answer", {"answer": "no_capacity", "seen": seen["seen"]})
            assert (late.status_code, "since you opened this page" in late.text) == (409, True)
            assert pat.get("/own/offers/OF1/answer").status_code == 405
            foreign = pat.post("/own/offers/none-such/answer", {"answer": "yes", "seen": ""})
            assert foreign.status_code == 404


def test_a_key_of_a_provider_is_made_on_the_page_of_keys(tmp_path: Path, small: Snapshot) -> None:
    with serving(loaded(tmp_path, small, run_workers=0, tick_seconds=0)) as villages:
        ada = Browser(villages)
        with ada.client:
            ada.signed_in(villages.key("admin"))
            (seen,) = [each["value"] for each in ada.read("/administration/keys").all("input") if each.get("name") == "seen"]
            asked: dict[str, str | list[str]] = {"name": "Sam Marsh", "roles": ["provider"], "days": "90", "seen": seen}
            unbound = ada.post("/administration/keys", asked)
            assert (unbound.status_code, "is bound to one provider" in unbound.text) == (422, True)
            assert 'href="#provider_id"' in unbound.text
            unplain = ada.post("/administration/keys", asked | {"name": "the provider\x07", "provider_id": "CLOVER"})
            assert (unplain.status_code, 'href="#name"' in unplain.text) == (422, True), "though its name has that word in it"
            both = ada.post("/administration/keys", asked | {"roles": ["provider", "planner"], "provider_id": "CLOVER"})
            assert both.status_code == 422
            made = ada.post("/administration/keys", asked | {"provider_id": "CLOVER"})
            assert (made.status_code, "provider, at Clover Home Care" in made.text) == (200, True)
