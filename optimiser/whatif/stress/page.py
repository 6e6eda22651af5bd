"""The stress as one page that opens offline."""

from __future__ import annotations

from typing import Any

from optimiser.io.pages import page_of


def stress_page(record: dict[str, Any]) -> bytes:
    """``stress.html``: one file, nothing fetched from anywhere; every text is escaped."""
    return page_of("optimiser.whatif.stress", "stress.html.j2", record, money=_money, whole=_whole)


def _money(pounds: str) -> str:
    """Pounds as people read them, whole."""
    value = round(float(pounds))
    return f"{'−' if value < 0 else '+' if value > 0 else ''}£{abs(value):,}"


def _whole(hours: str) -> str:
    return f"{float(hours):,.0f}"
