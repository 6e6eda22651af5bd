"""Who is working on whom."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.claims import acts
from api.claims.schemas import Claim, WorkedOn
from api.http.openapi import problems
from api.http.responses import one

router = Router(prefix="/v1/packages/{package_id}/working", tags=["packages"])


@router.get("", summary="Who is working on a person", response_model=WorkedOn)
def read(package_id: str, by: Annotated[Caller, may(acts.read)]) -> Response:
    """As they have said themselves, and not longer ago than a setting allows."""
    return one(acts.read(by, package_id))


@router.post("", summary="I am working on this person", response_model=WorkedOn, responses=problems("somebody_else"))
def take(package_id: str, by: Annotated[Caller, may(acts.take)], given: Annotated[Claim | None, Body()] = None) -> Response:
    """It bars nobody from anything: the list of who waits tells it to others. It lapses by itself."""
    return one(acts.take(by, package_id, given or Claim()))


@router.delete("", summary="I am no longer working on this person", response_model=WorkedOn, responses=problems("somebody_else"))
def release(package_id: str, by: Annotated[Caller, may(acts.release)]) -> Response:
    """Where it has lapsed already, nothing changes."""
    return one(acts.release(by, package_id))
