"""A small part of the campaign ``python -m tests.campaigns.fuzz``."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.state.store import Store
from tests.api.conftest import Served
from tests.api.talking import exported
from tests.campaigns.fuzzing import by_malformed, by_schema

LIKE_CONTRACTS = "/v1/(rates|offices|surgeries|rounds|restrictions)"
"""Kinds of record whose addresses are made by the same lines as those of contracts; the campaign asks them too."""


def test_whatever_the_document_allows_or_not_is_answered_as_it_says(served: Served, store: Store, tmp_path: Path) -> None:
    sent, failures = by_schema(served.address, served.key("admin"), examples=1, but=LIKE_CONTRACTS)
    assert failures == []
    assert sent > 50
    exported(store, tmp_path / "out")


@pytest.mark.parametrize("number", [1, 2])
def test_malformed_bodies_are_refused_one_and_all(served: Served, store: Store, tmp_path: Path, number: int) -> None:
    with served.client("admin") as client:
        statuses, failures = by_malformed([client], 100, number)
    assert failures == []
    assert statuses[422] > 30
    exported(store, tmp_path / "out")
