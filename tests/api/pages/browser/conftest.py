"""One browser, and one service for those pages that nobody changes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.api.conftest import Served
from tests.api.pages import reading
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
def with_runs(villages: Served, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The villages with a run of each kind that has a page of its own, a month's statements, and the accounts of four weeks."""
    keep_everything(villages.settings, villages.service, tmp_path_factory.mktemp("visits"))
    return villages


@pytest.fixture(scope="package")
def session_of(with_runs: Served) -> Callable[[str], str]:
    """The session of somebody of a role, who has signed in by the form; by whichever browser is of no matter here."""

    @functools.cache
    def session(role: str) -> str:
        if not role:
            return ""
        visitor = reading.Browser(with_runs)
        with visitor.client:
            return visitor.signed_in(with_runs.key(role)).cookie

    return session


@pytest.fixture
def at(browser: Browser, with_runs: Served, session_of: Callable[[str], str]) -> Iterator[At]:
    """Each test has browsers of its own, closed after it."""
    with ExitStack() as opened:

        def person(role: str, mode: str = "desktop") -> Person:
            return opened.enter_context(Person(browser, with_runs.address, mode)).take_on(session_of(role))

        yield person


@pytest.fixture(scope="package")
def looking(browser: Browser, with_runs: Served, session_of: Callable[[str], str]) -> Iterator[At]:
    """For who only looks, one after another at the same browser, of a mode: opening one takes longer than most pages."""
    with ExitStack() as opened:

        @functools.cache
        def browser_in(mode: str) -> Person:
            return opened.enter_context(Person(browser, with_runs.address, mode))

        def person(role: str, mode: str = "desktop") -> Person:
            return browser_in(mode).anew(mode).take_on(session_of(role))

        yield person
