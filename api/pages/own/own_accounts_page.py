"""A provider's own statements, and questioning a line of one."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.responses import Response

from api.accounts import acts
from api.accounts.schemas import NewQuery
from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import KINDS, Problem
from api.http.strict import Query
from api.http.whole_lists import every
from api.pages.accounts.account_board import (
    HEADS,
    PRINTED,
    QUERIES,
    STATES,
    history_facts,
    line_cells,
    line_rows,
    period_in_words,
    printed_account,
    query_facts,
    statement_facts,
)
from api.pages.csv_answers import csv_answer, workbook_answer
from api.pages.filled_form import FilledForm, faults_of, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import address_part, hours_of_an_account, money_in_words
from api.pages.printed import pdf_answer
from api.workbooks import acts as workbooks

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
LINES = 50
SAYS = {"number": "Give the number of a line", "words": "Say what is wrong, in 3 to 1,000 characters"}


@router.get("/own/accounts")
def own_accounts(request: Request, by: Annotated[Caller, may_see(acts.list_own)], after: str = "") -> Response:
    """The newest period first."""
    told = acts.list_own(by, Query(cursor=after[:1000] or None))
    rows = [
        {
            "statement_id": each["statement_id"],
            "period": period_in_words(each["period_starts"], each["period_ends"]),
            "contract": each["contract_id"],
            "state": STATES[each["state"]],
            "hours": hours_of_an_account(each["delivered_hours"]),
            "total": money_in_words(each["total_gbp"]),
        }
        for each in map(orjson.loads, told.items)
    ]
    return page(request, "own/accounts.html.j2", "Your accounts", {"rows": rows, "next_cursor": told.next_cursor})


@router.get("/own/accounts/{statement_id}")
def own_account(
    request: Request,
    statement_id: str,
    by: Annotated[Caller, may_see(acts.read_own)],
    after: str = "",
    done: str = "",
) -> Response:
    """One with its lines, and a form to question one."""
    return _page(request, by, statement_id, FilledForm(), after=after, done=done)


@router.get("/own/accounts/{statement_id}/lines.csv")
def own_lines_csv(statement_id: str, by: Annotated[Caller, may_see(acts.list_own_lines)]) -> Response:
    """All of its lines."""
    lines = every(lambda query: acts.list_own_lines(by, statement_id, Query(limit=1000, cursor=query.cursor)))
    return csv_answer(f"statement-{statement_id}", HEADS, line_cells(lines))


@router.get("/own/accounts/{statement_id}/statement.xlsx")
def own_workbook(statement_id: str, by: Annotated[Caller, may_see(workbooks.read_own_statement_workbook)]) -> Response:
    """The figures, and all lines."""
    return workbook_answer(f"statement-{statement_id}", workbooks.read_own_statement_workbook(by, statement_id))


@router.get("/own/accounts/{statement_id}/statement.pdf")
def own_pdf(statement_id: str, by: Annotated[Caller, may_see(acts.read_own)]) -> Response:
    """The figures to keep, read by screen readers."""
    told: dict[str, Any] = orjson.loads(acts.read_own(by, statement_id).body)
    return pdf_answer(f"statement-{statement_id}", PRINTED, f"Statement {statement_id}", printed_account(told))


@router.post("/own/accounts/{statement_id}/query", dependencies=[Depends(sent_from_here)])
async def query_line(request: Request, statement_id: str, by: Annotated[Caller, may_see(acts.query_line)]) -> Response:
    """A line is questioned."""
    form = await sent_form(request)
    return await run_in_threadpool(_query, request, by, statement_id, form)


def _query(request: Request, by: Caller, statement_id: str, form: FilledForm) -> Response:
    number, words = form.value("number").strip(), " ".join(form.value("words").split())
    asked = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else 0
    try:
        acts.query_line(by, statement_id, NewQuery.model_validate({"number": asked, "words": words}))
    except ValidationError as error:
        return _page(request, by, statement_id, form.wrong(faults_of(error, SAYS)), status=422)
    except Problem as problem:
        if problem.code not in ("already_queried", "not_found"):
            raise
        wrong = form.wrong({"number": problem.detail})
        return _page(request, by, statement_id, wrong, status=KINDS[problem.code].status)
    return see(f"/own/accounts/{address_part(statement_id)}?done=asked")


def _page(
    request: Request,
    by: Caller,
    statement_id: str,
    form: FilledForm,
    *,
    after: str = "",
    done: str = "",
    status: int = 200,
) -> Response:
    told: dict[str, Any] = orjson.loads(acts.read_own(by, statement_id).body)
    lines = acts.list_own_lines(by, statement_id, Query(limit=LINES, cursor=after[:1000] or None))
    asked = orjson.loads(acts.list_own_queries(by, statement_id).body)["items"]
    values = {
        "form": form,
        "told": told,
        "state": STATES[told["state"]],
        "period": period_in_words(told["period_starts"], told["period_ends"]),
        "facts": statement_facts(told),
        "history": history_facts(told),
        "rows": line_rows([orjson.loads(each) for each in lines.items], by.settings.clock.today()),
        "asked": [(f"Line {each['number']}", QUERIES[each["state"]], query_facts(each)) for each in asked],
        "next_cursor": lines.next_cursor,
        "done": "Your question is recorded. The council will decide." if done == "asked" else "",
    }
    title = f"Statement {told['statement_id']}"
    return page(request, "own/account.html.j2", title, values, status=status, wrong=bool(form.faults))
