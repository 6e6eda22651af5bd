"""Who waits without being safe until care begins, and who has a clock: the first table of the report, most harm first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from optimiser.judging.placeable import nobody_left, since_last_asked
from optimiser.judging.safe_meanwhile import Standing, in_short, standings
from optimiser.nightly.numbering import Numbering
from optimiser.reoptimising.story import Reoptimisation


def not_safe(made: Reoptimisation, nobody_since: Mapping[str, dt.date] | None) -> list[Standing]:
    """Everybody who waits and is to be looked at. ``nobody_since``: as the service knows it; None: as a folder tells."""
    county, rules = made.allocation.county, made.allocation.rules
    since = since_last_asked(county, nobody_left(county, rules)) if nobody_since is None else nobody_since
    return [each for each in standings(county.snapshot, since) if each.wrong or each.clock or each.nobody_since]


def safety_rows(made: Reoptimisation, found: list[Standing], numbering: Numbering) -> list[dict[str, Any]]:
    """A record each. Where people are is not told."""
    county = made.allocation.county
    return [
        {
            **numbering.named(each.package_id),
            "priority": each.priority,
            "area_id": county.packages[county.package_index[each.package_id]].area_id,
            "kinds": [wrong.kind for wrong in each.wrong],
            "wrong": [wrong.sentence for wrong in each.wrong],
            "clock": each.clock,
            "choose_by": None if each.choose_by is None else str(each.choose_by),
        }
        for each in found
    ]


def safety_counts(found: list[Standing]) -> dict[str, int]:
    """How many people each thing is wrong for."""
    return in_short(found)
