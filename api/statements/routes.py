"""Statements of providers and months, for the council and for the provider itself."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from fastapi import Path, Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http import strict
from api.http.openapi import problems
from api.http.responses import one, several
from api.http.strict import Listed
from api.statements import acts
from api.statements.schemas import MonthlyStatement, Months, NewLineQuery, QueriesQuery, QueryAnswer, StatementQuery
from api.statements.statement_months import MONTH

router = Router(prefix="/v1")
OF_COUNCIL: list[str | Enum] = ["providers"]
OF_PROVIDER: list[str | Enum] = ["providers' own"]
Month = Annotated[str, Path(pattern=MONTH, description="A month.", examples=["2026-11"])]


@router.get(
    "/providers/{provider_id}/statements",
    tags=OF_COUNCIL,
    summary="The months of a provider's statements",
    response_model=Months,
)
def list_statements(provider_id: str, by: Annotated[Caller, may(acts.list_statements)]) -> Response:
    """The newest first. One is made a week after its month has ended, where the service asked for anybody in it."""
    return one(acts.list_statements(by, provider_id))


@router.get(
    "/providers/{provider_id}/statements/{month}",
    tags=OF_COUNCIL,
    summary="A provider's statement",
    response_model=MonthlyStatement,
)
def read(provider_id: str, month: Month, by: Annotated[Caller, may(acts.read)]) -> Response:
    """The very bytes that the provider reads; they stay as they were made."""
    return one(acts.read(by, provider_id, month))


@router.get("/own/statements", tags=OF_PROVIDER, summary="The months of your own statements", response_model=Months)
def list_own(by: Annotated[Caller, may(acts.list_own)]) -> Response:
    """The newest first. One is made a week after its month has ended."""
    return one(acts.list_own(by))


@router.get("/own/statements/{month}", tags=OF_PROVIDER, summary="Your own statement of a month", response_model=MonthlyStatement)
def read_own(month: Month, by: Annotated[Caller, may(acts.read_own)]) -> Response:
    """Your offers, exactly; and why you were not asked first, in counts in which nobody can be found."""
    return one(acts.read_own(by, month))


@router.post(
    "/own/statements/{month}/queries",
    tags=OF_PROVIDER,
    summary="Ask about a line of your own statement",
    response_model=StatementQuery,
    responses=problems("too_many_open"),
)
def query_line(month: Month, given: NewLineQuery, by: Annotated[Caller, may(acts.query_line)]) -> Response:
    """`answer_by` is the last day for an answer. The same again, while it is open, is no second query."""
    return one(acts.query_line(by, month, given))


@router.get("/own/statement-queries", tags=OF_PROVIDER, summary="Your own queries", response_model=Listed[StatementQuery])
def list_own_queries(by: Annotated[Caller, may(acts.list_own_queries)], query: Annotated[strict.Query, Query()]) -> Response:
    """Those that wait for an answer first, by its day."""
    return several(acts.list_own_queries(by, query))


@router.get("/statement-queries", tags=OF_COUNCIL, summary="Queries about statements", response_model=Listed[StatementQuery])
def list_queries(by: Annotated[Caller, may(acts.list_queries)], query: Annotated[QueriesQuery, Query()]) -> Response:
    """Those that wait for an answer first, by its day; with `open=true` those alone."""
    return several(acts.list_queries(by, query))


@router.post(
    "/statement-queries/{query_id}/answer",
    tags=OF_COUNCIL,
    summary="Answer a query about a statement",
    response_model=StatementQuery,
    responses=problems("query_answered"),
)
def answer(query_id: str, given: QueryAnswer, by: Annotated[Caller, may(acts.answer)]) -> Response:
    """The provider reads the answer, and who gave it. Say nothing of a person, or of another provider."""
    return one(acts.answer(by, query_id, given))
