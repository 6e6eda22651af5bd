"""Asking from a person's page: those that it named, once, whoever presses the button and however often."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.state.store import Store
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import Browser, Read, holds_for_every_page
from tests.api.talking import all_pages

pytestmark = ON_SQLITE
FRAMEWORK = '["F-CLOVER","F-BRACKEN"]'


@pytest.fixture
def two(served: Served) -> Iterator[tuple[Browser, Browser]]:
    """Two planners, each in a browser of their own."""
    ada, bo = Browser(served), Browser(served)
    with ada.client, bo.client:
        yield ada.signed_in(served.key("planner")), bo.signed_in(served.key("admin"))


def seen_on(page: Read) -> str:
    return next(each["value"] for each in page.all("input") if each["name"] == "seen")


def test_the_step_that_was_shown_is_asked_once_and_the_second_planner_is_told(
    two: tuple[Browser, Browser], served: Served, store: Store
) -> None:
    """N4's next step is the framework, two providers; both planners have opened the page before either asks."""
    ada, bo = two
    before, others = ada.read("/people/N4"), bo.read("/people/N4")
    assert "Make these 2 offers" in before.said("button")
    answer = ada.post("/people/N4/ask", {"seen": seen_on(before)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/people/N4?done=asked")
    after = ada.read("/people/N4?done=asked")
    assert after.said("h2")[:2] == ["Done", "Asked: Clover Home Care and Bracken Home Care"]
    assert not [each for each in after.said("button") if each.startswith("Make")]
    for browser in (bo, ada):  # the other planner; and whoever goes back and presses again
        refused = browser.post("/people/N4/ask", {"seen": seen_on(others)})
        page = Read(refused)
        holds_for_every_page(page, refused)
        assert refused.status_code == 409 and page.said("title")[0].startswith("Error: ")
        assert "A provider here has been asked since you opened this page." in page.words
        assert "Asked: Clover Home Care and Bracken Home Care" in page.said("h2")
    with served.client("planner") as program:
        offers = [each for each in all_pages(program, "/v1/offers") if each["package_id"] == "N4" and not each["response"]]
    assert sorted(each["contract_id"] for each in offers) == ["F-BRACKEN", "F-CLOVER"], "nothing doubled"
    assert not store.is_empty()


def test_nobody_is_asked_whom_the_page_did_not_name_or_out_of_order(two: tuple[Browser, Browser], served: Served) -> None:
    ada, _ = two
    twice, long, nobody = '["F-CLOVER","F-CLOVER"]', f'["{"x" * 101}"]', ("", "[]", "{}", "null", "[1]", "F-CLOVER")
    for seen in ('["L-DOCK"]', '["F-CLOVER"]', '["NOWHERE"]'):
        assert ada.post("/people/N4/ask", {"seen": seen}).status_code == 409, seen
    for seen in (twice, long, *nobody):
        assert ada.post("/people/N4/ask", {"seen": seen}).status_code == 400, seen
    assert ada.post("/people/no-such/ask", {"seen": '["P-ALDER"]'}).status_code == 404
    assert ada.post("/people/N4/ask", {"seen": FRAMEWORK}, Sec_Fetch_Site="cross-site").status_code == 403
    with served.client("planner") as program:
        assert [each["offer_id"] for each in all_pages(program, "/v1/offers")] == ["OF1", "OF2"]


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("social_work", 403), ("transition", 403)])
def test_who_may_not_ask_has_no_button_and_is_refused(served: Served, role: str, status: int) -> None:
    """A transition team reads whom a person may be asked of, and asks for moves of running care alone."""
    browser = Browser(served)
    with browser.client:
        browser.signed_in(served.key(role))
        if role == "transition":
            assert not [each for each in browser.read("/people/N4").said("button") if each.startswith("Make")]
        assert browser.post("/people/N4/ask", {"seen": FRAMEWORK}).status_code == status
    with served.client("planner") as program:
        assert len(all_pages(program, "/v1/offers")) == 2
