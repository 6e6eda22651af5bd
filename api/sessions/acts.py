"""Somebody signs in to the pages with their key, and out again."""

from __future__ import annotations

from api.acts.act import Caller, act, only
from api.http.errors import Problem
from api.security.roles import ROLES

KEYS_ALONE = "The pages are opened with a key of this service."


@act("sessions.begin", only(*ROLES), writes=("session.begin",), changes=True)
def begin(by: Caller) -> str:
    """Somebody signs in to the pages; what their browser has from then on in place of the key is told this once."""
    if not by.actor.key_id:
        raise Problem("forbidden", KEYS_ALONE)
    return by.service.sessions.begin(by.actor, by.settings.clock.instant())


@act("sessions.end", only(*ROLES), writes=("session.end",), changes=True)
def end(by: Caller, secret: str) -> bool:
    """Somebody signs out of the pages; whether they were signed in."""
    return by.service.sessions.end(by.actor, secret, by.settings.clock.instant())
