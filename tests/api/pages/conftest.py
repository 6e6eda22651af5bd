"""The three villages, served once for all tests of the pages: they do not hang on the kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.settings import Settings
from api.state.store import Store
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER, Served, serving
from tests.api.databases import prepared
from tests.api.pages.reading import Browser


@pytest.fixture(scope="package")
def villages(tmp_path_factory: pytest.TempPathFactory, small: Snapshot) -> Iterator[Served]:
    url = f"sqlite:///{tmp_path_factory.mktemp('pages') / 'county.db'}"
    settings = Settings(database_url=url, as_of=small.as_of, run_workers=0, tick_seconds=0, council="Larkmere Council")
    engine = prepared(url)
    Store(engine, settings.clock).load(small, LOADER)
    engine.dispose()
    with serving(settings) as running:
        yield running


@pytest.fixture
def nobody(villages: Served) -> Iterator[Browser]:
    """A browser in which nobody is signed in."""
    browser = Browser(villages)
    with browser.client:
        yield browser


@pytest.fixture
def planner(villages: Served, nobody: Browser) -> Browser:
    return nobody.signed_in(villages.key("planner"))
