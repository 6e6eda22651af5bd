"""Care begins, is held, begins again and ends, each by a named person; and what somebody has to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Body, Query

from api.care import changes as care
from api.care.schemas import Alert, Alerts, End, Hold, Restart, Situation, Start
from api.http.errors import Problem
from api.http.paging import page_of
from api.offers.answers import alert_of, situation
from api.offers.lapsing import sweep
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.security.signing_in import may
from api.service import Service, TheService
from api.state.state import State
from api.state.store import Change
from api.storage.audit import Actor, Entry

router = APIRouter(prefix="/v1", tags=["care"])
Planner = Annotated[Actor, may(PLANNER, ADMIN)]


def _act(service: Service, actor: Actor, package_id: str, act: Callable[[Change, State], bool]) -> Situation:
    """Do something to a package; the same again changes nothing."""
    with service.store.change(actor) as change:
        act(change, sweep(change, service.settings))
        after = change.as_if()
    return situation(after, package_id)


@router.post("/packages/{package_id}/start", summary="Care has begun under the accepted contract")
def start(package_id: str, service: TheService, actor: Planner, given: Annotated[Start | None, Body()] = None) -> Situation:
    """From then on it is running care, which stays where it is."""
    on = (given.care_started if given else None) or service.settings.clock.today()
    return _act(service, actor, package_id, lambda change, state: care.start(change, state, package_id, on))


@router.post("/packages/{package_id}/hold", summary="A stay in hospital: contract and hours are kept until a date")
def hold(package_id: str, given: Hold, service: TheService, actor: Planner) -> Situation:
    """When the date comes, an alert is raised; nothing is ended."""
    return _act(service, actor, package_id, lambda change, state: care.hold(change, state, package_id, given.held_until))


@router.post("/packages/{package_id}/restart", summary="Care on hold goes on as it was, or is asked for anew")
def restart(package_id: str, service: TheService, actor: Planner, given: Annotated[Restart | None, Body()] = None) -> Situation:
    """Asked for anew, the previous provider comes first in the cascade while it keeps the hours."""
    given = given or Restart()
    start_by = given.start_by or service.settings.clock.today()
    if given.resumes:
        return _act(service, actor, package_id, lambda change, state: care.resume(change, state, package_id))
    return _act(service, actor, package_id, lambda change, state: care.ask_again(change, state, package_id, start_by))


@router.post("/packages/{package_id}/end", summary="Care ends, or is no longer asked for")
def end(package_id: str, given: End, service: TheService, actor: Planner) -> Situation:
    """The records leave the county's state; the audit trail keeps them, with the reason and who said so."""
    return _act(service, actor, package_id, lambda change, state: care.end(change, state, package_id, given.reason))


@router.get("/alerts", summary="What somebody has to look at")
def alerts(
    service: TheService,
    actor: Annotated[Actor, may(PLANNER, TRANSITION, ADMIN)],
    acknowledged: bool = False,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> Alerts:
    """Those that nobody has acknowledged; ``acknowledged=true``: those that somebody has."""
    state = service.room.read(Entry(actor, "alerts.list", "alerts"))
    bodies = [stored.body for stored in state.stock["alerts"].values()]
    page = page_of(
        (body for body in bodies if bool(body["acknowledged_by"]) == acknowledged),
        lambda body: (body["at"], body["alert_id"]),
        limit=limit,
        cursor=cursor,
        usual=service.settings.page_size,
    )
    return Alerts(items=[alert_of(body) for body in page.items], next_cursor=page.next_cursor)


@router.post("/alerts/{alert_id}/acknowledge", summary="Somebody has looked at an alert")
def acknowledge(alert_id: str, service: TheService, actor: Planner) -> Alert:
    """The first who says so is recorded."""
    with service.store.change(actor) as change:
        stored = change.state.get("alerts", alert_id)
        if stored is None:
            raise Problem("not_found", "There is no alert of this id.")
        body = stored.body
        if not body["acknowledged_by"]:
            body = body | {"acknowledged_by": actor.name, "acknowledged_at": change.clock.now().isoformat()}
            change.put("alerts", alert_id, body)
            change.remember("alert.acknowledge", "packages", body["package_id"], {"alert_id": alert_id, "kind": body["kind"]})
    return alert_of(body)
