"""Monthly statements of providers, and queries about a line of one, as they are read, asked and answered over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.http.strict import Answer, Exact, Id, Query
from api.offers.schemas import Text
from api.statements.statement_months import MONTH

Reason = Literal["restriction", "rating", "skills", "radius", "band", "contract_maximum", "own_limit", "decline"]
Line = Literal[
    "all", "asked_first", "before_you", "restriction", "rating", "skills", "radius", "band", "contract_maximum", "own_limit",
    "decline", "other_reasons", "largest_difference", "offers", "answers",
]  # fmt: skip
Month = Annotated[str, Field(pattern=MONTH, examples=["2026-11"])]
Hidden = Annotated[int | None, Field(ge=0, description="null: too few people to be told.", examples=[10])]
Exactly = Annotated[int, Field(ge=0, examples=[3])]

STATEMENT: dict[str, Any] = {
    "provider_id": "BRACKEN",
    "provider": "Bracken Home Care",
    "month": "2026-11",
    "since": "2026-11-01",
    "until": "2026-12-01",
    "made_on": "2026-12-08",
    "area_ids": ["A1"],
    "whole_county": False,
    "counts_to_the_nearest": 5,
    "requests": {"all": 40, "asked_first": 15, "before_you": 10, "other_reasons": None},
    "not_asked": [
        {"reason": "restriction", "requests": None, "alone": None},
        {"reason": "rating", "requests": None, "alone": None},
        {"reason": "skills", "requests": 5, "alone": None},
        {"reason": "radius", "requests": None, "alone": None},
        {"reason": "band", "requests": None, "alone": None},
        {"reason": "contract_maximum", "requests": None, "alone": None},
        {"reason": "own_limit", "requests": 10, "alone": 10},
        {"reason": "decline", "requests": None, "alone": None},
    ],
    "largest_difference": {"reason": "own_limit", "requests": 10},
    "offers": {
        "asked": 17,
        "placed": 6,
        "no": 7,
        "no_answer_in_time": 1,
        "no_longer_needed": 3,
        "waiting": 0,
        "no_by_reason": {
            "cannot_meet_need": 1,
            "no_capacity": 4,
            "time_of_day": 2,
            "too_far": 0,
            "no_double_handed_run": 0,
            "other": 0,
        },
        "answered": 14,
        "median_hours": 5.5,
        "longest_hours": 23.0,
    },
}
QUERY: dict[str, Any] = {
    "query_id": "SQ-5f1c2a90b7de4431",
    "provider_id": "BRACKEN",
    "month": "2026-11",
    "line": "own_limit",
    "said": "We raised our limit on 3 November. Was that taken in?",
    "asked_by": "Sam Marsh",
    "asked_at": "2026-12-09T10:05:00",
    "answer_by": "2026-12-23",
    "answer": None,
    "answered_by": None,
    "answered_at": None,
    "is_late": False,
}


class Months(Answer):
    """The months of which there is a statement, the newest first."""

    model_config = ConfigDict(json_schema_extra={"example": {"provider_id": "BRACKEN", "months": ["2026-11"]}})

    provider_id: str
    months: list[Month]


class RequestCounts(Answer):
    """Requests of the provider's areas that somebody was first asked for in the month."""

    all: Hidden
    asked_first: Annotated[Hidden, Field(description="The provider was among the first who were asked.")]
    before_you: Annotated[
        Hidden, Field(description="Nothing of its own stood in the way; those before it in the order were asked first.")
    ]
    other_reasons: Annotated[Hidden, Field(description="All that is not the provider's own.")]


class NotAsked(Answer):
    """A reason of the provider's own. A request that several kept it from is counted at the first of them in this order."""

    reason: Reason
    requests: Hidden
    alone: Annotated[Hidden, Field(description="Of all requests those of which nothing else of its own stood in the way.")]


class LargestDifference(Answer):
    """The limit of its own without which nothing of its own would have stood in the way of the most requests."""

    reason: Reason
    requests: int


class NoByReason(Answer):
    """Its declines by the reason that it gave."""

    cannot_meet_need: Exactly
    no_capacity: Exactly
    time_of_day: Exactly
    too_far: Exactly
    no_double_handed_run: Exactly
    other: Exactly


class OwnOffersOfMonth(Answer):
    """The provider's own offers of new care, by the day on which they were made; exactly, as it knows each of them."""

    asked: Exactly
    placed: Exactly
    no: Exactly
    no_answer_in_time: Exactly
    no_longer_needed: Exactly
    waiting: Annotated[Exactly, Field(description="Still, on the day on which the statement was made.")]
    no_by_reason: NoByReason
    answered: Annotated[Exactly, Field(description="By the provider itself, yes or no.")]
    median_hours: Annotated[float | None, Field(ge=0, description="From the offer to its answer, by the clock.")]
    longest_hours: Annotated[float | None, Field(ge=0)]


class MonthlyStatement(Answer):
    """What a provider is told of a month. Made once, and never changed."""

    model_config = ConfigDict(json_schema_extra={"example": STATEMENT})

    provider_id: str
    provider: str
    month: Month
    since: dt.date
    until: Annotated[dt.date, Field(description="Not included.")]
    made_on: dt.date
    area_ids: Annotated[list[str], Field(description="Of its contracts in the month.")]
    whole_county: Annotated[bool, Field(description="It has a contract for the whole county.")]
    counts_to_the_nearest: Annotated[
        int, Field(ge=1, description="Counts of requests are told to the nearest multiple of this, and none of fewer people.")
    ]
    requests: RequestCounts
    not_asked: list[NotAsked]
    largest_difference: LargestDifference | None
    offers: OwnOffersOfMonth


class NewLineQuery(Exact):
    """What a provider asks about a line of its statement; never of a person."""

    model_config = ConfigDict(json_schema_extra={"example": {"line": QUERY["line"], "said": QUERY["said"]}})

    line: Line
    said: Annotated[Text, Field(description="What it wants to know. Nothing of a person.")]


class QueryAnswer(Exact):
    """The council's answer to a query; never of a person, or of another provider."""

    model_config = ConfigDict(json_schema_extra={"example": {"answer": "It was, from 5 November on: your letter came that day."}})

    answer: Annotated[Text, Field(description="Its provider reads it. Nothing of a person, and nothing of another provider.")]


class QueriesQuery(Query):
    """Those of a provider, or those that wait for an answer."""

    provider_id: Id = None
    open: Annotated[bool, Field(description="Those alone that wait for an answer.")] = False


class StatementQuery(Answer):
    """A query about a line of a statement, open while it has no answer."""

    model_config = ConfigDict(json_schema_extra={"example": QUERY})

    query_id: str
    provider_id: str
    month: Month
    line: Line
    said: str
    asked_by: Annotated[str, Field(description="Who at the provider.")]
    asked_at: dt.datetime
    answer_by: Annotated[dt.date, Field(description="The last day for an answer: after it the query is late.")]
    answer: str | None
    answered_by: Annotated[str | None, Field(description="The officer who answered, by name.")]
    answered_at: dt.datetime | None
    is_late: bool
