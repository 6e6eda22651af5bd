"""Who is signed in to the pages: oneself in every browser, and for an administrator everybody; each can be signed out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.acts.act import Caller
from api.acts.in_browsers import may_see
from api.pages.administration.admin_tabs import tabs_for
from api.pages.csv_answers import csv_answer
from api.pages.frame import page
from api.pages.front_door import see
from api.pages.guards import asked_for_now, sent_from_here
from api.pages.page_words import in_plain, instant_in_words
from api.sessions import acts
from optimiser.domain.words import hours_in_words

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])


@router.get("/administration/sessions")
def who_is_in(request: Request, by: Annotated[Caller, may_see(acts.list_sessions)], done: str = "") -> Response:
    """The list, whoever came last first."""
    rows = [
        (each.holder, _roles(each.roles), instant_in_words(each.began_at), instant_in_words(each.seen_at), each.session)
        for each in acts.list_sessions(by)
    ]
    values = {
        "rows": rows,
        "ended": done == "ended",
        "tabs": tabs_for(by),
        "of_all": not acts.list_sessions.roles[_used(by)],
        "directory_minutes": hours_in_words(by.settings.oidc_session_minutes) if by.settings.oidc_client_id else "",
    }
    return page(request, "sessions.html.j2", "Who is signed in", values)


@router.get("/administration/sessions.csv")
def who_is_in_csv(by: Annotated[Caller, may_see(acts.list_sessions)]) -> Response:
    """The same for a spreadsheet."""
    heads = ("session", "holder", "roles", "key_id", "began_at_utc", "seen_at_utc", "ends_at_utc")
    rows = [
        [
            each.session,
            each.holder,
            " ".join(each.roles),
            each.key_id,
            each.began_at.isoformat(),
            each.seen_at.isoformat(),
            each.ends_at.isoformat(),
        ]
        for each in acts.list_sessions(by)
    ]
    return csv_answer("sessions", heads, rows)


@router.post("/administration/sessions/{session}/end", dependencies=[Depends(sent_from_here)])
def end_session(session: str, by: Annotated[Caller, may_see(acts.end_one)]) -> Response:
    """Somebody is signed out, in whatever browser they are."""
    acts.end_one(by, session)
    return see("/administration/sessions?done=ended")


def _used(by: Caller) -> str:
    return acts.list_sessions.role_of(by.actor) or ""


def _roles(roles: tuple[str, ...]) -> str:
    return ", ".join(in_plain(role) for role in roles)
