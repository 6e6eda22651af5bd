"""Moments as somebody writes them who reads them off a watch."""

from __future__ import annotations

import datetime as dt

from api.clock import LONDON


def moment_of(text: str) -> dt.datetime | None:
    """``2026-11-23 09:30`` (London's) or with an offset, as an instant; None for what is none."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=LONDON)


def apart(one: dt.datetime, other: dt.datetime) -> dt.timedelta:
    """How far two instants are apart; an hour that a clock change shows twice counts as whichever is nearer."""
    return min(abs(other - one.replace(fold=fold)) for fold in (0, 1))
