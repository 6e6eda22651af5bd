"""A day's counts as they are answered, and what of them roles read that see no small counts.

Numbers of many days can be compared with each other: whoever sees no small counts is told of unmet need to the nearest multiple
of the smallest, of shares to the whole percent, and of waits nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from api.overview.answers import withheld
from api.overview.people_who_wait import KEPT_FROM_VIEWERS, to_the_nearest
from optimiser.domain.words import decimals
from optimiser.nightly.trend import AREAS

Json = dict[str, Any]


def day_json(counts: Mapping[str, Any], table: str, group: str | None, smallest: int | None) -> Json:
    """One day's groups of a table, or the one named. ``smallest``: counts under it are withheld; None: all are told, exactly."""
    rows = [each for each in counts.get(table, ()) if group in (None, each["group"])]
    told = rows if smallest is None else _for_viewers(rows, table, max(1, smallest))
    return {"day": counts["day"], "groups": [_shown(each) for each in told]}


FLOWS = ("requests", "ends", "people_in_all")
"""Of areas alone; days of long ago have none. Viewers are told none: counts of many days could be told apart."""


def _for_viewers(rows: list[Json], table: str, smallest: int) -> list[Json]:
    found = []
    for each in rows:
        unmet = to_the_nearest(each["unmet"], smallest) if each["unmet"] >= smallest else None
        if unmet is None and table != AREAS:
            continue  # that there is such a group would be told
        declines = each.get("declines")
        few_declines = declines is not None and declines < smallest
        known = {"unmet": unmet, "declines": None if few_declines else declines}
        found.append(each | dict.fromkeys((*KEPT_FROM_VIEWERS, *FLOWS)) | known | {"principal_share": _share(each, smallest)})
    return found


def _share(each: Json, smallest: int) -> str | None:
    """To the whole percent, and only where an area's own page would tell it."""
    share, parts = each.get("principal_share"), each.get("parts", {})
    if share is None or "principal" in withheld(parts, smallest)[0]:
        return None
    return decimals(Fraction(share), 2)


def _shown(each: Json) -> Json:
    numbers = ("unmet_hours_per_week", "principal_share")
    own = {name: None if (value := each.get(name)) is None else float(value) for name in numbers}
    return {
        **{name: value for name, value in each.items() if name != "parts"},
        "declines": each.get("declines"),
        **{name: each.get(name) for name in FLOWS},
        **own,
    }
