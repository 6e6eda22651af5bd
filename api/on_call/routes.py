"""When providers are on call."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.http.responses import IfMatch, one, several
from api.http.strict import Listed
from api.on_call import acts
from api.on_call.schemas import Confirmed, DeclaredOnCall, NewOnCall, OnCallQuery, OwnHours

router = Router(prefix="/v1", tags=["providers"])
ADDRESS = "/providers/{provider_id}/on-call"


@router.get("/on-call", summary="Providers that have declared when they are on call", response_model=Listed[DeclaredOnCall])
def list_declared(by: Annotated[Caller, may(acts.list_declared)], query: Annotated[OnCallQuery, Query()]) -> Response:
    """With `to_confirm=true` those whose own declaration waits for the council."""
    return several(acts.list_declared(by, query))


@router.get(ADDRESS, summary="When somebody at a provider is on call", response_model=DeclaredOnCall)
def read(provider_id: str, by: Annotated[Caller, may(acts.read)]) -> Response:
    """As it has declared; without hours it is held to be on call always."""
    return one(acts.read(by, provider_id))


@router.put(ADDRESS, summary="Write down when a provider is on call", response_model=DeclaredOnCall)
def declare_hours(
    provider_id: str, by: Annotated[Caller, may(acts.declare_hours)], given: NewOnCall, if_match: IfMatch = None
) -> Response:
    """In place of what it had declared, and of what waits to be confirmed; offers that wait already keep their time. `If-Match`
    is honoured."""
    return one(acts.declare_hours(by, provider_id, given, if_match))


@router.post(
    ADDRESS + "/confirm",
    summary="Confirm what a provider has declared itself",
    response_model=DeclaredOnCall,
    responses=problems("nothing_waits"),
)
def confirm(provider_id: str, by: Annotated[Caller, may(acts.confirm)], given: Confirmed) -> Response:
    """Or say that it is not, and why. The fewer hours it is on call, the longer people may wait for its answer."""
    return one(acts.confirm(by, provider_id, given))


@router.get("/own/on-call", summary="When you are on call", response_model=DeclaredOnCall)
def read_own(by: Annotated[Caller, may(acts.read_own)]) -> Response:
    """As it counts, and what you have declared since that the council has not confirmed yet (`to_confirm`)."""
    return one(acts.read_own(by))


@router.put("/own/on-call", summary="Declare when you are on call", response_model=DeclaredOnCall)
def declare_own(by: Annotated[Caller, may(acts.declare_own)], given: OwnHours, if_match: IfMatch = None) -> Response:
    """All hours of a week. Unless the council has set otherwise they count once it has confirmed them, for offers made then.
    `If-Match` is honoured."""
    return one(acts.declare_own(by, given, if_match))
