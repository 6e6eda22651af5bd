"""Arithmetic on days that never runs off the calendar: where a day would lie beyond its first or last, that day stands for it."""

from __future__ import annotations

import calendar
import datetime as dt

LAST_MONTH = dt.date.max.year * 12 + 11
"""Months are counted from January of the year 0."""


def days_after(day: dt.date, count: int) -> dt.date:
    """So many days later; earlier, where negative."""
    return dt.date.fromordinal(min(max(1, day.toordinal() + count), dt.date.max.toordinal()))


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many calendar months later; the last day of a month that is too short for it."""
    count = day.year * 12 + day.month - 1 + months
    if count > LAST_MONTH:
        return dt.date.max
    if count < 12:
        return dt.date.min
    year, month = divmod(count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def moment_after(moment: dt.datetime, wait: dt.timedelta) -> dt.datetime:
    """So much later; at the end of the calendar its last moment."""
    return moment + min(wait, dt.datetime.max.replace(tzinfo=moment.tzinfo) - moment)
