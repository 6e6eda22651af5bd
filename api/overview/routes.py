"""Areas: shares, headroom, guarantees and who is waiting, as of today."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http.errors import Problem
from api.http.etags import tag
from api.http.paging import page_of
from api.http.responses import IfNoneMatch, one, several
from api.http.strict import Listed
from api.http.strict import Query as PageQuery
from api.overview.answers import area_bodies
from api.overview.schemas import AreaView
from api.security.roles import ADMIN, JOB, PLANNER, TRANSITION, VIEWER
from api.security.signing_in import may
from api.service import Service, TheService
from api.storage.audit import Actor

router = APIRouter(prefix="/v1/areas", tags=["areas"])
ANYBODY = may(VIEWER, PLANNER, TRANSITION, JOB, ADMIN)


@router.get("", summary="Areas, a page at a time", response_model=Listed[AreaView])
def areas(service: TheService, actor: Annotated[Actor, ANYBODY], query: Annotated[PageQuery, Query()]) -> Response:
    """In the order of their ids. Viewers see no contracts, and no count of people that is too small."""
    state = service.store.state()
    bodies = area_bodies(state, _smallest(service, actor))
    ids = [area.area_id for area in state.snapshot.areas]
    usual = service.settings.page_size
    page = page_of(zip(ids, bodies, strict=True), lambda each: (each[0],), limit=query.limit, cursor=query.cursor, usual=usual)
    return several((body for _, body in page.items), page.next_cursor)


@router.get("/{area_id}", summary="An area", response_model=AreaView)
def area(area_id: str, service: TheService, actor: Annotated[Actor, ANYBODY], if_none_match: IfNoneMatch = None) -> Response:
    """Its shares, the headroom and guarantee of each contract, its principal's declines, and who is unmet."""
    state = service.store.state()
    index, smallest = state.county.area_of.get(area_id), _smallest(service, actor)
    if index is None:
        raise Problem("not_found", "There is no area with this area_id.")
    etag = tag(state.version, state.as_of, "all" if smallest is None else smallest)
    return one(area_bodies(state, smallest)[index], etag, if_none_match)


def _smallest(service: Service, actor: Actor) -> int | None:
    return service.settings.smallest_count if actor.role == VIEWER else None
