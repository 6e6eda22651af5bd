"""Who was asked for and whose need of care ended, within 28 days: people by area, also those who have left the county since.

Parts of divided care are none of their own. Forecasts are made of it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, select

from api.clock import LONDON
from api.overview.answers import DECLINES_DAYS
from api.state.known_people import END
from api.state.state import State
from api.storage.table_schema import audit
from optimiser.domain.dates import days_after


@dataclass(frozen=True)
class Gone:
    """Of whoever has ended, by area: those asked for lately, and those whose end is of late."""

    requests: Mapping[str, int] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)


def gone_lately(connection: Connection, today: dt.date) -> Gone:
    """From the trail, of the 28 days up to one. Of whoever is forgotten nothing is known."""
    requests, ends = Counter[str](), Counter[str]()
    entries = select(audit.c.at, audit.c.details).where(audit.c.action == END, audit.c.details.is_not(None))
    for row in connection.execute(entries):
        package = orjson.loads(row.details)["package"]
        if package.get("part_of"):
            continue
        asked_at = package.get("requested_at")
        requests[package["area_id"]] += bool(asked_at) and _lately(dt.datetime.fromisoformat(asked_at).date(), today)
        ended = dt.datetime.fromisoformat(row.at).astimezone(LONDON).date()
        ends[package["area_id"]] += _lately(ended, today)
    return Gone(requests, ends)


def comings_and_goings(state: State, gone: Gone) -> dict[str, dict[str, Any]]:
    """Per area ``requests`` and ``ends`` of 28 days, and ``people_in_all``: who has care or waits now."""
    people, asked = Counter[str](), Counter[str]()
    for package in state.county.packages:
        if not package.part_of:
            people[package.area_id] += 1
            asked[package.area_id] += package.requested_at is not None and _lately(package.requested_at.date(), state.as_of)
    return {
        area.area_id: {
            "requests": asked[area.area_id] + gone.requests.get(area.area_id, 0),
            "ends": gone.ends.get(area.area_id, 0),
            "people_in_all": people[area.area_id],
        }
        for area in state.snapshot.areas
    }


def _lately(day: dt.date, today: dt.date) -> bool:
    return days_after(today, -DECLINES_DAYS) < day <= today
