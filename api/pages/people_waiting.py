"""Everybody who waits: who comes first, how they are safe, and what is to be done next."""

from __future__ import annotations

from typing import Annotated, Any, get_args

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.http.errors import Problem
from api.overview import acts as overview
from api.packages import acts as packages
from api.pages import page_words
from api.pages.filled_form import FilledForm, sent_form
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import address_part
from api.pages.waiting_board import SITUATIONS, board_of
from api.pages.whole_lists import every
from api.worklist import acts
from api.worklist.schemas import PriorityAsked, Situation, WorklistQuery

NOTHING = FilledForm()
NO_SUCH = "There is no package with this id"

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])


@router.get("/waiting")
def waiting(
    request: Request,
    by: Annotated[Caller, may_see(acts.read)],
    area: str = "",
    priority: str = "",
    where: str = "",
    after: str = "",
) -> Response:
    """The list, fifty on a page, narrowed by what the form above it says; a field that is left as it is narrows nothing."""
    chosen = {"area": area, "priority": priority, "where": where}
    return _page(request, by, chosen, after)


@router.post("/waiting/find", dependencies=[Depends(sent_from_here)])
async def find(request: Request, by: Annotated[Caller, may_see(packages.read)]) -> Response:
    """The page of a package by its id, which is sent and not put into an address: who mistypes it may have typed a name."""
    form = await sent_form(request)
    wanted = form.value("package")
    try:
        await run_in_threadpool(packages.read, by, wanted)
    except Problem as problem:
        if problem.code != "not_found":
            raise
        told = form.wrong({"package": NO_SUCH if wanted else "Enter the id of a package"})
        return await run_in_threadpool(_page, request, by, {"area": "", "priority": "", "where": ""}, "", told)
    return see(f"/people/{address_part(wanted)}")


def _page(request: Request, by: Caller, chosen: dict[str, str], after: str, form: FilledForm = NOTHING) -> Response:
    query = WorklistQuery(
        area_id=chosen["area"][:100] or None,
        priority=_one_of(chosen["priority"], PriorityAsked),
        situation=_one_of(chosen["where"], Situation),
        cursor=after[:1000] or None,
    )
    told: dict[str, Any] = orjson.loads(acts.read(by, query).body)
    areas = sorted((each["name"], each["area_id"]) for each in every(lambda each: overview.list_areas(by, each)))
    now = by.settings.clock.now()
    values = {
        "board": board_of(told, now),
        "areas": [("", "All areas"), *((area_id, name) for name, area_id in areas)],
        "priorities": [("", "All"), *((each, each.capitalize()) for each in get_args(PriorityAsked))],
        "situations": list(SITUATIONS.items()),
        "chosen": chosen,
        "form": form,
        "is_later": bool(after),
        "as_of": page_words.moment_in_words(now),
    }
    wrong = bool(form.faults)
    return page(request, "waiting.html.j2", "People waiting", values, status=404 if wrong else 200, wrong=wrong)


def _one_of(given: str, allowed: Any) -> Any:
    """A choice of the form; what is none of its choices narrows nothing."""
    return given if given in get_args(allowed) else None
