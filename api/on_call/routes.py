"""When providers are on call."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.responses import one
from api.on_call import acts
from api.on_call.schemas import DeclaredOnCall, NewOnCall

router = Router(prefix="/v1/providers/{provider_id}/on-call", tags=["providers"])


@router.get("", summary="When somebody at a provider is on call", response_model=DeclaredOnCall)
def read(provider_id: str, by: Annotated[Caller, may(acts.read)]) -> Response:
    """As it has declared; without hours it is held to be on call always."""
    return one(acts.read(by, provider_id))


@router.put("", summary="Write down when a provider is on call", response_model=DeclaredOnCall)
def declare_hours(provider_id: str, by: Annotated[Caller, may(acts.declare_hours)], given: NewOnCall) -> Response:
    """In place of what it had declared; offers that wait already keep their time."""
    return one(acts.declare_hours(by, provider_id, given))
