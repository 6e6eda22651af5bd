"""Counts of who was asked and who waited, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.csv_answers import Cell
from api.pages.page_words import capital, in_plain
from optimiser.domain.words import people

Json = Mapping[str, Any]
TABLES = {
    "need": "What they need",
    "hours": "Size of care, hours a week",
    "workers": "Care workers at a visit",
    "rurality": "Where they live",
}
REASONS = {
    "cannot_meet_need": "cannot meet the need",
    "no_capacity": "no capacity",
    "time_of_day": "the time of day",
    "too_far": "too far",
    "no_double_handed_run": "no run for two care workers",
    "other": "other",
}
FIGURES = ("asked", "asked_first", "accepted", "declined", "expired", "withdrawn", "out_of_order")
WAITS = ("people", "within_2_days", "within_7_days", "within_28_days", "later", "not_yet", "ended_before")
ASKED_HEADS = (
    "area_id", "area", "tier", "provider_id", "provider", "asked", "asked_first", "out_of_order", "answered", "accepted",
    "declined", "expired", "withdrawn", "waiting",
)  # fmt: skip
WAIT_HEADS = ("by", "group", *WAITS)
Group = tuple[str, list[list[str]]]


@dataclass(frozen=True)
class Board:
    """``asked``: per area its rows; ``waits``: per table its rows. ``nearest``: what counts are told to; 1: exact."""

    asked: list[Group]
    waits: list[Group]
    nearest: int
    rural_miles: str
    undated: str


def board_of(told: Json) -> Board:
    """The board of an answer of ``/v1/fairness``."""
    step, undated = told["counts_to_the_nearest"], told["requests_without_a_day"]
    asked: dict[tuple[str, str], list[list[str]]] = {}
    for row in told["asked"]:
        asked.setdefault((row["area_id"], row["area"]), []).append(_asked(row, step))
    waits: dict[str, list[list[str]]] = {}
    for row in told["waits"]:
        shown = [capital(in_plain(row["group"])), *(count_or_fewer(row[name], step) for name in WAITS)]
        waits.setdefault(row["by"], []).append(shown)
    return Board(
        [(area, rows) for (_, area), rows in asked.items()],
        [(TABLES[table], rows) for table, rows in waits.items()],
        step,
        f"{told['rural_beyond_miles']:g}",
        people(undated) if undated else "",
    )


def _asked(row: Json, step: int) -> list[str]:
    reasons = row["declined_by_reason"]
    said = [f"{REASONS[name]} {count}" for name, count in reasons.items() if count]
    told = [row["provider"], capital(in_plain(row["tier"])), *(count_or_fewer(row[name], step) for name in FIGURES)]
    return [*told, "; ".join(said)]


def count_or_fewer(count: int | None, step: int) -> str:
    """A count; of one that is withheld what may be said of it."""
    return f"fewer than {step}" if count is None else str(count)


def quarter_in_words(since: dt.date) -> str:
    """A quarter by its months: ``July to September 2026``."""
    last = since.replace(month=since.month + 2)
    return f"{since:%B} to {last:%B %Y}"


def asked_rows(told: Json) -> list[list[Cell]]:
    """Who was asked, as a file has it."""
    return [
        [*(row[name] for name in ASKED_HEADS), *(row["declined_by_reason"][name] for name in REASONS)] for row in told["asked"]
    ]


def asked_heads() -> list[str]:
    """The headings of that file."""
    return [*ASKED_HEADS, *(f"declined_{name}" for name in REASONS)]


def wait_rows(told: Json) -> list[list[Cell]]:
    """Who waited, as a file has it."""
    return [[row[name] for name in WAIT_HEADS] for row in told["waits"]]
