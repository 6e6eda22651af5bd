"""The stress as one page that opens offline."""

from __future__ import annotations

from typing import Any

from optimiser.domain.words import more_pounds_in_words, rounded
from optimiser.io.pages import page_of


def stress_page(record: dict[str, Any]) -> bytes:
    """``stress.html``: one file, nothing fetched from anywhere; every text is escaped."""
    return page_of("optimiser.whatif.stress", "stress.html.j2", record, money=more_pounds_in_words, whole=_whole)


def _whole(hours: str) -> str:
    return rounded(float(hours))
