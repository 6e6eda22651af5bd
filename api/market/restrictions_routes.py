"""Restrictions: providers that get no new work for a while, or only some."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from api.http.addresses import address_of
from api.http.openapi import problems
from api.http.paging import page_of
from api.http.queries import RestrictionsQuery
from api.http.responses import IfMatch, IfNoneMatch, record, several
from api.http.strict import Listed
from api.market.changes import add_restriction, change_record, noting, plain_json
from api.market.schemas import NewRestriction, Restriction, RestrictionEnd, RestrictionWritten
from api.offers.lapsing import sweep
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.security.signing_in import may
from api.service import TheService
from api.state.state import State
from api.storage.audit import Actor

router = APIRouter(prefix="/v1/restrictions", tags=["restrictions"])
shown = plain_json("restrictions")


@router.get("", summary="Restrictions, a page at a time", response_model=Listed[Restriction])
def restrictions(
    service: TheService, _: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)], query: Annotated[RestrictionsQuery, Query()]
) -> Response:
    """In the order of their ids, those that have ended included."""
    state = service.store.state()
    page = page_of(
        (
            each
            for each in state.snapshot.restrictions
            if query.provider_id in (None, each.provider_id) and query.in_force in (None, each.in_force(state.as_of))
        ),
        lambda restriction: (restriction.restriction_id,),
        limit=query.limit,
        cursor=query.cursor,
        usual=service.settings.page_size,
    )
    return several((orjson.dumps(shown(state, each.restriction_id)) for each in page.items), page.next_cursor)


@router.get("/{restriction_id}", summary="A restriction", response_model=Restriction)
def restriction(
    restriction_id: str,
    service: TheService,
    _: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Whom it restricts, where, from when until when, and why."""
    return record(service.store.state(), "restrictions", restriction_id, shown, if_none_match)


@router.post(
    "",
    summary="Restrict a provider",
    status_code=201,
    response_model=RestrictionWritten,
    responses=problems("already_there", "refused"),
)
def add(asked: NewRestriction, service: TheService, actor: Annotated[Actor, may(PLANNER, ADMIN)]) -> Response:
    """Running care stays where it is. Offers that wait for an answer are stopped where the provider may not be asked any more."""
    with service.store.change(actor) as change:
        before = change.state
        add_restriction(change, asked)
        sweep(change, service.settings, change.as_if())  # it stops offers that wait for an answer, at once
    return _written(service, asked.restriction_id, before, created=True)


@router.patch(
    "/{restriction_id}", summary="When a restriction ends", response_model=RestrictionWritten, responses=problems("refused")
)
def change(
    restriction_id: str,
    changes: RestrictionEnd,
    service: TheService,
    actor: Annotated[Actor, may(PLANNER, ADMIN)],
    if_match: IfMatch = None,
) -> Response:
    """With a reason, which the audit trail keeps."""
    with service.store.change(actor) as change:
        before = change.state
        change_record(change, "restrictions", restriction_id, changes, if_match)
        sweep(change, service.settings, change.as_if())
    return _written(service, restriction_id, before)


def _written(service: TheService, restriction_id: str, before: State, *, created: bool = False) -> Response:
    address = address_of("restrictions", restriction_id) if created else ""
    return record(service.store.state(), "restrictions", restriction_id, noting(shown, before), created_at=address)
