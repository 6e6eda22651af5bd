"""Days and moments as somebody types them into a form."""

from __future__ import annotations

import datetime as dt
import re

from api.pages.filled_form import FilledForm

NO_DAY = "Give a day such as 27 3 2027"
TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2}) ?(am|pm)?", re.IGNORECASE)


def day_of(form: FilledForm, name: str, said: str = NO_DAY) -> tuple[dt.date | None, dict[str, str]]:
    """The day in three boxes, or none; and what is wrong with it, by field: ``said``."""
    try:
        return form.date(name), {}
    except ValueError:
        return None, {name: said}


def time_of(text: str) -> dt.time:
    """8:10, 08.10, 2:05pm. Raises ``ValueError``."""
    found = TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError("no time")
    hour, half = int(found[1]), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError("no time")
    return dt.time(hour % 12 + (12 if half == "pm" else 0) if half else hour, int(found[2]))


def moment_of(form: FilledForm, name: str, said: str) -> tuple[dt.datetime | None, dict[str, str]]:
    """The day in three boxes with the time in a fourth, ``NAME-time``; none where all are empty."""
    try:
        day, text = form.date(name), form.value(f"{name}-time")
        if day is None and not text:
            return None, {}
        if day is None:
            raise ValueError("a time without a day")
        return dt.datetime.combine(day, time_of(text)), {}
    except ValueError:
        return None, {name: said}
