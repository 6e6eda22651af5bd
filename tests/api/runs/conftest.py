"""A server that works on no runs of its own: tests do, or start who does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.state.store import Store
from tests.api.conftest import Served, serving
from tests.api.runs.working import settings_of
from tests.calling import somebody_answers

__all__ = ["somebody_answers"]


@pytest.fixture
def served(store: Store) -> Iterator[Served]:
    """The three villages over real HTTP, on both kinds of database."""
    with serving(settings_of(store, run_workers=0)) as running:
        yield running
