"""A shadow report as files: ``index.html`` and ``shadow.json`` for members, counts alone, and two tables for the team alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optimiser.domain.hiding import Hiding
from optimiser.io.folders import pretty
from optimiser.io.result_head import versions
from optimiser.io.spreadsheets import spreadsheet
from optimiser.shadowing.counts_for_members import (
    by_class,
    by_level,
    by_provider,
    by_rule,
    by_tier,
    could_be_asked,
    in_all,
    sums,
    who_waited,
)
from optimiser.shadowing.nights import longest_gap
from optimiser.shadowing.page import shadow_page
from optimiser.shadowing.story import Shadow
from optimiser.shadowing.tables import DECISION_COLUMNS, WAIT_COLUMNS, decision_rows, wait_rows

DECISIONS_FILE, WAITS_FILE, RECORD_FILE, PAGE_FILE = "shadow-decisions.csv", "shadow-waits.csv", "shadow.json", "index.html"
FOR_THE_TEAM = (DECISIONS_FILE, WAITS_FILE)
"""Files that name packages."""


def shadow_record(made: Shadow, hiding: Hiding, *, named: bool) -> dict[str, Any]:
    """``shadow.json``: counts alone. ``named``: providers by name; else they are numbered."""
    nights = made.nights
    return {
        **versions(),
        "rule_book": made.rules.version,
        "title": nights[-1].title,
        "first_night": str(nights[0].as_of),
        "last_night": str(nights[-1].as_of),
        "nights": len(nights),
        "longest_gap_days": longest_gap(nights),
        "snapshot_digests": [night.digest() for night in nights],
        "decisions": sum(1 for _ in made.decisions),
        "classes": by_class(made),
        "rules": by_rule(made),
        "levels": by_level(made),
        "sums": sums(made),
        "tiers": by_tier(made),
        "providers": by_provider(made, hiding, named=named),
        "counts_to_the_nearest": hiding.smallest,
        "people": in_all(made, hiding),
        "could_have_been_asked_earlier": could_be_asked(made, hiding),
        "who_waited": who_waited(made, hiding),
    }


def shadow_files(made: Shadow, record: Mapping[str, Any]) -> dict[str, bytes]:
    """Every file by its name."""
    return {
        PAGE_FILE: shadow_page(record),
        RECORD_FILE: pretty(dict(record)),
        DECISIONS_FILE: spreadsheet(DECISION_COLUMNS, decision_rows(made)),
        WAITS_FILE: spreadsheet(WAIT_COLUMNS, wait_rows(made)),
    }
