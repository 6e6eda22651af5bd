"""Rates from the service's own counts of days, as ``/v1/trends?by=area`` answers them: who was asked for, and whose need ended.

Counts of 28 days are told for each day, so days 28 apart tell each request and each end once.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.answers_record import CannotForecastError
from optimiser.forecasting.rates_given import Arrivals, Given

WINDOW_DAYS = 28
WEEKS = WINDOW_DAYS // 7
HOW = "ask for GET /v1/trends?by=area as a role that sees small counts"


def rates_of_counts(path: Path, snapshot: Snapshot) -> Given:
    """Raises ``CannotForecastError``, naming what the counts do not tell."""
    days = _days(path)
    known = {area.area_id for area in snapshot.areas}
    chosen = _apart(sorted(day for day in days if day <= snapshot.as_of))
    if not chosen:
        raise CannotForecastError(f"{path.name} holds no day up to {snapshot.as_of}")
    arrivals, ends, people = dict.fromkeys(sorted(known), 0), 0, 0
    for day in chosen:
        for group in days[day]:
            if group.get("group") in known:
                arrivals[group["group"]] += _told(group, "requests", path)
                ends += _told(group, "ends", path)
                people += _told(group, "people_in_all", path)
    if not people:
        raise CannotForecastError(f"{path.name} tells of nobody with care in any area of the snapshot: {HOW}")
    weeks = WEEKS * len(chosen)
    return Given(
        arrivals=tuple(Arrivals(count / weeks, area_id) for area_id, count in arrivals.items() if count),
        ends_per_week=min(1.0, ends / (WEEKS * people)),
        from_counts=f"from the service's counts of {len(chosen)} times {WINDOW_DAYS} days up to {chosen[-1]}",
    )


def _days(path: Path) -> Mapping[dt.date, Sequence[Mapping[str, Any]]]:
    try:
        answered = json.loads(path.read_text(encoding="utf-8"))
        items = answered["items"] if isinstance(answered, dict) else answered
        return {dt.date.fromisoformat(each["day"]): each["groups"] for each in items}
    except OSError as error:
        raise CannotForecastError(f"{path.name} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CannotForecastError(f"{path.name} is not what the service answers: {HOW}") from None


def _apart(days: Sequence[dt.date]) -> list[dt.date]:
    """The latest day, and back from it those that are 28 days or more apart, in order."""
    found: list[dt.date] = []
    for day in reversed(days):
        if not found or (found[-1] - day).days >= WINDOW_DAYS:
            found.append(day)
    return found[::-1]


def _told(group: Mapping[str, Any], name: str, path: Path) -> int:
    value = group.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise CannotForecastError(f"{path.name} does not tell {name} of each area: {HOW}")
    return value
