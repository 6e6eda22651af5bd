"""The bank holidays of England and Wales, worked out: nobody at a provider's desk has to answer on them.

Source: gov.uk/bank-holidays, and the Banking and Financial Dealings Act 1971, schedule 1. One-off holidays are
proclaimed: they are a setting (``OPTIMISER_EXTRA_HOLIDAYS``).
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

MONDAY, SATURDAY, SUNDAY = 0, 5, 6


def easter_sunday(year: int) -> dt.date:
    """Western Easter by the anonymous Gregorian rule (Meeus, Astronomical Algorithms, chapter 8)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    leap_centuries, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap_centuries - correction + 15) % 30
    leaps, odd = divmod(of_century, 4)
    weekday = (32 + 2 * rest + 2 * leaps - moon - odd) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


@lru_cache(maxsize=32)
def bank_holidays(year: int) -> frozenset[dt.date]:
    """The eight bank holidays of a year, with the weekdays that stand in for those at a weekend."""
    easter = easter_sunday(year)
    days = {easter - dt.timedelta(days=2), easter + dt.timedelta(days=1)}
    days |= {_monday_from(dt.date(year, 5, 1)), _monday_from(dt.date(year, 5, 25)), _monday_from(dt.date(year, 8, 25))}
    for fixed in (dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)):
        day = fixed
        while day.weekday() in (SATURDAY, SUNDAY) or day in days:
            day += dt.timedelta(days=1)
        days.add(day)
    return frozenset(days)


def _monday_from(day: dt.date) -> dt.date:
    """The first Monday on or after a day (the last of May and August begins seven days before the month ends)."""
    return day + dt.timedelta(days=(MONDAY - day.weekday()) % 7)
