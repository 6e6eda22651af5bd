"""How long providers have to answer, in words: the usual windows, and periods that the council has declared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from api.pages.page_words import counted, day_in_words
from api.settings import Settings
from api.window_periods import WindowPeriod

CLOCK_HOURS = ("urgent", "discharge")
"""The priorities whose window is counted in hours of the clock."""
PRIORITIES = {"urgent": "Urgent", "discharge": "Discharge from hospital", "standard": "Standard", "planned": "Planned"}


def usual_windows(settings: Settings) -> list[tuple[str, str]]:
    """By priority, in hours of the clock or of working days."""
    return [(said, _hours(name, getattr(settings, f"window_{name}_hours"))) for name, said in PRIORITIES.items()]


def declared_periods(settings: Settings, today: dt.date) -> list[str]:
    """A sentence for each period that runs or lies ahead, the earliest first; none where the usual windows count."""
    ahead = [each for each in settings.window_periods if today < each.until]
    return [_period(each, today) for each in sorted(ahead, key=lambda each: each.since)]


def _period(period: WindowPeriod, today: dt.date) -> str:
    last = day_in_words(str(period.until - dt.timedelta(days=1)))
    days = f"up to {last}" if period.since <= today else f"from {day_in_words(str(period.since))} up to {last}"
    now = "Now" if period.since <= today else "Ahead"
    return f"{now}: {period.name}, {days}. Asked in it: {', '.join(_of_period(period))}."


def _of_period(period: WindowPeriod) -> Iterator[str]:
    for name, said in PRIORITIES.items():
        hours: int | None = getattr(period, f"{name}_hours")
        if hours is not None:
            yield f"{said.lower()} {_hours(name, hours)}"


def _hours(priority: str, hours: int) -> str:
    return counted(hours, "hour" if priority in CLOCK_HOURS else "working hour")
