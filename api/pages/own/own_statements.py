"""A provider's own monthly statements, and asking about a line of one."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem
from api.http.strict import Query
from api.pages.csv_answers import csv_answer
from api.pages.filled_form import FilledForm, faults_of, refused, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.printed import pdf_answer
from api.pages.providers.monthly_statement_board import (
    ASKABLE,
    CSV_HEADS,
    PRINTED,
    month_in_words,
    query_rows,
    statement_board,
    statement_rows,
    title_of,
)
from api.statements import acts
from api.statements.schemas import NewLineQuery
from api.statements.statement_months import MONTH

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Month = Annotated[str, Path(pattern=MONTH)]
SAYS = {"line": "Choose the line", "said": "Say what you want to know, in at most 2,000 characters"}
DONE = {"asked": "Your question is sent. The answer stands here, by the day that is shown beside it."}
Json = dict[str, Any]


@router.get("/own/statements")
def own_statements(request: Request, by: Annotated[Caller, may_see(acts.list_own)], after: str = "") -> Response:
    """The months, and what was asked about them."""
    told = orjson.loads(acts.list_own(by).body)
    queries = acts.list_own_queries(by, Query(cursor=after[:1000] or None))
    values = {
        "months": [(each, month_in_words(each)) for each in told["months"]],
        "queries": query_rows([orjson.loads(each) for each in queries.items]),
        "next_cursor": queries.next_cursor,
    }
    return page(request, "own/statements.html.j2", "Your statements", values)


@router.get("/own/statements/{month}.csv")
def own_statement_csv(month: Month, by: Annotated[Caller, may_see(acts.read_own)]) -> Response:
    """One for a spreadsheet."""
    return csv_answer(f"statement-{month}", CSV_HEADS, statement_rows(orjson.loads(acts.read_own(by, month).body)))


@router.get("/own/statements/{month}.pdf")
def own_statement_pdf(month: Month, by: Annotated[Caller, may_see(acts.read_own)]) -> Response:
    """One to keep, read by screen readers."""
    told: Json = orjson.loads(acts.read_own(by, month).body)
    return pdf_answer(f"statement-{month}", PRINTED, title_of(told), {"board": statement_board(told, {})})


@router.get("/own/statements/{month}")
def own_statement(request: Request, month: Month, by: Annotated[Caller, may_see(acts.read_own)], done: str = "") -> Response:
    """One month's, with a form to ask about a line."""
    return _page(request, by, month, FilledForm(), done=done)


@router.post("/own/statements/{month}/query", dependencies=[Depends(sent_from_here)])
async def query_line(request: Request, month: Month, by: Annotated[Caller, may_see(acts.query_line)]) -> Response:
    """A line is asked about."""
    form = await sent_form(request)
    return await run_in_threadpool(_query, request, by, month, form)


def _query(request: Request, by: Caller, month: str, form: FilledForm) -> Response:
    said = form.value("said").strip().replace("\r\n", "\n")
    try:
        given = NewLineQuery.model_validate({"line": form.value("line"), "said": said})
        acts.query_line(by, month, given)
    except ValidationError as error:
        return _page(request, by, month, form.wrong(faults_of(error, SAYS)), status=422)
    except Problem as problem:
        if problem.code == "not_found":
            raise
        return _page(request, by, month, form.wrong(refused(problem)), status=KINDS[problem.code].status)
    return see(f"/own/statements/{month}?done=asked")


def _page(request: Request, by: Caller, month: str, form: FilledForm, *, done: str = "", status: int = 200) -> Response:
    told: Json = orjson.loads(acts.read_own(by, month).body)
    mine = [orjson.loads(each) for each in acts.list_own_queries(by, Query()).items]
    values = {
        "form": form,
        "month": month,
        "said": month_in_words(month),
        "board": statement_board(told, {}),
        "csv": f"/own/statements/{month}.csv",
        "pdf": f"/own/statements/{month}.pdf",
        "lines": list(ASKABLE.items()),
        "queries": query_rows([each for each in mine if each["month"] == month]),
        "done": DONE.get(done, ""),
    }
    title = f"Your statement of {month_in_words(month)}"
    return page(request, "own/statement.html.j2", title, values, status=status, wrong=bool(form.faults))
