"""One person who waits: what is next, whom it may be asked of and in which order, and who cannot be asked and why."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.cascade import acts
from api.pages.frame import page
from api.pages.guards import asked_for_now
from api.pages.person_board import board_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])


@router.get("/people/{package_id}")
async def person(request: Request, package_id: str, by: Annotated[Caller, may_see(acts.read)]) -> Response:
    """The cascade of one package. Reading it is an entry of the audit trail, as a program's is."""
    told: dict[str, Any] = orjson.loads((await acts.read(by, package_id, fit=False)).body)
    board = board_of(told)
    return await run_in_threadpool(page, request, "person.html.j2", f"Package {package_id}", {"board": board})
