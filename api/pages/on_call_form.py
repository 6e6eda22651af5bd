"""Hours on call as a week of lines, one a day: as they are read, and as somebody fills them in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, get_args

from api.on_call.schemas import Day
from api.pages.filled_form import FilledForm
from api.pages.page_words import capital, time_in_words
from api.pages.people.form_dates import time_of

DAYS = get_args(Day)
MIDNIGHT = "24:00"
"""The end of a day."""
Hours = Sequence[Mapping[str, str]]
BETWEEN = re.compile(r"\s*(?:to|until|-|–)\s*")
WRONG = "Give hours such as 8:00 to 18:00, with commas between several, or leave the day empty"
OVERLAP = "Two of these hours overlap"
ALWAYS = "At all hours"


def week_of(hours: Hours) -> dict[str, str]:
    """By day what its line holds: ``09:00 to 13:00, 17:00 to 24:00``."""
    return {day: ", ".join(f"{each['starts']} to {each['ends']}" for each in _of_day(hours, day)) for day in DAYS}


def in_words(hours: Hours) -> list[tuple[str, str]]:
    """A line for each day on which somebody is on call, days that are alike together; where nothing is declared, that."""
    said = {day: ", ".join(_stretch(each) for each in _of_day(hours, day)) for day in DAYS}
    found: list[tuple[list[str], str]] = []
    for day, told in said.items():
        if found and found[-1][1] == told:
            found[-1][0].append(day)
        else:
            found.append(([day], told))
    lines = [(_days(days), told) for days, told in found if told]
    return lines or [(ALWAYS, "It has declared nothing else")]


def hours_in(form: FilledForm) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The hours of a form with a line for each day, and what is wrong with them by field."""
    hours: list[dict[str, str]] = []
    faults: dict[str, str] = {}
    for day in DAYS:
        stretches = []
        for part in filter(None, (each.strip() for each in form.value(day).split(","))):
            try:
                stretches.append(_parsed(day, part))
            except ValueError:
                faults[day] = WRONG
        stretches.sort(key=lambda each: each["starts"])
        if any(late["starts"] < early["ends"] for early, late in pairwise(stretches)):
            faults.setdefault(day, OVERLAP)
        hours += stretches
    return hours, faults


def _parsed(day: str, text: str) -> dict[str, str]:
    """Raises ``ValueError`` where a stretch does not go forward within its day."""
    starts, ends = BETWEEN.split(text)
    opens = f"{time_of(starts):%H:%M}"
    closes = MIDNIGHT if ends in (MIDNIGHT, "24.00") else f"{time_of(ends):%H:%M}"
    if closes <= opens:
        raise ValueError("it does not go forward")
    return {"day": day, "starts": opens, "ends": closes}


def _of_day(hours: Hours, day: str) -> list[Mapping[str, Any]]:
    return sorted((each for each in hours if each["day"] == day), key=lambda each: each["starts"])


def _stretch(each: Mapping[str, str]) -> str:
    ends = "midnight" if each["ends"] == MIDNIGHT else time_in_words(dt.time.fromisoformat(each["ends"]))
    return f"{time_in_words(dt.time.fromisoformat(each['starts']))} to {ends}"


def _days(days: Sequence[str]) -> str:
    return capital(days[0]) if len(days) == 1 else f"{capital(days[0])} to {capital(days[-1])}"
