"""One browser, and one service for those pages that nobody changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.api.conftest import Served
from tests.api.pages.browser.chromium import Person, chromium
from tests.api.pages.kept_for_every_page import keep_everything

At = Callable[[str, str], Person]
"""Somebody of a role ("": nobody signed in) at a browser in a mode."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Of this folder alone: while it runs, nothing else in the process may run a loop of its own."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def sessions() -> dict[str, Any]:
    """Who has signed in already, by their role: once is enough."""
    return {}


@pytest.fixture(scope="package")
def with_runs(villages: Served, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The villages with a run of each kind that has a page of its own, a month's statements, and the accounts of four weeks."""
    keep_everything(villages.settings, villages.service, tmp_path_factory.mktemp("visits"))
    return villages


@pytest.fixture(scope="package")
def signed_in(browser: Browser, with_runs: Served, sessions: dict[str, Any]) -> At:
    """Opens a browser for somebody."""

    def person(role: str, mode: str = "desktop") -> Person:
        if role and role not in sessions:
            with Person(browser, with_runs.address) as first:
                sessions[role] = first.sign_in(with_runs.key(role)).context.storage_state()
        found = Person(browser, with_runs.address, mode)
        return found.take_on(sessions[role]) if role else found

    return person


@pytest.fixture
def at(signed_in: At) -> Iterator[At]:
    """Each test has browsers of its own, closed after it."""
    opened: list[Person] = []

    def person(role: str, mode: str = "desktop") -> Person:
        opened.append(signed_in(role, mode))
        return opened[-1]

    yield person
    for each in opened:
        each.context.close()


@pytest.fixture(scope="package")
def looking(signed_in: At) -> Iterator[At]:
    """For who only looks, one page after another in the same browser: opening one takes longer than most pages."""
    opened: dict[tuple[str, str], Person] = {}

    def person(role: str, mode: str = "desktop") -> Person:
        if (role, mode) not in opened:
            opened[role, mode] = signed_in(role, mode)
        return opened[role, mode].anew(mode)

    yield person
    for each in opened.values():
        each.context.close()
