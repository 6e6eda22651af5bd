"""Statements for finance: a period's, one with its lines and why, drafting and closing; odd records."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.accounts import acts
from api.accounts.schemas import QueriesQuery, StatementsQuery, ToDraft
from api.acts.act import Act, Caller
from api.acts.in_browsers import may_see
from api.actuals import acts as of_visits
from api.actuals.schemas import OddQuery
from api.http.errors import KINDS, Problem, told_as_problems
from api.http.responses import tag
from api.http.strict import Query
from api.http.whole_lists import every, parts
from api.pages.accounts.account_board import (
    HEADS,
    PRINTED,
    STATES,
    history_facts,
    in_the_way_in_words,
    line_cells,
    line_rows,
    odd_rows,
    period_in_words,
    printed_account,
    statement_facts,
    statement_rows,
)
from api.pages.csv_answers import csv_answer, workbook_answer
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names
from api.pages.page_words import address_part, dates_in_words, money_in_words
from api.pages.people.form_dates import day_of
from api.pages.printed import pdf_answer
from api.workbooks import acts as workbooks

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
LINES = 50
"""Of a statement on a page."""
STATEMENTS = 100
"""Of a period on a page; its figures are of all of them."""
DONE = {
    "drafted": "The drafts are made from the records that have come.",
    "closed": "The statement is closed. It is never rewritten.",
    "first_yes": "Your yes is recorded. It is above what one person may close alone: somebody else has to confirm it.",
    "kept": "The account book is kept.",
    "decided": "Your decision is recorded.",
}


def may(by: Caller, act: Act[..., Any]) -> bool:
    """Whether whoever reads a page may do this."""
    return act.role_of(by.actor) is not None


@router.get("/accounts")
def accounts(
    request: Request, by: Annotated[Caller, may_see(acts.list_statements)], period: str = "", after: str = "", done: str = ""
) -> Response:
    """The newest period, or the one that is chosen. ``after``: the statement that a part of its list goes on after."""
    return _periods(request, by, period, FilledForm(), after=after, done=done)


@router.post("/accounts/draft", dependencies=[Depends(sent_from_here)])
async def draft(request: Request, by: Annotated[Caller, may_see(acts.draft)]) -> Response:
    """A period's statements, or one contract's."""
    form = await sent_form(request)
    return await run_in_threadpool(_draft, request, by, form)


def _draft(request: Request, by: Caller, form: FilledForm) -> Response:
    day, faults = day_of(form, "period")
    if day is None:
        return _periods(request, by, "", form.wrong(faults or {"period": "Give the first day of the period"}), status=422)
    try:
        with told_as_problems():
            given = ToDraft(period_starts=day, contract_id=form.value("contract_id") or None)
            told: Json = orjson.loads(acts.draft(by, given).body)
    except Problem as problem:
        if problem.code not in ("refused", "no_account_book", "already_closed"):
            raise
        said = " ".join([problem.detail, *(each for each in problem.more.get("faults", ()) if isinstance(each, str))])
        wrong = form.wrong({"period": dates_in_words(said)})
        return _periods(request, by, "", wrong, status=KINDS[problem.code].status)
    if form.value("contract_id") and told["statement_ids"]:
        return see(f"/accounts/{address_part(told['statement_ids'][0])}?done=drafted")
    return see(f"/accounts?period={day.isoformat()}&done=drafted")


def _periods(
    request: Request, by: Caller, period: str, form: FilledForm, *, after: str = "", done: str = "", status: int = 200
) -> Response:
    listed = [
        orjson.loads(each)
        for part in parts(lambda cursor: acts.list_statements(by, StatementsQuery(limit=1000, cursor=cursor)))
        for each in part.items
    ]
    periods = {each["period_starts"]: each["period_ends"] for each in listed}
    chosen = period if period in periods else next(iter(periods), "")
    here = [each for each in listed if each["period_starts"] == chosen]
    begins = next((place for place, each in enumerate(here, start=1) if each["statement_id"] == after), 0)
    shown, more = here[begins : begins + STATEMENTS], here[begins + STATEMENTS :]
    pays = may(by, acts.draft)
    waiting = acts.list_queries(by, QueriesQuery(state="open", limit=1000)).items if may(by, acts.list_queries) else []
    values = {
        "form": form,
        "chosen": period_in_words(chosen, periods[chosen]) if chosen else "",
        "period": chosen,
        "others": [
            (period_in_words(starts, ends), f"/accounts?period={starts}") for starts, ends in periods.items() if starts != chosen
        ],
        "rows": statement_rows(shown, provider_names(by)),
        "first": f"/accounts?period={chosen}" if begins else "",
        "later": f"/accounts?period={chosen}&after={address_part(shown[-1]['statement_id'])}" if more else "",
        "figures": [
            (money_in_words(sum(each["total_gbp"] for each in here)), "in all", False),
            (f"{sum(each['state'] == 'closed' for each in here):,}", "closed", False),
            (f"{sum(each['state'] != 'closed' for each in here):,}", "to be closed", False),
            (f"{len(waiting):,}", "lines queried", bool(waiting), "/accounts/queries" if pays else ""),
        ],
        "pays": pays,
        "suggested": dt.date.fromisoformat(chosen) if chosen else None,
        "done": DONE.get(done, ""),
    }
    return page(request, "accounts/periods.html.j2", "Accounts", values, status=status, wrong=bool(form.faults))


@router.get("/accounts/odd")
def odd(request: Request, by: Annotated[Caller, may_see(of_visits.list_odd)], contract: str = "", after: str = "") -> Response:
    """Records of the last four weeks that somebody should look at."""
    query = OddQuery(contract_id=contract[:100] or None, cursor=after[:1000] or None)
    told = of_visits.list_odd(by, query)
    rows = odd_rows([orjson.loads(each) for each in told.items], by.settings.clock.today())
    values = {"rows": rows, "contract": contract[:100], "next_cursor": told.next_cursor}
    return page(request, "accounts/odd.html.j2", "Odd records of visits", values)


@router.get("/accounts/{statement_id}")
def statement(
    request: Request,
    statement_id: str,
    by: Annotated[Caller, may_see(acts.read_statement)],
    after: str = "",
    done: str = "",
) -> Response:
    """One, with what stands in the way of closing it, and its lines for whoever may read them."""
    return _page(request, by, statement_id, FilledForm(), after=after, done=done)


@router.get("/accounts/{statement_id}/lines.csv")
def lines_csv(statement_id: str, by: Annotated[Caller, may_see(acts.list_lines)]) -> Response:
    """All of its lines."""
    lines = every(lambda query: acts.list_lines(by, statement_id, Query(limit=1000, cursor=query.cursor)))
    return csv_answer(f"statement-{statement_id}", HEADS, line_cells(lines))


@router.get("/accounts/{statement_id}/statement.xlsx")
def workbook(statement_id: str, by: Annotated[Caller, may_see(workbooks.read_statement_workbook)]) -> Response:
    """The figures, and all lines."""
    return workbook_answer(f"statement-{statement_id}", workbooks.read_statement_workbook(by, statement_id))


@router.post("/accounts/{statement_id}/close", dependencies=[Depends(sent_from_here)])
async def close(request: Request, statement_id: str, by: Annotated[Caller, may_see(acts.close_statement)]) -> Response:
    """A named person closes it."""
    form = await sent_form(request)
    return await run_in_threadpool(_close, request, by, statement_id, form)


def _close(request: Request, by: Caller, statement_id: str, form: FilledForm) -> Response:
    try:
        told: Json = orjson.loads(acts.close_statement(by, statement_id, tag(form.value("seen"))).body)
    except Problem as problem:
        if problem.code not in ("cannot_be_closed", "already_closed", "same_person", "changed_since"):
            raise
        said = "Somebody has drafted or confirmed it since: look again." if problem.code == "changed_since" else problem.detail
        wrong = form.anew().wrong({"": dates_in_words(said)})
        return _page(request, by, statement_id, wrong, status=KINDS[problem.code].status)
    return see(f"/accounts/{address_part(statement_id)}?done={told['state']}")


@router.get("/accounts/{statement_id}/statement.pdf")
def statement_pdf(statement_id: str, by: Annotated[Caller, may_see(acts.read_statement)]) -> Response:
    """The figures to keep, read by screen readers."""
    told: Json = orjson.loads(acts.read_statement(by, statement_id).body)
    return pdf_answer(f"statement-{statement_id}", PRINTED, f"Statement {statement_id}", printed_account(told))


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
    answer = acts.read_statement(by, statement_id)
    told: Json = orjson.loads(answer.body)
    reads, today = may(by, acts.list_lines), by.settings.clock.today()
    lines = acts.list_lines(by, statement_id, Query(limit=LINES, cursor=after[:1000] or None)) if reads else None
    state, kind = STATES[told["state"]]
    values = {
        "form": form,
        "told": told,
        "state": state,
        "kind": kind,
        "provider": provider_names(by).get(told["provider_id"], told["provider_id"]),
        "period": period_in_words(told["period_starts"], told["period_ends"]),
        "facts": statement_facts(told),
        "history": history_facts(told),
        "in_the_way": in_the_way_in_words(told),
        "reads": reads,
        "pays": may(by, acts.close_statement),
        "rows": [] if lines is None else line_rows([orjson.loads(each) for each in lines.items], today),
        "next_cursor": None if lines is None else lines.next_cursor,
        "seen": answer.etag.strip('"'),
        "starts": dt.date.fromisoformat(told["period_starts"]),
        "done": DONE.get(done, ""),
    }
    title = f"Statement {told['statement_id']}"
    return page(request, "accounts/statement.html.j2", title, values, status=status, wrong=bool(form.faults))
