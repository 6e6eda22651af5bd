"""A planner's morning by keyboard alone; and what a browser is refused: others' forms and frames, fetching ahead, going back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import Served, loaded, serving
from tests.api.pages.browser.chromium import Person
from tests.api.pages.browser.conftest import At

MOST_STOPS = 60


@pytest.fixture
def own_villages(tmp_path: Path, small: Snapshot) -> Iterator[Served]:
    """The three villages, for whoever changes something."""
    with serving(loaded(tmp_path, small, run_workers=0, tick_seconds=0)) as running:
        yield running


def tab_to(page: Person, said: str) -> None:
    """Along the stops of the page until one says this; each can be seen."""
    seen = []
    for _ in range(MOST_STOPS):
        page.page.keyboard.press("Tab")
        told = page.stops()
        seen.append(told[1])
        drawn = "(e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none' })"
        assert told[0] == "" or page.page.evaluate(f"{drawn}(document.activeElement)"), f"{told} has no mark of the keyboard"
        if said in told[1]:
            return
    raise AssertionError(f"{said} is not among {seen}")


@pytest.mark.parametrize("mode", ["desktop", "no script"])
def test_a_planners_morning_by_keyboard(browser: Browser, own_villages: Served, mode: str) -> None:
    """Sign in, find N4, make the offers that its page names, sign out, go back: the offers are made, and nothing is shown."""
    with Person(browser, own_villages.address, mode) as ada:
        ada.go("/waiting")
        tab_to(ada, "key")
        ada.page.keyboard.type(own_villages.key("planner"))
        with ada.page.expect_navigation():
            ada.page.keyboard.press("Enter")
        assert ada.heading() == "People waiting"
        tab_to(ada, "Skip to main content")
        ada.page.keyboard.press("Enter")
        tab_to(ada, "N4")
        ada.page.keyboard.press("Enter")
        ada.page.wait_for_url("**/people/N4?list=waiting")
        tab_to(ada, "Make these 2 offers")
        ada.page.keyboard.press("Enter")
        ada.page.wait_for_url("**/people/N4?done=asked&list=waiting")
        assert ada.page.inner_text("[role=status] h2") == "Done"
        assert "Asked: Clover Home Care and Bracken Home Care" in ada.page.inner_text("main")
        tab_to(ada, "Sign out")
        ada.page.keyboard.press("Enter")
        ada.page.wait_for_url("**/signed-out")
        ada.page.go_back()
        assert ada.heading() == "Sign in" and "Clover" not in ada.page.content()
        ours = ("status of 401", "Clear-Site-Data header on")  # that nobody is signed in, and that all is forgotten
        assert [each for each in ada.noted if not any(part in each for part in ours)] == []


EVIL = "http://evil.example/"


def of_another_site(page: Page, body: str) -> None:
    """A page of another site, which no name server knows."""

    def told(route: Route) -> None:
        route.fulfill(body=f"<!DOCTYPE html><title>x</title>{body}", content_type="text/html")

    page.route(f"{EVIL}**", told)
    page.goto(EVIL)


def test_another_site_can_neither_send_a_form_nor_frame_a_page(at: At) -> None:
    ada = at("planner", "desktop")
    of_another_site(ada.page, f'<form method=post action="{ada.address}/sign-out"><button>Win</button></form>')
    with ada.page.expect_response("**/sign-out") as answer:
        ada.page.click("button")
    assert answer.value.status == 403
    assert ada.go("/waiting").status == 200, "nobody was signed out"
    for_frames = f'<!DOCTYPE html><title>x</title><iframe src="{ada.address}/waiting"></iframe>'
    ada.page.route("**/frames", lambda route: route.fulfill(body=for_frames, content_type="text/html"))
    for framing in ("http://evil.example/frames", f"{ada.address}/frames"):
        ada.page.goto(framing)
        ada.page.wait_for_timeout(200)
        assert [frame.url for frame in ada.page.frames][1:] == ["chrome-error://chromewebdata/"]


def test_a_browser_that_fetches_ahead_gets_nothing(at: At) -> None:
    ada = at("planner", "desktop")
    body = '<!DOCTYPE html><title>x</title><link rel="prefetch" href="/waiting">'
    ada.page.route("**/leads-on", lambda route: route.fulfill(body=body, content_type="text/html"))
    with ada.page.expect_response("**/waiting") as answer:
        ada.go("/leads-on")
    assert answer.value.status == 503
