"""Statements, their lines, and what providers ask about these, as they are sent and read."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.http.strict import PRINTABLE, Answer, Id, Line, Query, RecordId, Strict

Words = Annotated[str, StringConstraints(min_length=3, max_length=1000, pattern=PRINTABLE, strip_whitespace=True)]
Pounds = Annotated[float, Field(examples=[442.0])]
Hours = Annotated[float, Field(examples=[17.68])]
Maybe = Annotated[str | None, Field(examples=["08:15"])]
State = Annotated[
    Literal["draft", "first_yes", "closed"],
    Field(description="draft; first_yes: one person would close it, a second has to confirm; closed: it is never rewritten."),
]
QueryState = Annotated[Literal["open", "upheld", "refused"], Field(examples=["open"])]
STATEMENT: dict[str, Any] = {
    "statement_id": "S000002",
    "contract_id": "F-BRACKEN",
    "provider_id": "BRACKEN",
    "tier": "framework",
    "area_id": "A1",
    "period_starts": "2026-10-26",
    "period_ends": "2026-11-23",
    "state": "draft",
    "unknown_terms": [],
    "odd": {},
    "lines": 20,
    "drafted_by": "Fred Finance (06e72157)",
    "drafted_at": "2026-11-23T09:10:00",
    "first_yes": None,
    "closed_by": None,
    "closed_at": None,
    "visits_gbp": 442.0,
    "late_cancellations_gbp": 0.0,
    "retainers_gbp": 0.0,
    "guarantee_floor_gbp": 0.0,
    "guarantee_used_gbp": 442.0,
    "guarantee_adds_gbp": 0.0,
    "incentives_gbp": 0.0,
    "adjustments_gbp": 0.0,
    "total_gbp": 442.0,
    "commissioned_hours": 20.0,
    "delivered_hours": 17.5,
    "billed_hours": 17.0,
    "adjustments": [],
    "can_be_closed": True,
    "in_the_way": [],
}
LINE: dict[str, Any] = {
    "number": 1,
    "package_id": "R4",
    "date": "2026-10-26",
    "visit": "V06",
    "worker": "1",
    "outcome": "delivered",
    "planned_minutes": "60",
    "minutes": "58",
    "counted_minutes": "60",
    "paid_for": "visit",
    "why": "as_delivered",
    "band": "2",
    "rate_gbp": "26.00",
    "gbp": 26.0,
    "actual_ids": ["A003"],
    "query": None,
}
QUERY: dict[str, Any] = {
    "query_id": "Q-S000002-1",
    "statement_id": "S000002",
    "contract_id": "F-BRACKEN",
    "provider_id": "BRACKEN",
    "number": 1,
    "package_id": "R4",
    "date": "2026-10-26",
    "visit": "V06",
    "worker": "1",
    "paid_for": "visit",
    "gbp": 26.0,
    "words": "We were there for 75 minutes, as the family had asked.",
    "asked_by": "Sam Marsh",
    "asked_at": "2026-11-24T10:00:00",
    "answer_by": "2026-12-08",
    "is_late": False,
    "state": "open",
    "decided_by": None,
    "decided_at": None,
    "reason": None,
}


OWED: dict[str, Any] = {"provider_id": "BRACKEN", "lines": 2, "answer_by": "2026-12-08", "late": 0}


class ToDraft(Strict):
    """A period by its first day; of one contract, or of all whose statement is not closed."""

    model_config = ConfigDict(json_schema_extra={"example": {"period_starts": "2026-10-26"}})

    period_starts: dt.date
    contract_id: RecordId | None = None


class Drafted(Answer):
    """What was drafted, by contract."""

    period_starts: Annotated[str, Field(examples=["2026-10-26"])]
    statement_ids: Annotated[list[str], Field(examples=[["S000001", "S000002"]])]
    total_gbp: Pounds
    cannot_be_closed: Annotated[list[str], Field(description="Those of which a term is not known.", examples=[["S000003"]])]


class FirstYes(Answer):
    """Who would close it, where a second person has to confirm."""

    by: Annotated[str, Field(examples=["Fred Finance (06e72157)"])]
    at: Annotated[str, Field(examples=["2026-11-23T09:10:00"])]


class Adjusted(Answer):
    """What an earlier, closed period comes to otherwise."""

    period_starts: Annotated[str, Field(examples=["2026-09-28"])]
    gbp: Annotated[float, Field(examples=[-13.0])]


class Statement(Answer):
    """A contract's, for four weeks. Its lines add up to visits, late cancellations, retainers and incentives."""

    model_config = ConfigDict(json_schema_extra={"example": STATEMENT})

    statement_id: str
    contract_id: str
    provider_id: str
    tier: str
    area_id: str
    period_starts: str
    period_ends: Annotated[str, Field(description="The first day after it.")]
    state: State
    unknown_terms: list[str]
    odd: Annotated[dict[str, int], Field(description="Odd records of the contract, by kind.")]
    lines: int
    drafted_by: str | None
    drafted_at: str
    first_yes: FirstYes | None
    closed_by: str | None
    closed_at: str | None
    visits_gbp: Pounds
    late_cancellations_gbp: Pounds
    retainers_gbp: Pounds
    guarantee_floor_gbp: Pounds
    guarantee_used_gbp: Pounds
    guarantee_adds_gbp: Pounds
    incentives_gbp: Pounds
    adjustments_gbp: Pounds
    total_gbp: Pounds
    commissioned_hours: Hours
    delivered_hours: Hours
    billed_hours: Hours
    adjustments: list[Adjusted]
    can_be_closed: bool
    in_the_way: Annotated[list[str] | None, Field(description="What stands in the way of closing it; null: not asked here.")] = (
        None
    )


class StatementLine(Answer):
    """A visit, date and care worker: the minutes that count, why, and what they cost."""

    model_config = ConfigDict(json_schema_extra={"example": LINE})

    number: int
    package_id: Annotated[str | None, Field(description="null: whoever it was about is forgotten.")]
    date: str | None
    visit: Maybe
    worker: str | None
    outcome: str | None
    planned_minutes: str | None
    minutes: str | None
    counted_minutes: str | None
    paid_for: str | None
    why: str | None
    band: str | None
    rate_gbp: str | None
    gbp: Pounds
    actual_ids: list[str]
    query: Annotated[QueryState | None, Field(description="null: nobody questions it.")]


class LineQuery(Answer):
    """A line that its provider questions."""

    model_config = ConfigDict(json_schema_extra={"example": QUERY})

    query_id: str
    statement_id: str
    contract_id: str
    provider_id: str
    number: int
    package_id: str | None
    date: str | None
    visit: str | None
    worker: str | None
    paid_for: str | None
    gbp: Pounds
    words: str
    asked_by: str
    asked_at: str
    answer_by: Annotated[dt.date, Field(description="The last day for a decision: after it the query is late.")]
    is_late: bool
    state: QueryState
    decided_by: str | None
    decided_at: str | None
    reason: str | None


class OwedQueries(Answer):
    """Decisions about lines that are owed to one provider."""

    model_config = ConfigDict(json_schema_extra={"example": OWED})

    provider_id: str
    lines: Annotated[int, Field(description="So many wait for a decision.")]
    answer_by: Annotated[dt.date, Field(description="The last day for the first of them.")]
    late: Annotated[int, Field(description="Of how many it has passed.")]


class NewQuery(Strict):
    """A line, and what is wrong with it."""

    model_config = ConfigDict(json_schema_extra={"example": {"number": 1, "words": QUERY["words"]}})

    number: Annotated[int, Field(ge=1, le=10_000_000)]
    words: Annotated[Words, Field(description="What is wrong; name nobody.")]


class QueryDecision(Strict):
    """What a named person decided about a line, and why."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"decision": "upheld", "reason": "The family confirms it: the record is corrected."}}
    )

    decision: Literal["upheld", "refused"]
    reason: Line


class Book(Answer):
    """The files that statements are made by, as they were kept; a file that nobody has kept is missing."""

    model_config = ConfigDict(json_schema_extra={"example": {"files": {"account.toml": "periods_begin = 2026-10-26\n"}}})

    files: dict[str, str]


class StatementsQuery(Query):
    """Those of a period, a contract or a provider, or that stand in one way."""

    period_starts: dt.date | None = None
    contract_id: Id = None
    provider_id: Id = None
    state: Literal["draft", "first_yes", "closed"] | None = None


class QueriesQuery(Query):
    """Those of a statement, or that stand in one way."""

    statement_id: Id = None
    state: Literal["open", "upheld", "refused"] | None = None
