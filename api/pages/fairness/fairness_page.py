"""Who was asked and who waited: for whoever is signed in, and without a key where the council publishes it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.acts.signing_in import marked
from api.acts.strangers import stranger
from api.fairness import acts
from api.fairness.schemas import FairnessQuery
from api.pages.csv_answers import csv_answer
from api.pages.fairness.fairness_board import WAIT_HEADS, asked_heads, asked_rows, board_of, quarter_in_words, wait_rows
from api.pages.frame import page
from api.pages.guards import asked_for_now

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
Table = Literal["asked", "waits"]
PUBLISHED = "/published/fairness"
HERE = "/fairness"
TITLE = "Who is asked and who waits"


async def _anybody(request: Request) -> Caller:
    return await stranger(request)


Anybody = Annotated[Caller, Depends(marked(_anybody, acts.read_published))]
Somebody = Annotated[Caller, may_see(acts.read_fairness)]


@router.get(HERE)
def fairness(request: Request, by: Somebody, query: Annotated[FairnessQuery, Query()]) -> Response:
    """A quarter in exact counts, or as it is published; who reads no small counts sees that alone."""
    told = orjson.loads(acts.read_fairness(by, query).body)
    exact = acts.exact_for(by)
    return _page(request, by, told, HERE, as_published=query.as_published or not exact, exact=exact)


@router.get(HERE + "/{table}.csv")
def fairness_csv(by: Somebody, table: Table, query: Annotated[FairnessQuery, Query()]) -> Response:
    """One of its tables for a spreadsheet."""
    return _csv(orjson.loads(acts.read_fairness(by, query).body), table)


@router.get(PUBLISHED)
def published(request: Request, by: Anybody, since: dt.date | None = None) -> Response:
    """The same for anybody, without a key, where the council publishes it."""
    told = orjson.loads(acts.read_published(by, since).body)
    return _page(request, by, told, PUBLISHED, as_published=True, exact=False)


@router.get(PUBLISHED + "/{table}.csv")
def published_csv(by: Anybody, table: Table, since: dt.date | None = None) -> Response:
    """One of its tables for a spreadsheet."""
    return _csv(orjson.loads(acts.read_published(by, since).body), table)


def _page(request: Request, by: Caller, told: dict[str, Any], here: str, *, as_published: bool, exact: bool) -> Response:
    since = dt.date.fromisoformat(told["since"])
    shown = acts.quarters_told(by, exact=exact and not as_published)
    values = {
        "board": board_of(told),
        "span": quarter_in_words(since) if since in shown else f"{told['since']} up to {told['until']}",
        "since": told["since"],
        "until": told["until"],
        "quarters": [(str(each), quarter_in_words(each)) for each in shown],
        "address": here,
        "as_published": as_published,
        "is_public": here == PUBLISHED,
        "exact": exact,
        "named": any(row["provider_id"] for row in told["asked"]),
    }
    return page(request, "fairness.html.j2", TITLE, values)


def _csv(told: dict[str, Any], table: Table) -> Response:
    name = f"fairness-{table}-{told['since']}"
    if table == "asked":
        return csv_answer(name, asked_heads(), asked_rows(told))
    return csv_answer(name, WAIT_HEADS, wait_rows(told))
