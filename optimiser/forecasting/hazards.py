"""When something happens that may happen in any week: the first week in which a cumulated hazard passes what was drawn."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

CERTAIN = 64.0
"""The hazard of what is certain: more than any chance of 53 bits asks for."""


class Hazard:
    """A part of those whom it may happen to, week by week. ``parts``: of weeks 1, 2, … of the forecast."""

    def __init__(self, parts: Iterable[float]) -> None:
        self._cumulated = [0.0, *accumulate(_of(part) for part in parts)]

    def after(self, week: int, chance: float) -> int | None:
        """The first week after one in which it happens; None: not within the forecast.

        The chance that it has not happened is the product of (1 - part) of the weeks between.
        """
        needed = self._cumulated[max(0, week)] - math.log1p(-chance)
        found = bisect_left(self._cumulated, needed, max(0, week) + 1)
        return found if found < len(self._cumulated) else None


def _of(part: float) -> float:
    return CERTAIN if part >= 1 else -math.log1p(-max(0.0, part))
