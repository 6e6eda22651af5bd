"""The stress as one page that opens offline."""

from __future__ import annotations

from typing import Any


def stress_page(record: dict[str, Any]) -> bytes:
    """``stress.html``: one file, nothing fetched from anywhere; every text is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("optimiser.stressing", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["money"] = _money
    environment.filters["whole"] = _whole
    return (environment.get_template("stress.html.j2").render(record) + "\n").encode()


def _money(pounds: str) -> str:
    """Pounds as people read them, whole."""
    value = round(float(pounds))
    return f"{'−' if value < 0 else '+' if value > 0 else ''}£{abs(value):,}"


def _whole(hours: str) -> str:
    return f"{float(hours):,.0f}"
