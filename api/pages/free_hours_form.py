"""Free hours as rows of a form: hours a week, area, part of the day, and from when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from api.capacity_returns.told_returns import MOST_LINES
from api.pages.filled_form import FilledForm
from api.pages.people.form_dates import day_of

LEAST_ROWS, EMPTY_ROWS, MOST_ROWS = 3, 2, MOST_LINES
MOST_FIELDS = 10 + 6 * MOST_ROWS
HOURS = "Give the hours a week in quarters, such as 12 or 5.25"
MOST_HOURS = 100_000
Json = dict[str, Any]


def free_in(form: FilledForm) -> tuple[list[Json], dict[str, str]]:
    """The lines that a form says, and what is wrong with them by field. A row without hours says nothing."""
    free: list[Json] = []
    faults: dict[str, str] = {}
    for row in range(1, MOST_ROWS + 1):
        day, wrong = day_of(form, f"from-{row}")
        faults |= wrong
        text = form.value(f"hours-{row}").strip()
        if not text:
            continue
        try:
            hours = float(text)
        except ValueError:
            hours = -1.0
        if not (0 <= hours <= MOST_HOURS and (hours * 4).is_integer()):
            faults[f"hours-{row}"] = HOURS
            continue
        line = {"area_id": form.value(f"area-{row}") or None, "part_of_day": form.value(f"part-{row}") or None}
        free.append({**line, "hours_per_week": hours, "free_from": None if day is None else day.isoformat()})
    return free, faults


def rows_of(form: FilledForm, last: Sequence[Mapping[str, Any]]) -> list[tuple[int, Json]]:
    """The rows with their numbers: as many as were sent, else what was told ``last`` with some empty ones."""
    sent = sum(f"hours-{row}" in form.entered for row in range(1, MOST_ROWS + 1))
    count = sent or min(MOST_ROWS, max(LEAST_ROWS, len(last) + EMPTY_ROWS))
    told: list[Json] = [
        {**each, "free_from": None if each["free_from"] is None else dt.date.fromisoformat(each["free_from"])} for each in last
    ]
    empty: Json = {"area_id": None, "part_of_day": None, "hours_per_week": None, "free_from": None}
    return list(enumerate([*told, *[empty] * count][:count], 1))
