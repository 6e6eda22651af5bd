"""How an area has gone, from the counts that are kept of each day: a line with the wanted field, and a table of its points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.areas.areas_board import AXIS, Range
from api.pages.page_words import NOT_SHOWN, count_in_words, day_in_words
from optimiser.domain.words import percent_in_short

Json = Mapping[str, Any]
WIDE, HIGH = 600.0, 160.0
"""Units of the drawing."""
WEEKS = 13
"""So many are shown; a file has all that is kept."""


@dataclass(frozen=True)
class Point:
    """The newest day kept of a week, in words."""

    day: str
    share: str
    unmet: str
    declines: str


@dataclass(frozen=True)
class History:
    """``line``: the points of a polyline; ``low_y`` to ``high_y``: the field that is wanted; ``points``: the newest first."""

    points: list[Point]
    line: str
    dots: list[tuple[float, float]]
    low_y: float
    target_y: float
    high_y: float
    words: str

    def rows(self) -> list[tuple[str, str, str, str]]:
        """The points as rows of the table."""
        return [(each.day, each.share, each.unmet, each.declines) for each in self.points]


def history_of(days: Sequence[Json], share_range: Range) -> History:
    """The history of one area. ``days``: of ``/v1/trends``, the oldest first, narrowed to the area."""
    weekly = _newest_of_each_week([(dt.date.fromisoformat(each["day"]), each["groups"][0]) for each in days if each["groups"]])
    drawn = [(day, group["principal_share"]) for day, group in weekly if group["principal_share"] is not None]
    low, target, high = (_y(each) for each in share_range)
    first = drawn[0][0] if drawn else None
    long = max((drawn[-1][0] - first).days, 1) if first else 1
    dots = [(round(WIDE * (day - first).days / long, 1) if first else 0.0, _y(share)) for day, share in drawn]
    line = " ".join(f"{x:g},{y:g}" for x, y in dots)
    return History([_point(*each) for each in reversed(weekly)], line, dots, low, target, high, _in_words(drawn))


def _newest_of_each_week(days: Sequence[tuple[dt.date, Json]]) -> list[tuple[dt.date, Json]]:
    found = {day.isocalendar()[:2]: (day, group) for day, group in days}
    return list(found.values())


def _y(share: float) -> float:
    foot, head = AXIS  # beyond them a point lies on the edge
    return round(HIGH * (head - min(max(share, foot), head)) / (head - foot), 1)


def _point(day: dt.date, group: Json) -> Point:
    share, declines = group["principal_share"], group["declines"]
    return Point(
        day_in_words(str(day)),
        NOT_SHOWN if share is None else percent_in_short(share),
        count_in_words(group["unmet"]),
        count_in_words(declines),
    )


def _in_words(drawn: Sequence[tuple[dt.date, float]]) -> str:
    if not drawn:
        return "No share is kept of any day."
    (first, then), (last, now) = drawn[0], drawn[-1]
    if first == last:
        return f"One day is kept so far, {day_in_words(str(first))} ({percent_in_short(then)})"
    return f"From {day_in_words(str(first))} ({percent_in_short(then)}) to {day_in_words(str(last))} ({percent_in_short(now)})"


HEADS = ("day", "principal_share", "waiting_nobody_asked", "declines_28_days", "asked", "accepted")


def csv_rows(days: Sequence[Json]) -> list[list[str | int | float | None]]:
    """Every day that is kept, as a file has it."""
    told = ("principal_share", "unmet", "declines", "pending", "placed")
    return [[each["day"], *(each["groups"][0][name] for name in told)] for each in days if each["groups"]]
