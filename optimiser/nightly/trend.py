"""How unmet need, waits, shares and declines have gone: counts of single days, kept by the service, beside today's.

A day that was not kept is told by the last one before it; where there is none, nothing is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from optimiser.domain.dates import days_after

Json = Mapping[str, Any]
BEFORE = {"four_weeks_before": 28, "a_year_before": 364}
"""What today is compared with: whole weeks, so that a weekday meets its like."""
TOLD = ("unmet", "unmet_hours_per_week", "median_days_waited")
TOLD_OF_AREAS = (*TOLD, "principal_share", "declines")
WHOLE, AREAS = "county", "area"
"""The tables that every day has beside those of who comes last."""
SVG_WIDTH, SVG_HEIGHT = 600, 120


def trend_record(days: Sequence[Json], names: Mapping[str, str]) -> dict[str, Any] | None:
    """What the report shows; None where no day is kept. ``names``: of areas, by id."""
    if not days:
        return None
    today = dt.date.fromisoformat(days[-1]["day"])
    compared = {"today": days[-1], **{name: _last_by(days, days_after(today, -back)) for name, back in BEFORE.items()}}
    return {
        "days_kept": len(days),
        "since": days[0]["day"],
        "compared_with": {name: None if day is None else day["day"] for name, day in compared.items()},
        "unmet_people": [[day["day"], day[WHOLE][0]["unmet"]] for day in days],
        "areas": [
            {"area_id": group, "name": names.get(group, group), **_then(compared, AREAS, group, TOLD_OF_AREAS)}
            for group in _groups(days[-1], AREAS)
        ],
        "groups": [
            {"by": table, "group": group, **_then(compared, table, group, TOLD)}
            for table in days[-1]
            if table not in ("day", AREAS)
            for group in _groups(days[-1], table)
        ],
    }


def line_of(unmet_people: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The points of a drawn line: days along, people up from 0, in whole units of a drawing of fixed size."""
    first, last = (dt.date.fromisoformat(unmet_people[at][0]) for at in (0, -1))
    most = max(1, *(people for _, people in unmet_people))
    span = max(1, (last - first).days)
    points = [
        (
            (dt.date.fromisoformat(day) - first).days * SVG_WIDTH // span,
            SVG_HEIGHT - people * SVG_HEIGHT // most,
        )
        for day, people in unmet_people
    ]
    return {"points": points, "most": most, "least": min(people for _, people in unmet_people)}


def _last_by(days: Sequence[Json], day: dt.date) -> Json | None:
    return next((each for each in reversed(days) if each["day"] <= str(day)), None)


def _groups(day: Json, table: str) -> list[str]:
    return [each["group"] for each in day[table]]


def _then(compared: Mapping[str, Json | None], table: str, group: str, told: Sequence[str]) -> dict[str, dict[str, Any] | None]:
    """Per day compared the figures of a group. A day that is kept and has no such group had nobody in it: None, too."""
    found: dict[str, dict[str, Any] | None] = {}
    for name, day in compared.items():
        rows = [] if day is None else day.get(table, ())
        row = next((each for each in rows if each["group"] == group), None)
        found[name] = None if row is None else {each: row[each] for each in told}
    return found
