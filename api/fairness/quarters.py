"""Calendar quarters: the only spans of days whose counts are told where nobody may be picked out of them.

Spans that overlap could be taken from each other, and single days would be left. Quarters do not overlap.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from optimiser.domain.dates import days_after, months_after

SETTLED_DAYS = 28
"""So long after its end a quarter is told: by then nearly all that was asked in it has been answered. Its counts may still move,
by whoever waits on and by whoever is forgotten."""


@dataclass(frozen=True)
class Span:
    """Days from ``since`` up to ``until``, which is not included."""

    since: dt.date
    until: dt.date

    def has(self, day: dt.date) -> bool:
        """Whether a day is among them."""
        return self.since <= day < self.until


def quarter_with(day: dt.date) -> Span:
    """The calendar quarter in which a day lies."""
    since = dt.date(day.year, day.month - (day.month - 1) % 3, 1)
    return Span(since, months_after(since, 3))


def last_settled(today: dt.date) -> Span:
    """The newest quarter that may be told to anybody."""
    return quarter_with(days_after(quarter_with(days_after(today, -SETTLED_DAYS)).since, -1))


def is_settled(span: Span, today: dt.date) -> bool:
    """Whether a span is one whole quarter, and long enough ago."""
    return span == quarter_with(span.since) and days_after(span.until, SETTLED_DAYS) <= today


def settled(today: dt.date, count: int) -> list[Span]:
    """So many quarters that may be told, the newest first."""
    found = [last_settled(today)]
    while len(found) < count:
        found.append(quarter_with(days_after(found[-1].since, -1)))
    return found
