"""Whom to ask now for a package, and why not the others."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api.asking.problems import package_index
from api.asking.telling import cascade_body, made_already
from api.context import TheService
from api.schemas.cascade import Cascade
from api.security.roles import ADMIN, PLANNER, TRANSITION, may
from api.storage.audit import Actor, Entry

router = APIRouter(prefix="/v1", tags=["offers"])


@router.get("/packages/{package_id}/cascade", summary="Whom to ask now, in order, and why not the others", response_model=Cascade)
async def cascade(package_id: str, service: TheService, actor: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)]) -> Response:
    """From today's state, standing declines and hours held included; the reading is written into the audit trail."""
    state = await service.room.read_soon(Entry(actor, "cascade.read", "packages", package_id))
    package_index(state, package_id)
    asked = service.settings.framework_asked
    body = made_already(state, package_id, asked) or await run_in_threadpool(cascade_body, state, package_id, asked)
    return Response(body, media_type="application/json", headers={"ETag": f'W/"{state.version}"'})
