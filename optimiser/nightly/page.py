"""The report as one page that opens offline."""

from __future__ import annotations

from typing import Any

from optimiser.domain.words import percent_in_short
from optimiser.io.pages import page_of

PACKAGE_CHANGES = {
    "new": "new",
    "gone": "gone",
    "care_began": "care began",
    "waiting_again": "waiting again",
    "changed_contract": "on another contract",
    "changed_otherwise": "changed needs, dates or other details",
}


def nightly_page(record: dict[str, Any]) -> bytes:
    """``nightly.html``: one file, nothing fetched from anywhere; every text is escaped."""
    shown = {
        **record,
        "package_changes": PACKAGE_CHANGES,
        "area_names": {area["area_id"]: area["name"] for area in record["areas"]},
    }
    return page_of("optimiser.nightly", "nightly.html.j2", shown, percent=percent_in_short, words=_words)


def _words(name: str) -> str:
    """A name of the data as people read it."""
    return name.replace("_", " ")
