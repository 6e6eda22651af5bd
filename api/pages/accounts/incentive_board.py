"""Designated periods for incentives in words: how each stands, from when to when, who opened it and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import address_part, day_in_words, moment_in_words, person_in_words
from optimiser.domain.dates import days_after
from optimiser.domain.words import weekday_in_words

Json = Mapping[str, Any]
OCCASIONS = {
    "severe_weather": "Severe weather",
    "staff_absence": "Unexpected absence of staff",
    "market_failure": "Market failure",
    "designated": "Designated by the council for another reason",
}
STATES = {
    "to_come": ("To come", "plain"),
    "open": ("Open", "done"),
    "over": ("Over", "quiet"),
    "withdrawn": ("Withdrawn", "quiet"),
}


@dataclass(frozen=True)
class PeriodRow:
    """A line of the list. ``address``: of its page, empty for one of the account book; ``kind``: the tag's."""

    address: str
    days: str
    state: str
    kind: str
    occasion: str
    opened: str


def period_rows(periods: Sequence[Json]) -> list[PeriodRow]:
    """As they come, the newest first."""
    return [_row(each) for each in periods]


def _row(period: Json) -> PeriodRow:
    period_id, (state, kind) = period["incentive_period_id"], STATES[period["state"]]
    address = f"/accounts/incentive-periods/{address_part(period_id)}" if period_id else ""
    said = str(period["occasion"])
    occasion = OCCASIONS.get(said, said)
    by = person_in_words(period["opened_by"] or "")
    opened = by if period_id else ", ".join(filter(None, ("Account book", by)))
    return PeriodRow(address, days_in_words(period), state, kind, occasion, opened)


def days_in_words(period: Json) -> str:
    """5 December 2026 up to and including 7 December 2026; of one day: 5 December 2026."""
    first, last = period["starts"], last_day(period).isoformat()
    return day_in_words(first) if first == last else f"{day_in_words(first)} up to and including {day_in_words(last)}"


def last_day(period: Json) -> dt.date:
    """The last day that counts."""
    return days_after(dt.date.fromisoformat(period["ends"]), -1)


def period_facts(period: Json) -> list[tuple[str, str]]:
    """What is known of one that was opened, a line each."""
    first = dt.date.fromisoformat(period["starts"])
    told = [
        ("From", weekday_in_words(first)),
        ("Up to and including", weekday_in_words(last_day(period))),
        ("Why", OCCASIONS[period["occasion"]]),
        ("In words", period["why"]),
        ("Opened by", _by(period, "opened")),
    ]
    if period["changed_by"]:
        deed = "Withdrawn by" if period["state"] == "withdrawn" else "End changed by"
        told += [(deed, _by(period, "changed")), ("Why so", period["changed_why"])]
    return [(name, said) for name, said in told if said]


def _by(period: Json, deed: str) -> str:
    at = moment_in_words(dt.datetime.fromisoformat(period[f"{deed}_at"]))
    return f"{person_in_words(period[f'{deed}_by'])}, {at}"
