"""Somebody signs in to the pages, with their key or by the council's directory, and out again."""

from __future__ import annotations

from api.acts.act import Caller, act, only
from api.http.errors import Problem
from api.security.roles import ROLES

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
