"""How the county would stand if a provider stopped: the worst of the failures that were tried and kept, with the day of it.

Nothing is tried for the report: a run of its own does that, and the next report shows what it found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

WORST = 10
"""So many single failures are shown; the run's result holds all."""
WORST_PAIRS = 3


def resilience_record(stress: Mapping[str, Any] | None, as_of: dt.date) -> dict[str, Any] | None:
    """The kept result in short, None where nothing is kept. ``stress``: what ``stress.json`` holds."""
    if stress is None:
        return None
    return {
        "as_of": stress["as_of"],
        "days_ago": (as_of - dt.date.fromisoformat(stress["as_of"])).days,
        "complete": stress["complete"],
        "failures": [_row(each) for each in stress["failures"][:WORST]],
        "two_together": [_row(each) for each in stress["two_together"][:WORST_PAIRS]],
        "tried": len(stress["failures"]),
        "not_in_the_data": stress["not_in_the_data"],
    }


def _row(each: Mapping[str, Any]) -> dict[str, Any]:
    told = ("names", "people", "hours_per_week", "unplaced_hours_per_week", "hours_to_first_lost_visit",
            "more_weekly_cost_of_placed_gbp")  # fmt: skip
    return {
        **{name: each[name] for name in told},
        "unplaced_people": sum(count["people"] for count in each["unplaced"].values()),
        "areas_that_break": [area["name"] for area in each["areas"] if area["breaks"]],
    }
