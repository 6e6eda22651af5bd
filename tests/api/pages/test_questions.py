"""The pages of questions: one is written down, passed on, answered and closed; a provider asks and reads the answer."""

from __future__ import annotations

from pathlib import Path

from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import loaded, serving
from tests.api.pages.reading import Browser


def hidden(browser: Browser, address: str) -> dict[str, str]:
    """What the first form of a page carries."""
    return {each["name"]: each.get("value", "") for each in browser.read(address).all("input") if each.get("type") == "hidden"}


def test_questions_from_asking_to_the_end_on_pages(tmp_path: Path, small: Snapshot) -> None:
    with serving(loaded(tmp_path, small, run_workers=0, tick_seconds=0)) as villages:
        ada, sam, officer = Browser(villages), Browser(villages), Browser(villages)
        with ada.client, sam.client, officer.client:
            ada.signed_in(villages.key("planner"))
            sam.signed_in(villages.key("provider"))
            officer.signed_in(villages.key("contracts"))
            a_family_asks(ada)
            a_provider_asks(sam, officer)
            assert [row[0] for row in ada.read("/questions").rows[1:]] == ["Visits and care workers Package N7"]
            assert "Why was it" not in ada.get("/questions/questions.csv").text


def a_family_asks(ada: Browser) -> None:
    """Written down from N4's page, with what is missing told at its field; then passed on, answered, and closed."""
    page = ada.read("/people/N4")
    assert "/questions/new?package=N4" in [each["href"] for each in page.all("a") if "href" in each]
    address = "/questions/new?package=N4"
    given = {**hidden(ada, address), "who": "family", "package_id": "N4", "how": "telephone", "asked": "When will\r\nshe start?"}
    lacks = ada.post("/questions/new", given)
    assert (lacks.status_code, "Say what it is about" in lacks.text, "she start?" in lacks.text) == (422, True, True)
    nobody = ada.post("/questions/new", given | {"kind": "start", "package_id": "none-such"})
    assert (nobody.status_code, "there is no package of this id" in nobody.text) == (422, True)
    made = ada.post("/questions/new", given | {"kind": "start"})
    one = made.headers["location"].removesuffix("?done=asked")
    assert (
        made.status_code == 303
        and ada.post("/questions/new", given | {"kind": "start"}).headers["location"] == f"{one}?done=asked"
    )
    read = ada.read(f"{one}?done=asked")
    assert "Wednesday 25 November 2026 at 5:00pm" in read.words and "Their family" in read.words
    seen = hidden(ada, one)
    up = ada.post(f"{one}/pass-on", seen | {"to_post": "head of commissioning", "reason": "They ask for the head"})
    assert up.status_code == 303
    late = ada.post(f"{one}/answer", seen | {"text": "On Thursday."})
    assert (late.status_code, "Something has changed since" in late.text) == (409, True)
    close = ada.post(f"{one}/close", hidden(ada, one) | {"outcome": "settled"})
    assert (close.status_code, "Answer it first" in close.text) == (422, True)
    assert ada.post(f"{one}/answer", hidden(ada, one) | {"text": "On Thursday."}).status_code == 303
    assert "When care begins Their family: Answered" in ada.read("/people/N4").words
    assert ada.post(f"{one}/close", hidden(ada, one) | {"outcome": "settled"}).status_code == 303
    assert "Answer it" not in ada.read(one).words and ada.read("/questions").words.count("None.") == 1
    assert [row[0] for row in ada.read("/questions?show=closed").rows[1:]] == ["When care begins Package N4"]


def a_provider_asks(sam: Browser, officer: Browser) -> None:
    """About an offer, and about nobody's care: that alone the contract officer is told of, and answers."""
    assert "/own/questions/new?offer=OF2" in [each["href"] for each in sam.read("/own/offers/OF2").all("a") if "href" in each]
    of_offer = hidden(sam, "/own/questions/new?offer=OF2")
    assert sam.post("/own/questions/new", of_offer | {"kind": "visits", "asked": "Is there a key safe?"}).status_code == 303
    sam.read("/own/questions/new?offer=none-such", 404)
    plain = hidden(sam, "/own/questions/new")
    lacks = sam.post("/own/questions/new", plain | {"kind": "reasons", "asked": ""})
    assert (lacks.status_code, "Write what you ask" in lacks.text) == (422, True)
    made = sam.post("/own/questions/new", plain | {"kind": "reasons", "asked": "Why was it not us?"})
    own = made.headers["location"].partition("?")[0]
    assert [row[0] for row in officer.read("/questions").rows[1:]] == ["Why something was decided"]
    assert "Why something was decided" in officer.read("/providers/ALDER").words
    theirs = own.removeprefix("/own")
    assert officer.post(f"{theirs}/answer", hidden(officer, theirs) | {"text": "Another came first."}).status_code == 303
    read = sam.read(own)
    assert "Another came first." in read.words and "Brokerage" in read.words and "a contracts" not in read.words
    assert sam.post(f"{own}/further", {"asked": "By which rule?"}).status_code == 303
    assert "An answer is owed" in sam.read(own).words and len(sam.read("/own/questions").rows) == 3
    assert officer.post(f"{theirs}/answer", hidden(officer, theirs) | {"text": "By rule four."}).status_code == 303
