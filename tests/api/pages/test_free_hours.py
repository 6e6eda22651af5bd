"""The free hours of a provider on its page: in words, and where its answers disagree for contract officers alone."""

from __future__ import annotations

from typing import Any

from api.capacity_returns.schemas import RETURN
from api.pages.providers.free_hours_board import free_hours_of

DECLINED = {"offer_id": "O1", "area_id": "A1", "declined_on": "2026-11-22"}


def test_what_a_provider_told_in_words() -> None:
    assert free_hours_of([], [], {}) is None
    told: dict[str, Any] = RETURN
    now = free_hours_of([told], [], {})
    assert now is not None and (now.says, now.ask_again, now.declined) == ("Told 3 days ago: 12 h, mornings, A1.", "", [])
    assert now.facts == [
        ("Told on", "20 November 2026"),
        ("Said by", "S. Marsh, duty manager (telephone)"),
        ("Written down by", "Ada Planner"),
        ("Counts until", "4 December 2026"),
    ]
    later = free_hours_of([told | {"ask_again": True, "said_by": "", "how": ""}], [{"declined": [DECLINED]}], {"A1": "Larkmere"})
    assert later is not None and later.ask_again == "It counted until 4 December 2026: ask again."
    assert later.facts[1] == ("Said by", "Not said")
    assert later.declined == [("O1", "Larkmere", "22 November 2026")]
