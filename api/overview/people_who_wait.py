"""Who comes last as of today, in counts; and what of it roles read that see no small counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from api.state.state import State
from optimiser.explaining.who_comes_last import outcome_today, who_comes_last

Json = dict[str, Any]
KEPT_FROM_VIEWERS = ("people", "placed", "pending", "unmet_hours_per_week", "median_days_waited", "longest_days_waited")


def who_comes_last_body(state: State) -> bytes:
    """The answer to whoever reads exact counts."""
    key = "who_comes_last"
    if key not in state.bodies:
        state.bodies[key] = orjson.dumps(who_comes_last_today(state))
    return state.bodies[key]


def who_comes_last_today(state: State) -> Json:
    """Every group with its exact counts."""
    tables = who_comes_last(state.county, lambda package: outcome_today(state.county, package))
    return {
        "as_of": str(state.as_of),
        "day_close": None,
        "rural_beyond_miles": float(state.snapshot.policy.rural_beyond_miles),
        "counts_to_the_nearest": 1,
        "groups": [
            {"by": name, **each, "unmet_hours_per_week": _number(each["unmet_hours_per_week"])}
            for name, rows in tables.items()
            for each in rows
        ],
    }


def blurred(answer: Mapping[str, Any], smallest: int) -> Json:
    """The same with counts under a number withheld and others told to the nearest multiple of it.

    Groups without what could tell one person: sums of them give no exact total to take other counts from.
    """
    step = max(1, smallest)
    groups = [
        each | dict.fromkeys(KEPT_FROM_VIEWERS) | {"unmet": to_the_nearest(each["unmet"], step)}
        for each in answer["groups"]
        if each["unmet"] >= step
    ]
    return {**answer, "counts_to_the_nearest": step, "groups": groups}


def to_the_nearest(count: int, step: int) -> int:
    """A count as the nearest multiple, half up."""
    return (2 * count + step) // (2 * step) * step


def _number(hours: str | None) -> float | None:
    return None if hours is None else float(hours)
