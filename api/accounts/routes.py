"""Statements of what is owed to each contract for four weeks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.accounts import acts
from api.accounts.schemas import (
    Book,
    Drafted,
    LineQuery,
    NewQuery,
    OwedQueries,
    QueriesQuery,
    QueryDecision,
    Statement,
    StatementLine,
    StatementsQuery,
    ToDraft,
)
from api.acts.act import Caller
from api.acts.judged_first import Router, limit_of
from api.acts.signing_in import may
from api.http import strict
from api.http.openapi import problems
from api.http.responses import IfMatch, Shown, one, several
from api.http.strict import Listed
from api.http.zipped_folder import NOT_A_FOLDER, received, unpacked

router = Router(prefix="/v1", tags=["accounts"])
ZIP = {
    "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}, "example": "a zip"}},
    "required": True,
}


@router.get("/accounts/book", summary="What statements are made by", response_model=Book)
def read_book(by: Annotated[Caller, may(acts.read_book)]) -> Response:
    """`account.toml` (when periods begin, and settings), `terms.csv`, `incentives.csv` and `incentive_periods.csv`."""
    return one(acts.read_book(by))


@router.put(
    "/accounts/book",
    summary="Keep files of the account book",
    response_model=Book,
    responses=problems(NOT_A_FOLDER, "refused", "changed_since", "precondition_required"),
    openapi_extra={"requestBody": ZIP},
)
async def keep_book(request: Request, by: Annotated[Caller, may(acts.keep_book)], if_match: IfMatch = None) -> Response:
    """A zip of any of them: each takes the place of the file of its name, others stay. All are judged together, beside the
    contracts, with every fault."""
    most = limit_of(acts.keep_book.takes, by.settings)
    async with received(request, most) as body:

        def work() -> Shown:
            with unpacked(body, most) as folder:
                return acts.keep_book(by, {each.name: each.read_bytes() for each in folder.iterdir()}, if_match)

        return one(await run_in_threadpool(work))


@router.post(
    "/accounts/statements",
    summary="Draft statements of a period",
    response_model=Drafted,
    responses=problems("refused", "no_account_book", "already_closed"),
)
def draft(given: ToDraft, by: Annotated[Caller, may(acts.draft)]) -> Response:
    """From the records of visits that have come. Every penny is counted anew by the independent check before anything is written.
    What has come since of periods that are closed is in `adjustments`. Drafts are made anew, closed statements never."""
    return one(acts.draft(by, given))


@router.get("/accounts/statements", summary="Statements", response_model=Listed[Statement])
def list_statements(by: Annotated[Caller, may(acts.list_statements)], query: Annotated[StatementsQuery, Query()]) -> Response:
    """The newest period first, then by contract."""
    return several(acts.list_statements(by, query))


@router.get("/accounts/statements/{statement_id}", summary="One statement", response_model=Statement)
def read_statement(statement_id: str, by: Annotated[Caller, may(acts.read_statement)]) -> Response:
    """With what stands in the way of closing it."""
    return one(acts.read_statement(by, statement_id))


@router.get("/accounts/statements/{statement_id}/lines", summary="Its lines", response_model=Listed[StatementLine])
def list_lines(
    statement_id: str, by: Annotated[Caller, may(acts.list_lines)], query: Annotated[strict.Query, Query()]
) -> Response:
    """By person, date, visit and care worker; incentives last. A page is an entry of the audit trail."""
    return several(acts.list_lines(by, statement_id, query))


@router.post(
    "/accounts/statements/{statement_id}/close",
    summary="Close a statement",
    response_model=Statement,
    responses=problems("cannot_be_closed", "already_closed", "same_person", "changed_since", "precondition_required"),
)
def close(statement_id: str, by: Annotated[Caller, may(acts.close_statement)], if_match: IfMatch = None) -> Response:
    """It is never rewritten. Above what you may close alone (`OPTIMISER_APPROVAL_LIMITS_GBP`) it waits as `first_yes` until
    another person does the same. Pseudonyms of care workers in its records become numbers."""
    return one(acts.close_statement(by, statement_id, if_match))


@router.get("/accounts/queries", summary="Lines that providers question", response_model=Listed[LineQuery])
def list_queries(by: Annotated[Caller, may(acts.list_queries)], query: Annotated[QueriesQuery, Query()]) -> Response:
    """Those first that nobody has decided about."""
    return several(acts.list_queries(by, query))


@router.get("/accounts/queries/owed", summary="Whom decisions are owed", response_model=Listed[OwedQueries])
def list_owed(by: Annotated[Caller, may(acts.list_owed)]) -> Response:
    """By provider, the first due first. It tells of nobody whose visit a line is about."""
    return one(acts.list_owed(by))


@router.post(
    "/accounts/queries/{query_id}/decide",
    summary="Decide about a line",
    response_model=LineQuery,
    responses=problems("already_decided"),
)
def decide_query(query_id: str, given: QueryDecision, by: Annotated[Caller, may(acts.decide_query)]) -> Response:
    """Nothing else changes by it: where it is upheld, the record of the visit is corrected, and the statement drafted again or,
    where it is closed, adjusted by the next."""
    return one(acts.decide_query(by, query_id, given))


@router.get("/own/accounts", summary="Your own statements", response_model=Listed[Statement])
def list_own(by: Annotated[Caller, may(acts.list_own)], query: Annotated[strict.Query, Query()]) -> Response:
    """Drafts too: what is wrong with one is best said before it is closed."""
    return several(acts.list_own(by, query))


@router.get("/own/accounts/{statement_id}", summary="One of your own statements", response_model=Statement)
def read_own(statement_id: str, by: Annotated[Caller, may(acts.read_own)]) -> Response:
    """In figures."""
    return one(acts.read_own(by, statement_id))


@router.get("/own/accounts/{statement_id}/lines", summary="Its lines", response_model=Listed[StatementLine])
def list_own_lines(
    statement_id: str, by: Annotated[Caller, may(acts.list_own_lines)], query: Annotated[strict.Query, Query()]
) -> Response:
    """Each with the minutes that count, why, and how your question about it stands."""
    return several(acts.list_own_lines(by, statement_id, query))


@router.get("/own/accounts/{statement_id}/queries", summary="What you asked about it", response_model=Listed[LineQuery])
def list_own_queries(statement_id: str, by: Annotated[Caller, may(acts.list_own_queries)]) -> Response:
    """With what was decided, and why."""
    return one(acts.list_own_queries(by, statement_id))


@router.post(
    "/own/accounts/{statement_id}/queries",
    summary="Question a line",
    response_model=LineQuery,
    responses=problems("already_queried"),
)
def query_line(statement_id: str, given: NewQuery, by: Annotated[Caller, may(acts.query_line)]) -> Response:
    """It stands as queried until somebody of the council has decided."""
    return one(acts.query_line(by, statement_id, given))
