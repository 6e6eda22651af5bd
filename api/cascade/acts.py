"""Whom to ask now for a package, and why not the others; where rounds are loaded, where it would fit."""

from __future__ import annotations

from hashlib import sha256

import orjson
from fastapi.concurrency import run_in_threadpool

from api.acts.act import Caller, act, only
from api.cascade.answers import cascade_body, made_already, with_fits
from api.http.responses import Shown
from api.incentives.fast_start import fast_start_json
from api.offers.problems import package_index
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.service import Service
from api.state.state import State

NOTHING = b"[]"


@act("cascade.read", only(PLANNER, TRANSITION, ADMIN), writes=("cascade.read",))
async def read(by: Caller, package_id: str, *, fit: bool) -> Shown:
    """Whom to ask now, in order, and why not the others."""
    state = await by.service.room.read_soon(by.entry("cascade.read", "packages", package_id))
    index, settings = package_index(state, package_id), by.settings
    body = made_already(state, package_id, settings)
    if body is None:
        body = await run_in_threadpool(cascade_body, state, package_id, settings)
    if fit:
        body = state.bodies.get(("fits", package_id)) or await _with_fits(by.service, state, index, body)
    earns = orjson.dumps(fast_start_json(state, index, settings.clock.moment()))  # by the clock, not kept with the rest
    tag = f"{state.version}{'-fit' if fit else ''}{'' if earns == NOTHING else f'-{sha256(earns).hexdigest()[:8]}'}"
    return Shown(b'%b,"fast_start":%b}' % (body[:-1], earns), f'W/"{tag}"')


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
