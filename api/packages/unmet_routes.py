"""The unmet needs list: who is waiting, and what would clear each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http.paging import page_of
from api.http.queries import UnmetQuery
from api.http.responses import several
from api.http.strict import Listed
from api.overview.schemas import Unmet
from api.packages.unmet import key_of, unmet_bodies, waiting
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.security.signing_in import may
from api.service import TheService
from api.storage.audit import Actor, Entry

router = APIRouter(prefix="/v1/unmet", tags=["unmet"])

USUAL = 20
"""What would clear a person takes a while to work out: pages are shorter than elsewhere."""


@router.get("", summary="People waiting, a page at a time", response_model=Listed[Unmet])
def unmet(
    service: TheService, actor: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)], query: Annotated[UnmetQuery, Query()]
) -> Response:
    """Urgent and discharge past their start first, then by priority and start. Every page is an entry of the audit trail."""
    before = service.store.state()
    page = page_of(
        (package for package in waiting(before) if query.area_id in (None, package.area_id)),
        lambda package: key_of(package, before.as_of),
        limit=query.limit,
        cursor=query.cursor,
        usual=min(USUAL, service.settings.page_size),
    )
    ids = [package.package_id for package in page.items]
    state = service.room.read(Entry(actor, "unmet.read", "packages", details={"package_ids": ids}))
    still = {package.package_id: package for package in waiting(state)}
    return several(unmet_bodies(state, [still[each] for each in ids if each in still]), page.next_cursor)
