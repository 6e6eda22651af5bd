"""Notices, offers and answers in random orders: a few here, two hundred by ``python -m tests.campaigns.hospital``."""

from __future__ import annotations

from pathlib import Path

from tests.campaigns.hospital import run


def test_in_any_order_no_offer_outlives_a_withdrawal_nobody_is_asked_for_twice_and_nobody_is_dropped(tmp_path: Path) -> None:
    assert run(orders=6, steps=12, folder=tmp_path) > 0
