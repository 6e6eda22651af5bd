"""Working days in England: Monday to Friday, but for bank holidays and the days that a council adds by a setting.

The bank holidays come from the ``holidays`` library, by rule and with those that were proclaimed once; it needs no network.
Where it knows none (long ago, or centuries ahead), weekends alone are free. It is loaded when a year is first asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import lru_cache

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
