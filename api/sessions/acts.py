"""Somebody signs in to the pages, with their key or by the council's directory, and out again."""

from __future__ import annotations

from api.acts.act import Caller, act, only
from api.http.errors import Problem
from api.security.roles import ADMIN, COUNCIL, ROLES
from api.security.sessions import SignedIn

DIRECTORY_ALONE = "The council's directory signs people in to the pages only where it is set up for that."
KEYS_ALONE = "The pages are opened with a key of this service."


@act("sessions.begin", only(*ROLES), writes=("session.begin",), changes=True)
def begin(by: Caller) -> str:
    """Somebody signs in to the pages; what their browser has from then on in place of the key is told this once."""
    if not by.actor.key_id:
        raise Problem("forbidden", KEYS_ALONE)
    return by.service.sessions.begin(by.actor, by.settings.clock.instant())


@act("sessions.by_directory", only(*ROLES), writes=("session.begin",), changes=True)
def begin_by_directory(by: Caller) -> str:
    """Somebody whom the council's directory has signed in opens the pages; else as with a key."""
    if by.actor.key_id or by.service.directory is None:
        raise Problem("forbidden", DIRECTORY_ALONE)
    return by.service.sessions.begin(by.actor, by.settings.clock.instant())


@act("sessions.end", only(*ROLES), writes=("session.end",), changes=True)
def end(by: Caller, secret: str) -> bool:
    """Somebody signs out of the pages; whether they were signed in."""
    return by.service.sessions.end(by.actor, secret, by.settings.clock.instant())


OWN_ALONE = {ADMIN: "", **dict.fromkeys((role for role in COUNCIL if role != ADMIN), "their own alone")}
NO_SESSION = "There is no such session: it has ended, or it is somebody else's."


@act("sessions.list", OWN_ALONE)
def list_sessions(by: Caller) -> list[SignedIn]:
    """Who is signed in to the pages, whoever came last first."""
    found = by.service.sessions.listed(by.settings.clock.instant())
    return [each for each in found if _may_end(by, each)]


@act("sessions.end_one", OWN_ALONE, writes=("session.end",), changes=True)
def end_one(by: Caller, session: str) -> None:
    """Somebody is signed out of the pages, in whatever browser they are."""
    now = by.settings.clock.instant()
    known = [each for each in by.service.sessions.listed(now) if each.session == session and _may_end(by, each)]
    if not known or not by.service.sessions.end_named(by.actor, session, now):
        raise Problem("not_found", NO_SESSION)


def _may_end(by: Caller, each: SignedIn) -> bool:
    if by.actor.role == ADMIN:
        return True
    return each.key_id == by.actor.key_id if by.actor.key_id else not each.key_id and each.holder == by.actor.name
