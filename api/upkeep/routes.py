"""Who the service takes you for, whether it lives and can serve, and its figures for a Prometheus server."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from prometheus_client import CONTENT_TYPE_LATEST

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import bearer, marked, may, signed_in
from api.http.responses import one, several
from api.http.strict import Listed
from api.upkeep import acts
from api.upkeep.schemas import (
    CountyVersion,
    EntriesQuery,
    Me,
    SettingsView,
    TrailBackwards,
    TrailBreak,
    TrailChecked,
    TrailEntry,
    TrailHead,
)

router = Router()


@router.get("/v1/me", tags=["you"], summary="Who you are here")
def me(by: Annotated[Caller, may(acts.who_am_i)]) -> Me:
    return acts.who_am_i(by)


@router.get("/v1/county-version", tags=["you"], summary="Whether the county has changed since")
def county_version(by: Annotated[Caller, may(acts.county_version)]) -> CountyVersion:
    """A number that is another after every change; for pages and programs that stay open."""
    return acts.county_version(by)


@router.get("/v1/audit", tags=["audit"], summary="The audit trail, a page at a time", response_model=Listed[TrailEntry])
def audit(by: Annotated[Caller, may(acts.page_of_audit)], query: Annotated[EntriesQuery, Query()]) -> Response:
    """The oldest first. An auditor is told who did what, when and in which role, and nothing of people."""
    return several(acts.page_of_audit(by, query))


@router.get("/v1/audit/head", tags=["audit"], summary="Where the audit trail ends")
def audit_head(by: Annotated[Caller, may(acts.audit_head)]) -> TrailHead:
    """To be noted elsewhere: `optimiser audit verify --since-head` finds it again."""
    last = acts.audit_head(by)
    return TrailHead(seq=last.seq, hash=last.hash)


@router.get("/v1/audit/check", tags=["audit"], summary="Whether the audit trail holds")
def audit_check(by: Annotated[Caller, may(acts.verify_audit)]) -> TrailChecked:
    """All of it is walked, and records, keys and settings are compared with what it tells of them: every edit, removal and
    reordering is found, and whatever was changed past the service."""
    found = acts.verify_audit(by)
    return TrailChecked(
        holds=not found.breaks,
        entries=found.entries,
        destroyed=found.destroyed,
        breaks=[TrailBreak(seq=each.seq, problem=each.problem, table=each.table, row_id=each.row_id) for each in found.breaks],
        rows=found.rows,
        good=TrailHead(seq=found.good.seq, hash=found.good.hash),
        signed=found.signed,
        backwards=[TrailBackwards(seq=each.seq, at=each.at, before=each.before) for each in found.backwards],
    )


@router.get("/v1/settings", tags=["operations"], summary="The settings, read-only", response_model=SettingsView)
def settings(by: Annotated[Caller, may(acts.read_settings)]) -> Response:
    """Those of the service by their names in the environment, and those of the county. Of secrets only whether they are given."""
    return one(acts.read_settings(by))


@router.get("/health/live", tags=["health"], summary="The process answers")
async def live() -> dict[str, str]:
    """Says nothing of the database, and waits for nothing: a process that waits for its database need not be restarted."""
    return {"status": "live"}


@router.get("/health/ready", tags=["health"], summary="The service can work")
async def ready(request: Request) -> dict[str, str]:
    """503 while it cannot. `cause` says why in a word: the database is `locked`, `full`, `unreachable`, `read_only`, `failing`
    (its disk), `damaged`, `gone_back` (what was acknowledged is not there), `slow`, `busy`, `older` (of another form) or `empty`;
    `detail` says it in a sentence."""
    wrong = await request.app.state.readiness.ask()
    if wrong is not None:
        raise wrong.problem()
    return {"status": "ready"}


async def _scraper(request: Request, token: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Caller:
    """A job or an admin; anybody who reaches the port where the setting ``metrics_open`` says so."""
    service = request.app.state.service
    actor = acts.ANYBODY if service.settings.metrics_open else await signed_in(request, token)
    return acts.read_figures.admit(Caller(service, actor))


@router.get(
    "/metrics",
    tags=["operations"],
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": "optimiser_state_version 12.0\n"}}}},
)
def metrics(request: Request, by: Annotated[Caller, Depends(marked(_scraper, acts.read_figures))]) -> Response:
    """Requests by route template, method and status, their times, runs by status, pending offers, the state's version."""
    return Response(acts.read_figures(by, request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)
