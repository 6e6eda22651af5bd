"""A provider's statement of a month in words, for itself and for the council, and for a spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.csv_answers import Cell
from api.pages.fairness.fairness_board import REASONS, count_or_fewer
from api.pages.page_words import counted, day_in_words, moment_in_words, person_in_words
from optimiser.domain.words import listed

Json = Mapping[str, Any]
LINES = {
    "all": "Requests in its areas that somebody was first asked for",
    "asked_first": "It was among the first who were asked",
    "before_you": "Nothing of its own stood in the way; those before it in the order were asked",
    "restriction": "Not asked: a restriction on it",
    "rating": "Not asked: its rating",
    "skills": "Not asked: a skill that it does not have",
    "radius": "Not asked: further away than it travels",
    "band": "Not asked: a price band that its contract does not cover",
    "contract_maximum": "Not asked: the hours of its contract were used",
    "own_limit": "Not asked: its own limit on hours was reached",
    "decline": "Not asked: it had declined, or let an offer run out",
    "other_reasons": "Not asked: other reasons",
}
"""The lines of requests, as they stand on the page and in the file."""
WITHOUT = {
    "skills": "it had every skill that was needed",
    "radius": "it travelled as far as was needed",
    "band": "its contract covered every price band",
    "contract_maximum": "its contract had hours left",
    "own_limit": "its own limit on hours was not reached",
}
OFFERS = {
    "asked": "Offers made to it",
    "placed": "Placed with it",
    "no": "It said no",
    "no_answer_in_time": "No answer in time",
    "no_longer_needed": "No longer needed",
    "waiting": "Still waited",
}
ASKABLE = {
    **LINES,
    "largest_difference": "What would have made the largest difference",
    "offers": "Its offers",
    "answers": "How long its answers took",
}
PRINTED = "printed/monthly_statement.html.j2"
CSV_HEADS = ("part", "line", "count", "alone")


@dataclass(frozen=True)
class StatementBoard:
    """``requests``: lines with a count, and how often nothing else of its own was in the way; ``offers``: lines with a count."""

    requests: list[list[str]]
    largest: str
    offers: list[list[str]]
    said_no: str
    answers: str
    whose: str
    where: str
    made_on: str
    nearest: int


@dataclass(frozen=True)
class QueryRow:
    """A query in words. ``may_be_answered``: nobody has."""

    query_id: str
    line: str
    said: str
    asked: str
    answer: str
    standing: str
    is_late: bool
    may_be_answered: bool


def month_in_words(month: str) -> str:
    """``2026-11`` as ``November 2026``."""
    return f"{dt.date.fromisoformat(f'{month}-01'):%B %Y}"


def title_of(told: Json) -> str:
    """Whose statement it is, and of which month."""
    return f"{told['provider']}: statement of {month_in_words(told['month'])}"


def statement_board(told: Json, names: Mapping[str, str]) -> StatementBoard:
    """The board of a statement. ``names``: of areas by their ids, as far as the reader may know them."""
    step, offers = told["counts_to_the_nearest"], told["offers"]
    areas = listed([names.get(each, each) for each in told["area_ids"]])
    where = f"the whole county{f', and {areas}' if areas else ''}" if told["whole_county"] else areas or "no area"
    return StatementBoard(
        [_in_words(*line, step) for line in _lines(told)],
        _largest(told),
        [[said, str(offers[name])] for name, said in OFFERS.items()],
        "; ".join(f"{REASONS[name]} {count}" for name, count in offers["no_by_reason"].items() if count),
        _answers(offers),
        told["provider"],
        where,
        day_in_words(told["made_on"]),
        step,
    )


def _in_words(name: str, count: int | None, alone: int | None, step: int) -> list[str]:
    return [LINES[name], count_or_fewer(count, step), "–" if alone == 0 else count_or_fewer(alone, step)]


def _lines(told: Json) -> list[tuple[str, int | None, int | None]]:
    """Each line of requests with its count and, of reasons of its own, how often no other was in the way; of others 0."""
    requests = told["requests"]
    first: list[tuple[str, int | None, int | None]] = [(name, requests[name], 0) for name in ("all", "asked_first", "before_you")]
    own = [(each["reason"], each["requests"], each["alone"]) for each in told["not_asked"]]
    return [*first, *own, ("other_reasons", requests["other_reasons"], 0)]


def _largest(told: Json) -> str:
    found = told["largest_difference"]
    if found is None:
        return f"None of its own limits alone stood in the way of {told['counts_to_the_nearest']} requests or more."
    number = f"about {counted(found['requests'], 'request')} more"
    return f"Had it been that {WITHOUT[found['reason']]}, nothing of its own would have stood in the way of {number}."


def _answers(offers: Json) -> str:
    if not offers["answered"]:
        return "It answered none itself."
    middle, longest = (f"{offers[name]:g} hours" for name in ("median_hours", "longest_hours"))
    answered = counted(offers["answered"], "offer")
    return f"It answered {answered} itself: half of them within {middle}, the slowest after {longest}."


def statement_rows(told: Json) -> list[list[Cell]]:
    """The same for a spreadsheet; an empty cell where too few are counted to be told."""
    rows: list[list[Cell]] = [["requests", name, count, None if alone == 0 else alone] for name, count, alone in _lines(told)]
    found, offers = told["largest_difference"], told["offers"]
    rows.append(["largest_difference", found and found["reason"], found and found["requests"], None])
    rows += [["offers", name, offers[name], None] for name in (*OFFERS, "answered", "median_hours", "longest_hours")]
    rows += [["offers", f"no_{name}", count, None] for name, count in offers["no_by_reason"].items()]
    return rows


def query_rows(queries: Sequence[Json]) -> list[QueryRow]:
    """Queries in words, in their order."""
    return [_query(each) for each in queries]


def _query(query: Json) -> QueryRow:
    is_open = query["answered_at"] is None
    due = day_in_words(query["answer_by"])
    standing = f"An answer is {'late: it was ' if query['is_late'] else ''}due by {due}" if is_open else "Answered"
    answer = "" if is_open else f"{query['answer']} – {person_in_words(query['answered_by'])}, {_moment(query['answered_at'])}"
    return QueryRow(
        query["query_id"],
        f"{ASKABLE[query['line']]} ({month_in_words(query['month'])})",
        query["said"],
        f"{query['asked_by']}, {_moment(query['asked_at'])}",
        answer,
        standing,
        query["is_late"],
        is_open,
    )


def _moment(text: str) -> str:
    return moment_in_words(dt.datetime.fromisoformat(text))
