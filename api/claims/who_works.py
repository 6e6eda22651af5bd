"""Who is held to be working on a person now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.settings import Settings
from api.state.state import State
from api.state.stored_records import CLAIMS
from optimiser.domain.dates import moment_after, wall_clock


def working_json(state: State, settings: Settings, package_id: str) -> dict[str, Any] | None:
    """Who is, since when and until when; None where nobody has said so, or it has lapsed. Clock hours are real hours."""
    stored = state.get(CLAIMS, package_id)
    if stored is None:
        return None
    since = dt.datetime.fromisoformat(stored.body["since"])
    until = moment_after(since, dt.timedelta(minutes=settings.claim_minutes))
    if settings.clock.moment() >= until:
        return None
    return {"by": stored.body["by"], "since": wall_clock(since).isoformat(), "until": wall_clock(until).isoformat()}
