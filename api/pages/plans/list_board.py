"""Runs as their list shows them, and one run while it waits or works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import counted, in_plain, person_in_words
from api.pages.plans.run_words import STATUSES, TAGS, kind_in_words, moment
from optimiser.domain.words import percent_in_short

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A run of the list. ``more``: what is to be known before its plan is used."""

    run_id: str
    kind: str
    asked: str
    by: str
    status: str
    tag: str
    more: str


def row_of(run: Json) -> Row:
    """A run as ``/v1/runs`` tells it."""
    more = ""
    if run["out_of_date"] is not None:
        more = "Its plan no longer holds"
    elif run["problem"] is not None:
        more = run["problem"]["detail"]
    elif of_a_part(run["settings"], run["kind"]):
        more = "For a part of the county"
    status = STATUSES[run["status"]]
    if run["status"] == "running" and run["cancel_requested"]:
        status = "Stopping"
    kind = kind_in_words(run["kind"], run["settings"])
    return Row(
        run["run_id"], kind, moment(run["created_at"]), person_in_words(run["requested_by"]), status, TAGS[run["status"]], more
    )


def of_a_part(settings: Json, kind: str) -> bool:
    """Whether an allocation was asked for a part of the county, or with pins."""
    asked = settings.get(kind) or {}
    return bool(asked.get("pins") or any((asked.get("part") or {}).values()))


FAILURES = "failures"
"""What a sweep of failures counts; the levels of each are none of its own."""


@dataclass(frozen=True)
class LevelRow:
    """A level at work."""

    name: str
    value: str
    bound: str
    state: str
    closed: bool


@dataclass(frozen=True)
class Progress:
    """A run that has not ended: what it does in a sentence, and how far its levels are closed."""

    status: str
    tag: str
    says: str
    levels: list[LevelRow]
    counts: bool
    """Whether it counts what it has tried, in place of levels."""


def progress_of(run: Json, levels: Sequence[Json]) -> Progress:
    """Of a run and its levels, as ``/v1/runs/{run_id}`` and ``…/levels`` tell them."""
    counts = run["kind"] == "stress"
    told = [each for each in levels if not counts or each["level"] == FAILURES]
    rows = [_level(each, counts) for each in told]
    closed = sum(row.closed for row in rows)
    if run["status"] == "queued":
        says = "It waits for its turn: runs are worked on one after the other."
    elif run["cancel_requested"]:
        says = "It is stopping, and keeps the best plan that it has."
    elif not rows:
        says = "It is at work, and has told nothing yet."
    elif counts:
        tried = told[-1]
        says = f"{counted(tried['value'], 'failure')} of {tried['bound']:,} tried."
    else:
        says = f"{counted(closed, 'level')} closed; now at: {rows[-1].name}."
    price = (run["progress"] or {}).get("price_run")
    if price is not None:
        says += f" What the pins cost is being found out: {price} of {run['progress']['price_runs']}."
    row = row_of(run)
    return Progress(row.status, row.tag, says, rows, counts)


def _level(told: Json, counts: bool) -> LevelRow:
    value, bound = told["value"], told["bound"]
    if counts:
        return LevelRow("Failures tried", f"{value:,}", f"{bound:,}", "", False)
    closed = value == bound
    gap = (value - bound) / max(value, 1)
    state = "Proven" if closed else f"Open by {percent_in_short(gap)}" if gap >= 0.01 else "Open by less than 1%"
    return LevelRow(in_plain(told["level"]).capitalize(), f"{value:,}", f"{bound:,}", state, closed)
