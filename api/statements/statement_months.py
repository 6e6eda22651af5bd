"""Calendar months, and from which day on a statement of one is made."""

from __future__ import annotations

import datetime as dt

from api.fairness.quarters import Span
from optimiser.domain.dates import days_after, months_after

SETTLES_DAYS = 7
"""So long after its end a month's statement is made: by then what was asked on its last day has been answered, or has run out."""
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


def span_of(month: str) -> Span:
    """The days of a month such as ``2026-11``."""
    since = dt.date.fromisoformat(f"{month}-01")
    return Span(since, months_after(since, 1))


def is_over(month: str, today: dt.date) -> bool:
    """Whether its statement may be made."""
    return days_after(span_of(month).until, SETTLES_DAYS) <= today
