"""Whom to ask now for a package, and why not the others."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from api.cascade.answers import cascade_body, made_already
from api.cascade.fits import with_fits
from api.cascade.schemas import Cascade
from api.offers.problems import package_index
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.security.signing_in import may
from api.service import Service, TheService
from api.state.state import State
from api.storage.audit import Actor, Entry

router = APIRouter(prefix="/v1", tags=["offers"])

WithFit = Annotated[bool, Query(description="Also tell where the package fits into each provider's rounds")]


@router.get("/packages/{package_id}/cascade", summary="Whom to ask now, in order, and why not the others", response_model=Cascade)
async def cascade(
    package_id: str, service: TheService, actor: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)], *, fit: WithFit = False
) -> Response:
    """From today's state, standing declines and hours held included; the reading is written into the audit trail.

    With `fit=true` each place says how many more minutes of travel a week the package would be in that provider's rounds: advice,
    without effect on the order or on who is asked.
    """
    state = await service.room.read_soon(Entry(actor, "cascade.read", "packages", package_id))
    index, asked = package_index(state, package_id), service.settings.framework_asked
    body = made_already(state, package_id, asked)
    if body is None:
        body = await run_in_threadpool(cascade_body, state, package_id, asked)
    if fit:
        body = state.bodies.get(("fits", package_id)) or await _with_fits(service, state, index, body)
    return Response(body, media_type="application/json", headers={"ETag": f'W/"{state.version}{"-fit" if fit else ""}"'})


async def _with_fits(service: Service, state: State, package: int, body: bytes) -> bytes:
    """Made once for a version of the county, but for an answer that came without its fits: they may be there next time."""
    plain, person = orjson.loads(body), state.county.packages[package]
    if service.fitting is None:
        return with_fits(plain, {}, None)
    visits = await run_in_threadpool(lambda: state.visits_of.get(person.package_id, ()))
    providers = list(dict.fromkeys(place["provider_id"] for place in plain["places"]))
    told = await service.fitting.fits(person, visits, providers)
    made = with_fits(plain, told or {}, service.fitting.provenance)
    if told is not None:
        state.bodies["fits", person.package_id] = made
    return made
