"""The three villages, served once for all tests of the pages: they do not hang on the kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import Served, loaded, serving
from tests.api.pages.reading import Browser


@pytest.fixture(scope="package")
def villages(tmp_path_factory: pytest.TempPathFactory, small: Snapshot) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("pages")
    with serving(
        loaded(folder, small, run_workers=0, tick_seconds=0, council="Larkmere Council", publish_fairness=True)
    ) as running:
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
