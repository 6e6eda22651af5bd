"""One browser, and one service for those pages that nobody changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.api.conftest import Served
from tests.api.pages.browser.chromium import Person, chromium

At = Callable[[str, str], Person]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Of this folder alone: while it runs, nothing else in the process may run a loop of its own."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def sessions() -> dict[str, Any]:
    """Who has signed in already, by their role: once is enough."""
    return {}


@pytest.fixture
def at(browser: Browser, villages: Served, sessions: dict[str, Any]) -> Iterator[At]:
    """Somebody of a role at a browser in a mode, signed in; each test their own, closed after it."""
    opened: list[Person] = []

    def person(role: str, mode: str = "desktop") -> Person:
        if role and role not in sessions:
            with Person(browser, villages.address) as first:
                sessions[role] = first.sign_in(villages.key(role)).context.storage_state()
        found = Person(browser, villages.address, mode)
        opened.append(found)
        return found.take_on(sessions[role]) if role else found

    yield person
    for each in opened:
        each.context.close()
