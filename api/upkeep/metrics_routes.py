"""Figures for a Prometheus server."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.http.errors import Problem
from api.security.roles import ADMIN, JOB
from api.security.signing_in import bearer, signed_in
from api.service import TheService

router = APIRouter(tags=["operations"])


async def may_scrape(
    request: Request, service: TheService, token: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> None:
    """A job or an admin; anybody who reaches the port where the setting ``metrics_open`` says so."""
    if service.settings.metrics_open:
        return
    actor = await signed_in(request, token)
    if actor.role not in (JOB, ADMIN):
        raise Problem("forbidden", f"This needs the role {JOB} or {ADMIN}; yours is {actor.role}.")


may_scrape.roles = (JOB, ADMIN)  # type: ignore[attr-defined]


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    dependencies=[Depends(may_scrape)],
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": "optimiser_state_version 12.0\n"}}}},
)
def metrics(request: Request) -> Response:
    """Requests by route template, method and status, their times, runs by status, pending offers, the state's version."""
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
