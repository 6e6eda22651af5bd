"""When a visit may begin: its window, which may run over midnight, and the day that it belongs to.

A latest start before the earliest is on the next day (night care); a visit's days name those on which its window opens. Times of
day are local (Europe/London).
"""

from __future__ import annotations

import datetime as dt

from optimiser.domain.dates import LONDON, days_after, instant_of
from optimiser.domain.records import Visit
from optimiser.domain.staffing import DAY_SECONDS, DAYS, Shift, seconds_of


def is_over_midnight(visit: Visit) -> bool:
    """Whether it may begin on the day after the one on which its window opens."""
    return visit.latest_start < visit.earliest_start


def window_of(visit: Visit) -> tuple[int, int]:
    """Its earliest and latest start, in seconds from midnight of the day on which the window opens."""
    latest = seconds_of(visit.latest_start) + (DAY_SECONDS if is_over_midnight(visit) else 0)
    return seconds_of(visit.earliest_start), latest


def opening(day: dt.date, visit: Visit) -> dt.datetime:
    """The earliest start of a visit whose window opens on a day, as an instant in UTC."""
    return instant_of(dt.datetime.combine(day, visit.earliest_start))


def closing(day: dt.date, visit: Visit) -> dt.datetime:
    """Its latest start, as an instant in UTC: of a time that there is twice, the second."""
    last = dt.datetime.combine(days_after(day, int(is_over_midnight(visit))), visit.latest_start, LONDON)
    return max(last.astimezone(dt.UTC), last.replace(fold=1).astimezone(dt.UTC))


def days_ahead(visit: Visit, start: int) -> int:
    """How many days after a run's day a visit's window opens, if it starts so many seconds after that day's midnight.

    A window is shorter than a day, so that there is one answer: a visit at 02:00 that is made in the night before is one ahead.
    """
    return (start - seconds_of(visit.earliest_start)) // DAY_SECONDS


def day_after(day: str, ahead: int) -> str:
    """The day of the week so many days after another."""
    return DAYS[(DAYS.index(day) + ahead) % len(DAYS)]


def own_day(visit: Visit, run_day: str, start: int) -> str:
    """The day of a visit (on which its window opens) that is planned in the run of a day."""
    return day_after(run_day, days_ahead(visit, start))


def window_in_words(visit: Visit) -> str:
    """Such as "between 10pm and 1am the next day", or "at 7:30am"."""
    opens, closes = time_in_words(visit.earliest_start), time_in_words(visit.latest_start)
    if visit.earliest_start == visit.latest_start:
        return f"at {opens}"
    return f"between {opens} and {closes}{' the next day' if is_over_midnight(visit) else ''}"


def shift_in_words(shift: Shift) -> str:
    """Such as "night 10pm to 7am the next day"."""
    following = " the next day" if shift.closes > DAY_SECONDS else ""
    return f"{shift.name} {time_in_words(shift.starts)} to {time_in_words(shift.ends)}{following}"


def time_in_words(time: dt.time) -> str:
    """Such as "7:30am", "midday", "midnight"."""
    if time in (dt.time(0), dt.time(12)):
        return "midday" if time.hour else "midnight"
    minutes = f":{time.minute:02}" if time.minute or time.second else ""
    seconds = f":{time.second:02}" if time.second else ""
    return f"{(time.hour - 1) % 12 + 1}{minutes}{seconds}{'am' if time.hour < 12 else 'pm'}"
