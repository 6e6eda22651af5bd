"""The three villages on a planner's desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from optimiser.domain.snapshot import Snapshot
from tests.api.asking.desk import Desk, desk


@pytest.fixture
def served_villages(database_url: str, small: Snapshot) -> Iterator[Desk]:
    with desk(database_url, small) as at:
        yield at
