"""Key pages by keyboard alone; every other page is walked so by ``python -m tests.campaigns.axe --keys``."""

from __future__ import annotations

import pytest

from tests.api.pages.browser.conftest import At
from tests.api.pages.browser.every_page import PAGES, Shown
from tests.api.pages.browser.keyboard import wrong_by_keyboard

KEY_PAGES = [each for each in PAGES if each.in_all_modes]


@pytest.mark.parametrize("shown", KEY_PAGES, ids=str)
def test_every_control_is_reached_seen_and_left(looking: At, shown: Shown) -> None:
    person = looking(shown.role, "desktop")
    person.go(shown.address)
    assert wrong_by_keyboard(person.page) == []


WRONG = {
    "<a href='#' tabindex=2>late</a><a href='#'>early</a>": "out of the order",
    "<a href='#' style='outline: none'>unseen</a>": "nothing shows that the keyboard is at a unseen",
    "<a href='#' onkeydown=\"event.key === 'Tab' && event.preventDefault()\">held</a>": "reached twice: a held",
    "<a href='#' onfocus='this.blur()'>lost</a><a href='#'>next</a>": "no Tab leads to a lost",
    "<details><summary onclick='event.preventDefault()'>more</summary></details>": "does not open",
}


def test_what_is_wrong_would_be_found_and_radio_buttons_are_one_stop(looking: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.api.pages.browser.keyboard.MOST_STOPS", 5)
    page = looking("", "desktop").page
    page.goto("about:blank")  # the service's own pages may hold neither styles nor scripts like these
    for body, said in WRONG.items():
        page.set_content(body)
        assert any(said in each for each in wrong_by_keyboard(page)), body
    page.set_content("<form><input type=radio name=a><input type=radio name=a><input type=radio name=b></form>")
    assert wrong_by_keyboard(page) == []
