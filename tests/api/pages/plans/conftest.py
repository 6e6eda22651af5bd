"""A server that works on no runs of its own: the tests do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.state.store import Store
from tests.api.conftest import Served, serving
from tests.api.pages.reading import Browser
from tests.api.runs.working import settings_of


@pytest.fixture
def served(store: Store) -> Iterator[Served]:
    with serving(settings_of(store, run_workers=0, tick_seconds=0)) as running:
        yield running


@pytest.fixture
def ada(served: Served) -> Iterator[Browser]:
    """A planner in a browser."""
    browser = Browser(served)
    with browser.client:
        yield browser.signed_in(served.key("planner"))
