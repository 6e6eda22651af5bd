"""Care begins, is held, begins again and ends, each by a named person; and what somebody has to look at."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Header, Query

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.care import acts
from api.care.schemas import Alert, Alerts, End, Ended, Hold, Restart, Situation, Start

router = Router(prefix="/v1", tags=["care"])
IfMatch = Annotated[str | None, Header(description="The ETag of the package as you have read it; without it: whatever it is now")]


@router.post("/packages/{package_id}/start", summary="Care has begun under the accepted contract")
def start(
    package_id: str,
    by: Annotated[Caller, may(acts.start)],
    given: Annotated[Start | None, Body()] = None,
    if_match: IfMatch = None,
) -> Situation:
    """From then on it is running care, which stays where it is. Its first visit is waited for, unless it is given here."""
    return acts.start(by, package_id, given or Start(), if_match)


@router.post("/packages/{package_id}/hold", summary="A stay in hospital: contract and hours are kept until a date")
def hold(package_id: str, given: Hold, by: Annotated[Caller, may(acts.hold)], if_match: IfMatch = None) -> Situation:
    """When the date comes, an alert is raised; nothing is ended."""
    return acts.hold(by, package_id, given.held_until, if_match)


@router.post("/packages/{package_id}/restart", summary="Care on hold goes on as it was, or is asked for anew")
def restart(
    package_id: str,
    by: Annotated[Caller, may(acts.restart)],
    given: Annotated[Restart | None, Body()] = None,
    if_match: IfMatch = None,
) -> Situation:
    """Asked for anew, the previous provider comes first in the cascade while it keeps the hours."""
    given = given or Restart()
    return acts.restart(by, package_id, given.start_by, resumes=given.resumes, if_match=if_match)


@router.post("/packages/{package_id}/end", summary="Care ends, or is no longer asked for")
def end(package_id: str, given: End, by: Annotated[Caller, may(acts.end)], if_match: IfMatch = None) -> Ended:
    """The records leave the county's state; the audit trail keeps them, with the reason and who said so.

    Where the need remains, a new request for the same care is opened in the same act, and named in the answer.
    """
    return acts.end(by, package_id, given, if_match)


@router.get("/alerts", summary="What somebody has to look at")
def alerts(
    by: Annotated[Caller, may(acts.list_alerts)],
    acknowledged: bool = False,
    package_id: Annotated[str | None, Query(min_length=1, max_length=200, description="Of one person alone.")] = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> Alerts:
    """Those that nobody has acknowledged; ``acknowledged=true``: those that somebody has."""
    return acts.list_alerts(by, cursor, limit, acknowledged=acknowledged, package_id=package_id)


@router.post("/alerts/{alert_id}/acknowledge", summary="Somebody has looked at an alert")
def acknowledge(alert_id: str, by: Annotated[Caller, may(acts.acknowledge)]) -> Alert:
    """The first who says so is recorded."""
    return acts.acknowledge(by, alert_id)
