"""Providers: who they are, and what they say that they can take on."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from api.http.openapi import problems
from api.http.paging import page_of
from api.http.responses import IfMatch, IfNoneMatch, record, several
from api.http.strict import Listed
from api.http.strict import Query as PageQuery
from api.market.changes import change_record, noting, provider_json
from api.market.schemas import Provider, ProviderChanges, ProviderWritten
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.security.signing_in import may
from api.service import TheService
from api.storage.audit import Actor

router = APIRouter(prefix="/v1/providers", tags=["providers"])


@router.get("", summary="Providers, a page at a time", response_model=Listed[Provider])
def providers(
    service: TheService, _: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)], query: Annotated[PageQuery, Query()]
) -> Response:
    """In the order of their ids."""
    state = service.store.state()
    usual = service.settings.page_size
    page = page_of(state.stock["providers"], lambda each: (each,), limit=query.limit, cursor=query.cursor, usual=usual)
    return several((orjson.dumps(provider_json(state, each)) for each in page.items), page.next_cursor)


@router.get("/{provider_id}", summary="A provider with its offices", response_model=Provider)
def provider(
    provider_id: str,
    service: TheService,
    _: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Its ratings, skills and own limits."""
    return record(service.store.state(), "providers", provider_id, provider_json, if_none_match)


@router.patch(
    "/{provider_id}",
    summary="A provider's own limits, skills or ratings",
    response_model=ProviderWritten,
    responses=problems("refused"),
)
def change(
    provider_id: str,
    changes: ProviderChanges,
    service: TheService,
    actor: Annotated[Actor, may(PLANNER, ADMIN)],
    if_match: IfMatch = None,
) -> Response:
    """With a reason, which the audit trail keeps: the provider's message, the inspection's report."""
    with service.store.change(actor) as change:
        before = change.state
        change_record(change, "providers", provider_id, changes, if_match)
    return record(service.store.state(), "providers", provider_id, noting(provider_json, before))
