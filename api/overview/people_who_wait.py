"""Who comes last as of today, in counts; and what of it roles read that see no small counts."""

from __future__ import annotations

from typing import Any

import orjson

from api.state.state import State
from optimiser.explaining.who_comes_last import outcome_today, who_comes_last

Json = dict[str, Any]
KEPT_FROM_VIEWERS = ("people", "placed", "pending", "unmet_hours_per_week", "median_days_waited", "longest_days_waited")


def who_comes_last_body(state: State, smallest: int | None) -> bytes:
    """The answer. ``smallest``: counts under it are withheld and others told to the nearest multiple of it (None: all, exact)."""
    key = ("who_comes_last", smallest)
    if key not in state.bodies:
        tables = who_comes_last(state.county, lambda package: outcome_today(state.county, package))
        shown = tables if smallest is None else {name: _blurred(rows, smallest) for name, rows in tables.items()}
        state.bodies[key] = orjson.dumps(
            {
                "as_of": str(state.as_of),
                "rural_beyond_miles": float(state.snapshot.policy.rural_beyond_miles),
                "counts_to_the_nearest": 1 if smallest is None else max(1, smallest),
                "groups": [
                    {"by": name, **each, "unmet_hours_per_week": _number(each["unmet_hours_per_week"])}
                    for name, rows in shown.items()
                    for each in rows
                ],
            }
        )
    return state.bodies[key]


def _blurred(records: list[Json], smallest: int) -> list[Json]:
    """Groups without what could tell one person: sums of them give no exact total to take other counts from."""
    step = max(1, smallest)
    return [
        each | dict.fromkeys(KEPT_FROM_VIEWERS) | {"unmet": to_the_nearest(each["unmet"], step)}
        for each in records
        if each["unmet"] >= step
    ]


def to_the_nearest(count: int, step: int) -> int:
    """A count as the nearest multiple, half up."""
    return (2 * count + step) // (2 * step) * step


def _number(hours: str | None) -> float | None:
    return None if hours is None else float(hours)
