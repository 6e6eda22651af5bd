"""Moments, hours and shares as the pages say them: never a date as programs write it."""

from __future__ import annotations

import datetime as dt

from optimiser.domain.words import MONTHS, WEEKDAYS, date_in_words, percent_in_short, rounded, weekday_in_words

NOT_SHOWN = "not shown"
"""In place of a figure that this role does not see."""
NONE = "–"


def time_in_words(at: dt.time) -> str:
    """10:20am, 2:05pm, midnight as 12:00am."""
    return f"{at.hour % 12 or 12}:{at.minute:02}{'am' if at.hour < 12 else 'pm'}"


def moment_in_words(shown: dt.datetime) -> str:
    """Monday 23 November 2026, 10:20am."""
    return f"{weekday_in_words(shown.date())}, {time_in_words(shown.time())}"


def day_in_words(iso: str) -> str:
    """1 April 2027, of a date as the service writes it."""
    return date_in_words(dt.date.fromisoformat(iso))


def day_in_short(iso: str, today: dt.date) -> str:
    """Tue 17 Nov, for a table; with its year where that is not today's: Fri 1 Jan 2027."""
    day = dt.date.fromisoformat(iso)
    told = f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"
    return told if day.year == today.year else f"{told} {day.year}"


def hours_in_short(hours: float) -> str:
    """1,234 h; what is less than an hour is not rounded away: 0.5 h."""
    return f"{rounded(hours, 0 if hours >= 10 else 2).removesuffix('.00')} h"


def share_in_words(share: float) -> str:
    """66.8%, 67.0%."""
    return f"{share * 100:.1f}%"


def bound_in_words(share: float) -> str:
    """66.8%, and 65% where that is all."""
    return percent_in_short(share)


def count_in_words(count: int | None) -> str:
    """5,308."""
    return NOT_SHOWN if count is None else f"{count:,}"
