"""Who the service takes you for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from api.security.roles import ADMIN, JOB, PLANNER, TRANSITION, VIEWER
from api.security.signing_in import may
from api.storage.audit import Actor

router = APIRouter(prefix="/v1", tags=["you"])


class Me(BaseModel):
    """The holder of the key or token."""

    name: str
    role: str


@router.get("/me", summary="Who you are here")
def me(actor: Annotated[Actor, may(VIEWER, PLANNER, TRANSITION, JOB, ADMIN)]) -> Me:
    return Me(name=actor.name, role=actor.role)
