"""Every page in a real browser: nothing for axe to find, nothing in the console, nothing asked of another host."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from api.pages.every_page import ROUTERS
from tests.api.pages.browser.chromium import MODES, violations
from tests.api.pages.browser.conftest import At
from tests.api.pages.browser.every_page import LEAD_ON, OF_ONE_KEY, PAGES, SAME_FORM, Shown

IN_ALL_MODES = [each for each in PAGES if each.in_all_modes]
WITH_SCRIPT = [mode for mode in MODES if mode not in ("desktop", "large text", "no script")]


def expected(page: Shown) -> list[str]:
    """Browsers say of themselves, in the console, where a page is none."""
    return [f"console: Failed to load resource: the server responded with a status of {page.status}"] if page.status > 200 else []


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_a_page_has_nothing_for_axe_to_find(looking: At, shown: Shown) -> None:
    person = looking(shown.role, "desktop")
    assert person.go(shown.address).status == shown.status
    assert violations(person.page) == []
    assert not person.is_too_wide()
    assert not person.is_too_wide_in_large_text()
    assert [each.partition(" (")[0] for each in person.noted] == expected(shown)


@pytest.mark.parametrize("shown", IN_ALL_MODES, ids=str)
def test_a_page_of_the_day_in_every_mode(looking: At, shown: Shown) -> None:
    """Loaded on a phone, and turned from one to the next."""
    person = looking(shown.role, "phone")
    person.go(shown.address)
    wrong = {}
    for mode in WITH_SCRIPT:
        person.turn_to(mode)
        # What is zoomed has the same elements in the same places as a phone.
        found = [] if mode == "zoomed" else violations(person.page)
        if found or person.is_too_wide() or person.noted:
            wrong[mode] = [*found, person.is_too_wide(), *person.noted]
    assert wrong == {}


@pytest.mark.parametrize("shown", IN_ALL_MODES, ids=str)
def test_a_page_of_the_day_says_the_same_without_script(looking: At, shown: Shown) -> None:
    """A script may add to a page; nothing hangs on it."""
    words = []
    for mode in ("desktop", "no script"):
        person = looking(shown.role, mode)
        person.go(shown.address)
        words.append(person.page.inner_text("main").split("\n")[0])
        words.append(str(person.page.locator("main :is(a, button, input, select, td)").count()))
        assert person.noted == []
    assert words[:2] == words[2:]


def test_every_page_is_tried() -> None:
    paths = [each.address.partition("?")[0] for each in PAGES if each.status == 200]
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            if (
                "GET" in (route.methods or ())
                and route.path not in LEAD_ON | SAME_FORM | OF_ONE_KEY
                and not route.path.endswith((".csv", ".pdf"))  # files to keep: letters and statements have tests of their own
            ):
                assert any(route.path_regex.fullmatch(path) for path in paths), f"add {route.path} to every_page.py"
    assert 1 <= len(IN_ALL_MODES) <= 6


def test_what_is_wrong_would_be_found(at: At) -> None:
    person = at("", "phone")
    person.page.set_content('<h2>x</h2><img src="x.png"><a href="https://evil.example/"></a><p style="width: 900px">wide</p>')
    found = {each.partition(":")[0] for each in violations(person.page)}
    assert {"image-alt", "link-name", "document-title", "html-has-lang", "page-has-heading-one"} <= found
    assert person.is_too_wide()
    person.page.evaluate("console.log('said'); fetch('http://other.localhost:9/').catch(() => 0)")
    person.page.wait_for_timeout(200)
    assert "console: said" in person.noted and "http://other.localhost:9/" in person.noted


def test_what_is_wrong_in_one_mode_alone_would_be_found(at: At) -> None:
    """A page is turned from mode to mode as it stands."""
    person = at("", "desktop")
    dim = "{ color: #222; background: #111 }"
    styles = f"@media (prefers-color-scheme: dark) {{ p {dim} }} @media print {{ p {{ width: 900px }} }} .larger b {dim}"
    person.page.set_content(f"<style>{styles}</style><p>seen</p><b>said</b>")
    found = {}
    for mode in ("desktop", "dark", "print", "large text", "phone"):
        person.turn_to(mode)
        found[mode] = sum("color-contrast" in each for each in violations(person.page)), person.is_too_wide()
    assert found == {"desktop": (0, False), "dark": (1, False), "print": (0, True), "large text": (1, False), "phone": (0, False)}
