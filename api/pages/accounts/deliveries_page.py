"""What deliveries say: people whose care somebody should look at, rounds that begin late, and sums by contract."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.accounts.acts import list_statements
from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.cascade import acts as cascade
from api.deliveries import acts
from api.deliveries.schemas import PeopleQuery, ToCount
from api.http.errors import KINDS as PROBLEMS
from api.http.errors import Problem, told_as_problems
from api.http.whole_lists import every
from api.pages.accounts.account_board import period_in_words
from api.pages.accounts.deliveries_board import (
    KINDS,
    OF_A_PERSON,
    contract_rows,
    headline,
    person_cells,
    person_rows,
    round_rows,
)
from api.pages.accounts.period_board import table_cells
from api.pages.accounts.statements_page import may
from api.pages.csv_answers import csv_answer
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.names import provider_names
from api.pages.page_words import address_part, counted, dates_in_words, moment_in_words, share_in_words
from api.pages.people.form_dates import day_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]
PEOPLE = 50
"""On a page."""
SUMS = ("rounds", "contracts")
"""Tables that name nobody, each with a file of its own."""


@router.get("/deliveries")
def deliveries(
    request: Request, by: Annotated[Caller, may_see(acts.read)], kind: str = "", after: str = "", done: str = ""
) -> Response:
    """As they were counted last; ``kind``: people of one kind alone."""
    return _page(request, by, FilledForm(), kind=kind, after=after, done=done)


@router.post("/deliveries/count", dependencies=[Depends(sent_from_here)])
async def count(request: Request, by: Annotated[Caller, may_see(acts.count)]) -> Response:
    """They are counted anew."""
    form = await sent_form(request)
    return await run_in_threadpool(_count, request, by, form)


def _count(request: Request, by: Caller, form: FilledForm) -> Response:
    day, faults = day_of(form, "until")
    if day is None:
        return _page(request, by, form.wrong(faults or {"until": "Give the day up to which visits count"}), status=422)
    try:
        with told_as_problems():
            acts.count(by, ToCount(until=day))
    except Problem as problem:
        if problem.code != "refused":
            raise
        said = " ".join(str(each) for each in problem.more.get("faults", ())).removeprefix("until: ")
        wrong = form.wrong({"until": dates_in_words(said)})
        return _page(request, by, wrong, status=PROBLEMS[problem.code].status)
    return see("/deliveries?done=counted")


def _page(
    request: Request, by: Caller, form: FilledForm, *, kind: str = "", after: str = "", done: str = "", status: int = 200
) -> Response:
    kind = kind if kind in KINDS else ""
    told, keeps = _told(by), may(by, list_statements)
    values: Json = {
        "form": form,
        "told": told,
        "keeps": keeps,
        "counts": may(by, acts.count),
        "today": by.settings.clock.today(),
        "done": "The lists are counted anew." if done == "counted" else "",
    }
    if told is not None:
        values |= _of(by, told, kind, after)
    title = "What deliveries say"
    section = "/accounts" if keeps else ""
    return page(request, "accounts/deliveries.html.j2", title, values, status=status, wrong=bool(form.faults), section=section)


def _of(by: Caller, told: Json, kind: str, after: str) -> Json:
    names, of_people = provider_names(by), may(by, acts.list_people)
    listed = None
    if of_people:
        query = PeopleQuery.model_validate({"kind": kind or None, "limit": PEOPLE, "cursor": after[:1000] or None})
        listed = acts.list_people(by, query)
    settings = told["settings"]
    return {
        "span": period_in_words(told["starts"], told["ends"]),
        "counted": moment_in_words(dt.datetime.fromisoformat(told["counted_at"])),
        "figures": headline(told),
        "people": of_people,
        "rows": [] if listed is None else person_rows([orjson.loads(each) for each in listed.items], names),
        "leads": may(by, cascade.read),
        "kind": kind,
        "kinds": [("", "Everything"), *KINDS.items()],
        "later": _address(kind, listed.next_cursor) if listed is not None and listed.next_cursor else "",
        "first": _address(kind, "") if after else "",
        "rounds": round_rows(told["rounds"], names),
        "contracts": contract_rows(told["contracts"], names),
        "differs": share_in_words(settings["delivery_differs_by"]),
        "late_after": counted(settings["late_after_minutes"], "minute"),
        "late_share": share_in_words(settings["late_share"]),
    }


def _address(kind: str, after: str) -> str:
    return f"/deliveries?kind={kind}&after={address_part(after)}" if after else f"/deliveries?kind={kind}"


@router.get("/deliveries/people.csv")
def people_csv(by: Annotated[Caller, may_see(acts.list_people)], kind: str = "") -> Response:
    """Everybody of the list, with every figure."""
    chosen = kind if kind in KINDS else None
    found = every(lambda query: acts.list_people(by, PeopleQuery.model_validate({"kind": chosen, "cursor": query.cursor})))
    return csv_answer("deliveries-people", OF_A_PERSON, person_cells(found))


@router.get("/deliveries/{table}.csv")
def table_csv(table: str, by: Annotated[Caller, may_see(acts.read)]) -> Response:
    """Late rounds, or the sums of contracts."""
    if table not in SUMS:
        raise Problem("not_found", "There is no table of this name.")
    heads, rows = table_cells(orjson.loads(acts.read(by).body)[table])
    return csv_answer(f"deliveries-{table}", heads, rows)


def _told(by: Caller) -> Json | None:
    """None where nothing has been counted."""
    try:
        told: Json = orjson.loads(acts.read(by).body)
    except Problem as problem:
        if problem.code != "not_found":
            raise
        return None
    return told
