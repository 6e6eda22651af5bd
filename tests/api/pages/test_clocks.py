"""The clocks on the pages: a time that is moved, late answers, declared periods, and hours on call with who confirms them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.pages.filled_form import FilledForm
from api.pages.on_call_form import ALWAYS, hours_in, in_words, week_of
from tests.api.conftest import Served, loaded, serving
from tests.api.offers.test_lapsing import late
from tests.api.pages.reading import Browser
from tests.api.pages.test_step_deeds import forms_of, sent
from tests.making import days, framework, noon, offer, package, principal, snapshot

ICE = {"name": "Ice", "since": str(days(-5)), "until": str(days(20)), "standard_hours": 8}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """N1 is urgent and was asked of Alder on Friday at noon, for two hours; N2 waits for Alder's answer; today is Monday."""
    people = [package("N1", priority="urgent"), package("N2", priority="planned")]
    offers = [late("N1"), offer("N2", "P-ALDER", offered_at=noon(-3))]
    county = snapshot(people, [principal("ALDER"), framework("BRACKEN")], offers=offers)
    with serving(loaded(tmp_path, county, run_workers=0, tick_seconds=0, window_periods=(ICE,))) as running:
        yield running


def test_a_week_of_lines_is_read_and_written_alike() -> None:
    lines = {
        "monday": "8:00 to 18:00",
        "tuesday": "8.00-18.00",
        "saturday": "17:00 to 24:00, 9am to 1pm".replace("9am", "9:00am").replace("1pm", "1:00pm"),
    }
    form = FilledForm({day: [text] for day, text in lines.items()}, is_sent=True)
    hours, faults = hours_in(form)
    assert faults == {}
    assert week_of(hours)["saturday"] == "09:00 to 13:00, 17:00 to 24:00" and week_of(hours)["sunday"] == ""
    assert in_words(hours) == [
        ("Monday to Tuesday", "8:00am to 6:00pm"),
        ("Saturday", "9:00am to 1:00pm, 5:00pm to midnight"),
    ]
    assert in_words([])[0][0] == ALWAYS
    for wrong in ("8 to 18", "18:00 to 8:00", "8:00", "8:00 to 12:00, 11:00 to 13:00", "8:00 to 9:00 to 10:00"):
        assert list(hours_in(FilledForm({"friday": [wrong]}, is_sent=True))[1]) == ["friday"], wrong


def test_a_time_is_moved_from_the_list_and_from_the_persons_page(served: Served) -> None:
    ada = Browser(served)
    with ada.client:
        ada.signed_in(served.key("planner"))
        listed = ada.read("/offers")
        assert f"Now: Ice, up to {(days(19)).day}" in listed.words and "standard 8 working hours" in listed.words
        form = ada.read("/offers/Q-N2-P-ALDER/answer-by?opened=list")
        when = {"by-day": str(days(2).day), "by-month": str(days(2).month), "by-year": str(days(2).year), "by-time": "5:30pm"}
        assert "Say why" in sent(ada, form, "/answer-by", when, 422).words
        past = {**when, "by-day": str(days(-1).day), "by-month": str(days(-1).month), "reason": "Too late"}
        assert "To end an offer now, withdraw it." in sent(ada, form, "/answer-by", past, 422).words
        after = sent(ada, form, "/answer-by", {**when, "reason": "Their office is flooded"})
        assert after.said("h1") == ["Offers by when an answer is due"] and "moved: Their office is flooded" in after.words
        again = sent(ada, form, "/answer-by", {**when, "reason": "Once more"}, 409)
        assert "Something has changed since you opened this page." in again.words
        person = ada.read("/people/N2")
        assert "/offers/Q-N2-P-ALDER/answer-by" in [each["href"] for each in person.all("a")]
        assert "(moved: Their office is flooded)" in person.words
        assert "waits for no answer any more" in _after_an_answer(served, ada)


def _after_an_answer(served: Served, ada: Browser) -> str:
    with served.client("planner") as program:
        assert program.patch("/v1/offers/Q-N2-P-ALDER", json={"response": "declined", "reason": "other"}).is_success
    return ada.read("/offers/Q-N2-P-ALDER/answer-by").words


def test_a_late_answer_is_recorded_on_the_persons_page_and_said_to_both(served: Served) -> None:
    ada, sam = Browser(served), Browser(served)
    with ada.client, sam.client, served.client("planner") as program:
        assert program.patch("/v1/offers/Q-N2-P-ALDER", json={"response": "withdrawn"}).is_success  # what is over is let lapse
        ada.signed_in(served.key("planner"))
        sam.signed_in(served.key("provider"))
        assert "The time to answer this offer is over" not in sam.read("/own/offers/Q-N1-P-ALDER").words
        page = ada.read("/people/N1")
        assert "An answer that came after its time" in page.words
        assert "withdrawn" not in [each.get("value") for each in page.all("input") if each.get("name") == "answer"]
        nothing = sent(ada, page, "/offers/Q-N1-P-ALDER", {}, 422)
        assert "Choose what the provider says" in nothing.words
        after = sent(ada, page, "/offers/Q-N1-P-ALDER", {"answer": "accepted", "answered_by": "S. Marsh", "how": "telephone"})
        assert "It answered late: its time was over" in after.words
        assert "the council took your answer late" in sam.read("/own/offers/Q-N1-P-ALDER").words


def test_a_provider_declares_its_hours_and_a_contract_officer_confirms_them(served: Served) -> None:
    """Alder declares Monday mornings: it counts for nobody until confirmed; not confirmed, Alder reads why."""
    sam, cora = Browser(served), Browser(served)
    with sam.client, cora.client, served.client("planner") as program:
        sam.signed_in(served.key("provider"))
        cora.signed_in(served.key("contracts"))
        form = sam.read("/own/on-call")
        assert "Give hours such as" in sent(sam, form, "/own/on-call", {"monday": "all day"}, 422).words
        after = sent(sam, form, "/own/on-call", {"monday": "9:00 to 13:00"})
        assert "They count once the council has confirmed them." in after.words
        assert program.get("/v1/providers/ALDER/on-call").json()["hours"] == []
        assert "Hours on call to be confirmed: Alder" in cora.read("/providers").words
        assert "To be confirmed by the council." in cora.read("/providers/ALDER").words
        page = cora.read("/providers/ALDER/on-call")
        asked = next(hidden for address, hidden in forms_of(page).items() if address.endswith("/confirm"))
        no = {**asked, "confirmed": "no"}
        assert "Say why not: the provider reads it" in cora.post("/providers/ALDER/on-call/confirm", no).text
        no |= {"reason": "Four hours a week are too few for urgent care"}
        assert cora.post("/providers/ALDER/on-call/confirm", no).headers["location"].endswith("done=not-confirmed")
        assert "too few for urgent care" in sam.read("/own/on-call").words
        assert cora.post("/providers/ALDER/on-call/confirm", no).status_code == 409
        week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "7:00 to 22:00")
        sent(sam, sam.read("/own/on-call"), "/own/on-call", week)
        page = cora.read("/providers/ALDER/on-call")
        sent(cora, page, "/confirm", {"confirmed": "yes"})
        counts = program.get("/v1/providers/ALDER/on-call").json()
        assert (len(counts["hours"]), counts["to_confirm"]) == (5, None)
        page = cora.read("/providers/ALDER")
        assert "Monday to Friday" in page.said("dt") and "7:00am to 10:00pm" in page.said("dd")
        page = cora.read("/providers/ALDER/on-call")
        stale = forms_of(page)["/providers/ALDER/on-call"] | {"seen": ""}
        refused = cora.post("/providers/ALDER/on-call", {**stale, **week, "declared_by": "S. Marsh"})
        assert (refused.status_code, "Somebody has written down other hours since" in refused.text) == (409, True)
        sent(cora, page, "/on-call", {"sunday": "0:00 to 24:00", "declared_by": "S. Marsh, by telephone"})
        assert "12:00am to midnight" in sam.read("/own/on-call").said("dd")
