"""A person's way from the first offer to the end of care, walked through the forms of their page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.state.store import Store
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import Browser, Read, holds_for_every_page
from tests.api.talking import all_pages

pytestmark = ON_SQLITE


@pytest.fixture
def ada(served: Served, store: Store) -> Iterator[Browser]:
    browser = Browser(served)
    assert not store.is_empty()
    with browser.client:
        yield browser.signed_in(served.key("planner"))


def forms_of(page: Read) -> dict[str, dict[str, str]]:
    """By address what each form sends unasked."""
    found: dict[str, dict[str, str]] = {}
    for tag, attributes in page.elements:
        if tag == "form":
            found[address := attributes["action"]] = {}
        if tag == "input" and attributes.get("type") == "hidden":
            found[address][attributes["name"]] = attributes["value"]
    return found


def sent(browser: Browser, page: Read, ending: str, said: dict[str, str], status: int = 303) -> Read:
    """A form is filled in and sent: the page that follows; where it is refused, the page that says so."""
    address, hidden = next((each, hidden) for each, hidden in forms_of(page).items() if each.endswith(ending))
    answer = browser.post(address, hidden | said | {"sent": "by a browser"})  # which says what it sends, though it is nothing
    assert answer.status_code == status, answer.text
    if status == 303:
        after = browser.read(answer.headers["location"])
        assert after.said("h2")[0] == "Done"
        return after
    refused = Read(answer)
    holds_for_every_page(refused, answer)
    assert refused.said("title")[0].startswith("Error: ")
    return refused


def day(name: str, number: int, month: int = 11, year: int = 2026) -> dict[str, str]:
    return {f"{name}-day": str(number), f"{name}-month": str(month), f"{name}-year": str(year)}


def test_from_the_first_offer_to_the_end_of_care(ada: Browser, served: Served) -> None:
    """N4: the framework is asked, Clover says no, Bracken yes; the person says yes, care begins, is held, goes on and ends."""
    page = sent(ada, ada.read("/people/N4"), "/ask", {})
    assert page.said("h3")[:2] == ["What did Clover Home Care say?", "What did Bracken Home Care say?"]
    clover, bracken = [each for each in forms_of(page) if "/offers/" in each]
    nothing = sent(ada, page, clover, {}, 422)
    assert "Choose what the provider says" in nothing.words
    page = sent(ada, page, clover, {"answer": "no_capacity", "answered_by": "S. Marsh", "how": "telephone"})
    page = sent(ada, page, bracken, {"answer": "accepted"})
    assert page.said("h2")[1] == "Accepted by Bracken Home Care; care has not begun"
    early = sent(ada, page, "/start", day("on", 22), 409)
    assert "Record the person's yes to this provider first: care begins only with it." in early.words
    unsaid = sent(ada, page, "/says", {"answer": "yes", "given_by": "best_interests"}, 422)
    assert "give the reason, and say whether an advocate was offered" in unsaid.words
    yes = {"answer": "yes", "given_by": "self", "advocate": "not_needed"}
    opened = page
    page = sent(ada, opened, "/says", yes)
    page = sent(ada, opened, "/says", yes)  # pressed twice
    with served.client("planner") as program:
        assert len(program.get("/v1/packages/N4/answers").json()["items"]) == 1
    wrong = sent(ada, page, "/start", day("on", 31), 422)
    assert [each["href"] for each in wrong.all("a") if "start" in each["href"]] == ["#start-on"]
    assert next(each["value"] for each in wrong.all("input") if each.get("id") == "start-on") == "31", "what was entered is kept"
    first = day("first", 22) | {"first-time": "8:10am", "said_by": "S. Marsh, duty manager"}
    page = sent(ada, page, "/start", day("on", 22) | first)
    assert page.said("h2")[1] == "Care is running with Bracken Home Care since 22 November 2026"
    page = sent(ada, page, "/hold", day("until", 7, 12))
    assert page.said("h2")[1] == "On hold: Bracken Home Care keeps the hours until 7 December 2026"
    page = sent(ada, page, "/hold", day("until", 14, 12))
    assert page.said("h2")[1].endswith("until 14 December 2026")
    page = sent(ada, page, "/restart", {"how": "resumes"})
    assert page.said("h2")[1].startswith("Care is running with Bracken Home Care")
    open_ = sent(ada, page, "/end", {"reason": "Gave notice", "ended_by": "provider"}, 422)
    assert "Say whether care is still needed" in open_.words
    page = sent(ada, page, "/end", {"reason": "Gave notice", "ended_by": "provider", "remains": "yes"} | day("from", 30))
    assert page.said("h1") == ["Package N4-2"] and "This is the new request" in page.words
    with served.client("planner") as program:
        assert program.get("/v1/packages/N4").status_code == 404
        assert program.get("/v1/packages/N4-2").json()["start_by"] == "2026-11-30"
        offers = {each["contract_id"]: each for each in all_pages(program, "/v1/offers")}
        assert "F-CLOVER" not in offers, "they went with the care that ended"


def test_of_two_planners_the_second_is_told_what_has_changed(ada: Browser, served: Served) -> None:
    """Both have opened R1, whose care runs; one holds it. The other would hold it longer, and then end it: neither is done."""
    bo = Browser(served)
    with bo.client:
        bo.signed_in(served.key("admin"))
        first, second = ada.read("/people/R1"), bo.read("/people/R1")
        held = sent(ada, first, "/hold", day("until", 7, 12))
        told = sent(bo, second, "/hold", day("until", 14, 12), 409)
        assert "Something has changed since you opened this page." in told.words
        assert told.said("h2")[1] == held.said("h2")[1], "how it stands now"
        told = sent(bo, second, "/end", {"reason": "Moved away", "ended_by": "person", "remains": "no"}, 409)
        assert served.service.store.state().get("packages", "R1") is not None


def test_a_provider_that_agrees_beyond_its_own_limit_is_asked_out_of_order(ada: Browser, served: Served) -> None:
    """Alder's own limit is brought down to what it delivers: it is full, may be asked by name, and says yes beyond."""
    with served.client("contracts") as officer:
        alder = officer.get("/v1/providers/ALDER")
        change = {"max_hours_4w": 61, "reason": "staff have left"}
        assert officer.patch("/v1/providers/ALDER", json=change, headers={"If-Match": alder.headers["etag"]}).status_code == 200
    page = ada.read("/people/N2")
    assert "Alder Home Care (principal, beyond its own limit)" in page.said("option")
    unsaid = sent(ada, page, "/ask-named", {"contract_id": "P-ALDER"}, 422)
    assert "Say why out of order" in unsaid.words
    page = sent(ada, page, "/ask-named", {"contract_id": "P-ALDER", "reason": "The family knows them"})
    assert page.said("h2")[1] == "Asked: Alder Home Care"
    offer = next(each for each in forms_of(page) if "/offers/" in each)
    beyond = sent(ada, page, offer, {"answer": "accepted"}, 409)
    assert "New limit of the provider" in beyond.said("label")
    low = sent(ada, page, offer, {"answer": "accepted", "limit": "60", "agreed": "S. Marsh by telephone"}, 422)
    assert "The new limit is not above the one that is recorded." in low.words
    page = sent(ada, page, offer, {"answer": "accepted", "limit": "400", "agreed": "S. Marsh today by telephone"})
    assert page.said("h2")[1] == "Accepted by Alder Home Care; care has not begun"


def test_where_nobody_is_left_a_named_person_chooses_once_it_is_recorded_how_somebody_is_safe(
    ada: Browser, served: Served
) -> None:
    page = ada.read("/people/N6")
    assert page.said("h2")[0] == "Nobody left to ask"
    assert "Any one of these would be enough" in page.words
    assert "/people/N6/choose" not in forms_of(page)
    plan = {"where": "hospital", "holds": "The ward keeps the bed.", "holds_until": "2026-12-04", "checked_by": "desk"}
    with served.client("planner") as program:
        tag = program.get("/v1/packages/N6/meanwhile").headers["etag"]
        assert program.put("/v1/packages/N6/meanwhile", json=plan, headers={"If-Match": tag}).status_code == 200
    page = ada.read("/people/N6")
    if "/people/N6/choose" in forms_of(page):
        wish = sent(ada, page, "/choose", {"choice": "direct_payment", "reason": "Nobody else"}, 422)
        assert "Say what the person said: a direct payment is theirs to want." in wish.words
        page = sent(ada, page, "/choose", {"choice": "interim_bed", "reason": "Rest"} | day("until", 4, 12))
        assert "Chosen by a planner: an interim bed until 4 December 2026: Rest" in page.words
