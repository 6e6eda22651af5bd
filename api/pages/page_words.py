"""Moments, hours and shares as the pages say them: never a date as programs write it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from urllib.parse import quote

from optimiser.domain import words
from optimiser.domain.dates import wall_clock
from optimiser.domain.records import DOUBLE_HANDED
from optimiser.domain.staffing import DAYS as WEEK

NOT_SHOWN = "not shown"
"""In place of a figure that this role does not see."""
NONE = "–"
DAYS = dict(zip(WEEK, words.WEEKDAYS, strict=True))
"""Days of a week by their names in the data."""


def time_in_words(at: dt.time) -> str:
    """10:20am, 2:05pm, midnight as 12:00am."""
    return f"{at.hour % 12 or 12}:{at.minute:02}{'am' if at.hour < 12 else 'pm'}"


def moment_in_words(shown: dt.datetime) -> str:
    """Monday 23 November 2026, 10:20am."""
    return f"{words.weekday_in_words(shown.date())}, {time_in_words(shown.time())}"


def instant_in_words(instant: dt.datetime) -> str:
    """Monday 23 November 2026, 10:20am: an instant by London's clock."""
    return moment_in_words(wall_clock(instant))


def day_in_words(iso: str) -> str:
    """1 April 2027, of a date as the service writes it."""
    return words.date_in_words(dt.date.fromisoformat(iso))


def day_in_short(iso: str, today: dt.date) -> str:
    """Tue 17 Nov, for a table; with its year where that is not today's: Fri 1 Jan 2027."""
    day = dt.date.fromisoformat(iso)
    told = f"{words.WEEKDAYS[day.weekday()][:3]} {day.day} {words.MONTHS[day.month - 1][:3]}"
    return told if day.year == today.year else f"{told} {day.year}"


def dates_in_words(text: str) -> str:
    """A sentence of the service's, with its dates as people say them."""
    return re.sub(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b", lambda found: day_in_words(found[0]), text)


def address_part(name: str) -> str:
    """An id as it stands in an address, whatever is in it."""
    return quote(name, safe="")


def hours_in_words(hours: float) -> str:
    """3.5 hours, 1 hour: of a package, whose hours are whole quarters."""
    return words.hours_in_words(round(hours * 60))


def counted(count: int, what: str) -> str:
    """1 day, 1,234 days."""
    return f"{count:,} {what if count == 1 else f'{what}s'}"


def in_plain(name: str) -> str:
    """A name of the service's, of a role, a skill or a feature, as people say it: social work."""
    return name.replace("_", " ")


def times_in_words(count: int) -> str:
    """once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def needs_in_words(workers: int, skills: Sequence[str]) -> list[str]:
    """What a provider has to bring; that two come at once is said once, however it is recorded."""
    both = ["two care workers at once"] if workers > 1 else []
    return both + [in_plain(each) for each in skills if not (both and each == DOUBLE_HANDED)]


def hours_in_short(hours: float) -> str:
    """1,234 h; what is less than an hour is not rounded away: 0.50 h."""
    return f"{words.rounded(hours, 0 if hours >= 10 else 2).removesuffix('.00')} h"


def hours_of_an_account(hours: float) -> str:
    """16.50 h, 1,234 h: of what is paid no part of an hour is rounded away."""
    return f"{words.rounded(hours, 2).removesuffix('.00')} h"


def share_in_words(share: float) -> str:
    """66.8%, 67.0%."""
    return f"{share * 100:.1f}%"


def count_in_words(count: int | None) -> str:
    """5,308."""
    return NOT_SHOWN if count is None else f"{count:,}"


def when_in_words(moment: dt.datetime, now: dt.datetime) -> str:
    """today at 8:30am, tomorrow at 5:00pm, yesterday at 10:20am, else Monday 16 November 2026 at 3:50pm."""
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((moment.date() - now.date()).days)
    return f"{near or words.weekday_in_words(moment.date())} at {time_in_words(moment.time())}"


def capital(sentence: str) -> str:
    """With a capital letter in front, and nothing else changed."""
    return sentence[:1].upper() + sentence[1:]


def person_in_words(actor: str) -> str:
    """Somebody of the council without the id of their key: Ada Planner."""
    return actor.partition(" (")[0]


def money_in_words(pounds: float) -> str:
    """£1,234.50: a figure in pounds, as people read it."""
    return f"{'−' if pounds < 0 else ''}£{abs(pounds):,.2f}"
