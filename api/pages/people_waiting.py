"""Everybody who waits: who comes first, how they are safe, and what is to be done next."""

from __future__ import annotations

from typing import Annotated, Any, get_args

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.hospital import acts as hospital
from api.packages import acts as packages
from api.pages import page_words
from api.pages.csv_answers import csv_answer
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.names import MOST, area_names
from api.pages.people.came_from import CameFrom, narrowing
from api.pages.waiting_board import HEADS, SITUATIONS, board_of, cells_of
from api.worklist import acts
from api.worklist.schemas import PriorityAsked, WorklistQuery

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])


@router.get("/waiting")
def waiting(
    request: Request,
    by: Annotated[Caller, may_see(acts.read)],
    area: str = "",
    priority: str = "",
    where: str = "",
    after: str = "",
    done: str = "",
) -> Response:
    """The list, fifty on a page, narrowed by what the form above it says; a field that is left as it is narrows nothing."""
    chosen = {"area": area, "priority": priority, "where": where}
    query = WorklistQuery(**narrowing(chosen), cursor=after[:1000] or None)
    told: dict[str, Any] = orjson.loads(acts.read(by, query).body)
    now = by.settings.clock.now()
    values = {
        "board": board_of(told, now),
        "areas": [("", "All areas"), *area_names(by).items()],
        "priorities": [("", "All"), *((each, each.capitalize()) for each in get_args(PriorityAsked))],
        "situations": list(SITUATIONS.items()),
        "chosen": chosen,
        "list_query": CameFrom({name: said for name, said in chosen.items() if said}, is_list=True).query,
        "is_later": bool(after),
        "done": done == "ended",
        "may_hear": hospital.list_cases.role_of(by.actor) is not None,
        "may_add": packages.add.role_of(by.actor) is not None,
        "as_of": page_words.moment_in_words(now),
    }
    return page(request, "waiting.html.j2", "People waiting", values)


@router.get("/waiting.csv")
def waiting_csv(by: Annotated[Caller, may_see(acts.read)], area: str = "", priority: str = "", where: str = "") -> Response:
    """All of the list for a spreadsheet, narrowed as the page is."""
    narrowed = narrowing({"area": area, "priority": priority, "where": where})
    items: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        told = orjson.loads(acts.read(by, WorklistQuery(**narrowed, cursor=after, limit=MOST)).body)
        items += told["items"]
        after = told["next_cursor"]
        if not after:
            return csv_answer("waiting", HEADS, cells_of(items))
