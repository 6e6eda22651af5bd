"""What a provider asks about a line of a statement: open until a named officer answers, with a day by which they are to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from api.settings import Settings
from api.state.state import State
from api.state.stored_records import STATEMENT_QUERIES, Body
from optimiser.domain.dates import days_after, is_working_day
from optimiser.nightly.watch import OverdueQuery
from optimiser.rules.vocabulary import OWN_REASONS

LINES = ("all", "asked_first", "before_you", *OWN_REASONS, "other_reasons", "largest_difference", "offers", "answers")
"""What may be asked about."""
MOST_OPEN = 50
"""So many of a provider's wait for an answer at most: more are one question."""


def due_on(settings: Settings, asked_on: dt.date) -> dt.date:
    """The last day for an answer: so many working days after the one on which it was asked."""
    day, left = asked_on, settings.statement_answer_working_days
    while left:
        day = days_after(day, 1)
        left -= is_working_day(day, settings.extra_holidays)
    return day


def queries_of(state: State, provider_id: str | None = None) -> list[Body]:
    """The queries of a provider, or of all: open ones by the day of their answer, then answered ones, the newest first."""
    found = (each.body for each in state.stock[STATEMENT_QUERIES].values())
    return sorted((each for each in found if provider_id in (None, each["provider_id"])), key=turn_of)


def turn_of(body: Body) -> tuple[int, str, int, str]:
    """Where a query stands in their lists."""
    if body["answered_at"] is None:
        return 0, body["answer_by"], 0, body["query_id"]
    newest_first = (dt.datetime.min - dt.datetime.fromisoformat(body["asked_at"])) // dt.timedelta(seconds=1)
    return 1, "", newest_first, body["query_id"]


def is_late(state: State, body: Body) -> bool:
    """Whether nobody has answered, and the day for it has passed."""
    return body["answered_at"] is None and str(body["answer_by"]) < state.as_of.isoformat()


def query_json(state: State, body: Body) -> dict[str, Any]:
    """A query as it is answered."""
    return {**body, "is_late": is_late(state, body)}


def overdue_queries(state: State) -> tuple[OverdueQuery, ...]:
    """Those whose day has passed, whoever has waited longest first."""
    return tuple(_overdue(state))


def _overdue(state: State) -> Iterator[OverdueQuery]:
    for body in queries_of(state):
        if is_late(state, body):
            stored = state.get("providers", body["provider_id"])
            name = body["provider_id"] if stored is None else stored.record.name
            yield OverdueQuery(body["query_id"], name, body["month"], dt.date.fromisoformat(body["answer_by"]))
