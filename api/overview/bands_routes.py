"""The price band of any place."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http.errors import Problem
from api.http.openapi import problems
from api.http.responses import one
from api.overview.schemas import Band, Place
from api.security.roles import ADMIN, JOB, PLANNER, TRANSITION, VIEWER
from api.security.signing_in import may
from api.service import TheService
from api.storage.audit import Actor
from optimiser.geography.bands import band_at

router = APIRouter(prefix="/v1/bands", tags=["bands"])


@router.get("", summary="The price band of a place", response_model=Band, responses=problems("not_ready"))
def band(
    service: TheService,
    _: Annotated[Actor, may(VIEWER, PLANNER, TRANSITION, JOB, ADMIN)],
    place: Annotated[Place, Query()],
) -> Response:
    """By the straight line to the nearest band centre. The place is neither kept nor logged."""
    snapshot = service.store.state().snapshot
    if not snapshot.surgeries:
        raise Problem("not_ready", "The database is empty: run 'optimiser load FOLDER'.")
    number, miles, centre = band_at(place.latitude, place.longitude, snapshot.surgeries, snapshot.policy.band_limits_miles)
    return one({"band": number, "miles": round(miles, 2), "surgery_id": centre.surgery_id, "name": centre.name})
