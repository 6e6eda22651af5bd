"""How long a provider has to answer: clock hours for what cannot wait, working hours for all else, in Europe/London.

Moments go in and come out as instants in UTC, so that the hour that comes twice in October is never in doubt. Clock hours are
real hours: a window over a clock change is as long as any other.
"""

from __future__ import annotations

import datetime as dt

from api.clock import LONDON
from api.settings import Settings
from optimiser.domain.dates import days_after, is_working_day, moment_after

CLOCK_HOURS = ("urgent", "discharge")
"""The priorities whose window is counted in clock hours."""


def answer_by(asked_at: dt.datetime, priority: str, settings: Settings) -> dt.datetime:
    """The instant at which an unanswered offer expires."""
    hours = {
        "urgent": settings.window_urgent_hours,
        "discharge": settings.window_discharge_hours,
        "standard": settings.window_standard_hours,
        "planned": settings.window_planned_hours,
    }[priority]
    if priority in CLOCK_HOURS:
        return moment_after(asked_at, dt.timedelta(hours=hours))
    return instant(after_working_hours(wall_clock(asked_at), hours, settings))


def wall_clock(moment: dt.datetime) -> dt.datetime:
    """An instant as London's wall clocks show it, without an offset, as the snapshot format writes moments."""
    return moment.astimezone(LONDON).replace(tzinfo=None, fold=0)


def instant(shown: dt.datetime) -> dt.datetime:
    """The instant in UTC that a wall clock in London shows; of two, the first."""
    return shown.replace(tzinfo=LONDON).astimezone(dt.UTC)


def after_working_hours(moment: dt.datetime, hours: int, settings: Settings) -> dt.datetime:
    """So many working hours later on the wall clock, which stands still at night, at weekends and on bank holidays.

    Where the calendar ends first, its last moment.

    Clocks change on Sundays, when nobody is at work: a working day is as long on the wall clock as it really is.
    """
    starts, ends = settings.working_day_starts, settings.working_day_ends
    left = dt.timedelta(hours=hours)
    day = moment.date()
    while day < dt.date.max:
        if is_working_day(day, settings.extra_holidays):
            opens, closes = dt.datetime.combine(day, starts), dt.datetime.combine(day, ends)
            begins = max(opens, moment)
            if begins < closes:
                if begins + left <= closes:
                    return begins + left
                left -= closes - begins
        day = days_after(day, 1)
    return dt.datetime.max.replace(microsecond=0)
