"""The nightly report as people read it: one page that opens offline, with nothing of its own but words and two drawings."""

from __future__ import annotations

from typing import Any

from optimiser.domain.words import REGIME_NAMES, more_pounds_and_pence, percent_in_short
from optimiser.io.folders import page_of
from optimiser.nightly.trend import SVG_HEIGHT, SVG_WIDTH, line_of

PACKAGE_CHANGES = {
    "new": "new",
    "gone": "gone",
    "care_began": "care began",
    "waiting_again": "waiting again",
    "changed_contract": "on another contract",
    "changed_otherwise": "changed needs, dates or other details",
}


NAMED_IN_A_LINE = 5
"""How many providers a line of the page names; ``nightly.json`` names all."""
PASSED_IN_A_LINE = 2
"""Of how many providers a line says why they were passed: a county has hundreds of such lines."""


def nightly_page(record: dict[str, Any]) -> bytes:
    """``nightly.html``: one file, nothing fetched from anywhere; every text is escaped."""
    shown = {
        **record,
        "package_changes": PACKAGE_CHANGES,
        "gap_names": NAMED_IN_A_LINE,
        "passed_shown": PASSED_IN_A_LINE,
        "regimes": REGIME_NAMES,
        "area_names": {area["area_id"]: area["name"] for area in record["areas"]},
        "line": None if record["trend"] is None else line_of(record["trend"]["unmet_people"]),
        "drawing": (SVG_WIDTH, SVG_HEIGHT),
    }
    return page_of(
        "optimiser.nightly", "nightly.html.j2", shown, percent=percent_in_short, words=_words, money=more_pounds_and_pence
    )


def _words(name: str) -> str:
    """A name of the data as people read it."""
    return name.replace("_", " ")
