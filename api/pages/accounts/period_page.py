"""What a period tells beside its statements: guarantees that were not used, shares as delivered, five minutes or fifteen."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.accounts.acts import list_statements
from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import Problem
from api.http.strict import Query
from api.http.whole_lists import every
from api.pages.accounts.account_board import period_in_words
from api.pages.accounts.period_board import (
    TABLES,
    enhanced_rows,
    headline,
    increments_groups,
    picture_of,
    reasons_rows,
    share_rows,
    short_rows,
    table_cells,
    unused_rows,
)
from api.pages.accounts.statements_page import may
from api.pages.csv_answers import csv_answer
from api.pages.frame import HEADERS, page
from api.pages.guards import asked_for_now
from api.pages.names import area_names, provider_names
from api.pages.page_words import moment_in_words, share_in_words
from api.period_figures import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Json = dict[str, Any]


@router.get("/accounts/periods")
def period(request: Request, by: Annotated[Caller, may_see(acts.read_period)], period: str = "") -> Response:
    """The newest that has been counted, or the one that is chosen."""
    known = every(lambda query: acts.list_periods(by, Query(limit=1000, cursor=query.cursor)))
    periods = {each["period_starts"]: each["period_ends"] for each in known}
    chosen = period if period in periods else next(iter(periods), "")
    others = [
        (period_in_words(starts, ends), f"/accounts/periods?period={starts}")
        for starts, ends in periods.items()
        if starts != chosen
    ]
    values: Json = {"told": None, "others": others, "keeps": may(by, list_statements)}
    if chosen:
        values |= _values(by, _told(by, chosen))
    return page(request, "accounts/period.html.j2", "What the period tells", values)


def _values(by: Caller, told: Json) -> Json:
    names, areas = provider_names(by), area_names(by)
    by_provider = [each for each in told["increments"] if each["by"] == "provider"]
    return {
        "told": told,
        "chosen": period_in_words(told["period_starts"], told["period_ends"]),
        "counted": moment_in_words(dt.datetime.fromisoformat(told["counted_at"])),
        "figures": headline(told),
        "unused": unused_rows(told["guarantees"], names, areas),
        "reasons": reasons_rows(told["guarantees"]),
        "shares": share_rows(told["shares"], areas),
        "wanted": f"{share_in_words(told['share_wanted_from'])} to {share_in_words(told['share_wanted_to'])}",
        "increments": increments_groups(told["increments"], names, areas),
        "has_picture": bool(by_provider),
        "short": short_rows(told["short_visits"]),
        "enhanced": enhanced_rows(told["enhanced"], names),
        "csv_of": lambda table: f"/accounts/periods/{table}.csv?period={told['period_starts']}",
    }


@router.get("/accounts/periods/increments.svg")
def picture(by: Annotated[Caller, may_see(acts.read_period)], period: str = "") -> Response:
    """What steps of fifteen minutes cost more or less than steps of five, by provider."""
    told = _told(by, period)
    drawn = picture_of(told["increments"], provider_names(by), period_in_words(told["period_starts"], told["period_ends"]))
    return Response(drawn, 200, HEADERS, "image/svg+xml")


@router.get("/accounts/periods/{table}.csv")
def table_csv(table: str, by: Annotated[Caller, may_see(acts.read_period)], period: str = "") -> Response:
    """One of its tables, whole."""
    told = _told(by, period)
    if table not in TABLES:
        raise Problem("not_found", "There is no table of this name.")
    heads, rows = table_cells(told[TABLES[table]])
    return csv_answer(f"{table}-{told['period_starts']}", heads, rows)


def _told(by: Caller, starts: str) -> Json:
    """Raises the problem ``not_found`` where no figures of a period that begins so are there for whoever asks."""
    try:
        day = dt.date.fromisoformat(starts)
    except ValueError:
        raise Problem("not_found", acts.NONE) from None
    told: Json = orjson.loads(acts.read_period(by, day).body)
    return told
