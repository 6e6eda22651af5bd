"""Whom to ask now for a package, and why not the others."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.cascade import acts
from api.cascade.schemas import Cascade
from api.http.responses import one

router = Router(prefix="/v1", tags=["offers"])

WithFit = Annotated[bool, Query(description="Also tell where the package fits into each provider's rounds")]


@router.get("/packages/{package_id}/cascade", summary="Whom to ask now, in order, and why not the others", response_model=Cascade)
async def cascade(package_id: str, by: Annotated[Caller, may(acts.read)], *, fit: WithFit = False) -> Response:
    """From today's state, standing declines and hours held included; the reading is written into the audit trail.

    With `fit=true` each place says how many more minutes of travel a week the package would be in that provider's rounds: advice,
    without effect on the order or on who is asked.
    """
    return one(await acts.read(by, package_id, fit=fit))
