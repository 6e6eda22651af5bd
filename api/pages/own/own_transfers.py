"""Transfers of a provider's own rounds, as far as the council has released them."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.page_words import day_in_words
from api.pages.plans.told_rounds_board import how_many, told_board
from api.released_transfers import acts

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])


@router.get("/own/transfers")
def own_transfers(request: Request, by: Annotated[Caller, may_see(acts.list_own)]) -> Response:
    """The newest first."""
    found = orjson.loads(acts.list_own(by).body)["items"]
    rows = [(each["run_id"], day_in_words(each["released_on"]), how_many(each)) for each in found]
    return page(request, "own/transfers.html.j2", "Transfers of your rounds", {"rows": rows})


@router.get("/own/transfers/{run_id}")
def own_transfer(request: Request, run_id: str, by: Annotated[Caller, may_see(acts.read_own)]) -> Response:
    """One: which rounds move, which stay and why, and whom to call."""
    told = orjson.loads(acts.read_own(by, run_id).body)
    values = {
        "board": told_board(told),
        "contact": told["contact"],
        "released": f"Released by {told['released_by']} on {day_in_words(told['released_on'])}",
        "as_of": day_in_words(told["plan_as_of"]),
    }
    return page(request, "own/transfer.html.j2", "A transfer of your rounds", values)
