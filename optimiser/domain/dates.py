"""Days: arithmetic that never runs off the calendar (where a day would lie beyond its first or last, that day stands for it), and
working days in England: Monday to Friday, but for bank holidays and the days that a council adds by a setting. And London's
clocks.

The bank holidays come from the ``holidays`` library, by rule and with those that were proclaimed once; it needs no network.
Where it knows none (long ago, or centuries ahead), weekends alone are free. It is loaded when a year is first asked for.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
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


def instant_of(shown: dt.datetime) -> dt.datetime:
    """The instant in UTC that a wall clock in London shows: of two, the first; of a time that there is not, an hour later."""
    return shown.replace(tzinfo=LONDON).astimezone(dt.UTC)


def wall_clock(instant: dt.datetime) -> dt.datetime:
    """An instant as London's wall clocks show it, without an offset, as the snapshot format writes moments."""
    return instant.astimezone(LONDON).replace(tzinfo=None, fold=0)


SATURDAY = 5
ONE_DAY = dt.timedelta(days=1)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[dt.date]:
    """The bank holidays of England in a year, with the weekdays that stand in for those at a weekend."""
    from holidays import country_holidays

    return frozenset(country_holidays("GB", subdiv="ENG", years=year, expand=False))


def is_holiday(day: dt.date, extra: Collection[dt.date] = ()) -> bool:
    """Whether a day is a bank holiday, or one of the further days without work."""
    return day in extra or day in bank_holidays(day.year)


def is_working_day(day: dt.date, extra: Collection[dt.date] = ()) -> bool:
    return day.weekday() < SATURDAY and not is_holiday(day, extra)


def working_day_from(day: dt.date, extra: Collection[dt.date] = ()) -> dt.date:
    """This day where it is one of work, else the next that is; at the end of the calendar the day itself."""
    found = day
    while not is_working_day(found, extra):
        if found == dt.date.max:
            return day
        found += ONE_DAY
    return found


def working_day_up_to(day: dt.date, extra: Collection[dt.date] = ()) -> dt.date:
    """This day where it is one of work, else the last before it that is; at the beginning of the calendar the day itself."""
    found = day
    while not is_working_day(found, extra):
        if found == dt.date.min:
            return day
        found -= ONE_DAY
    return found


def working_days_before(day: dt.date, count: int, extra: Collection[dt.date] = ()) -> dt.date:
    """The day that lies so many days of work before this one; at the beginning of the calendar its first day."""
    found = day
    for _ in range(count):
        if found == dt.date.min:
            return found
        found = working_day_up_to(found - ONE_DAY, extra)
    return found
