"""A council has somebody who answers by day and night: without, no letter is printed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from optimiser.explaining.notes import CONTACT

LINE = "the Care Line on 01603 496 0123"


@pytest.fixture(autouse=True, scope="module")
def somebody_answers() -> Iterator[None]:
    """For every test of a folder whose ``conftest`` imports this."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv(CONTACT, LINE)
        yield
