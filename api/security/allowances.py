"""How much of the service one key may ask for, or one address without a key: a bucket that fills by so many requests a second, in
each process.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from api.http.errors import Problem, declare

TOO_MANY = declare("too_many_requests", 429, "Whoever asks this asks for more than their share")
MOST_KEPT = 10_000
"""So many buckets are kept; then those that are full again are forgotten."""


class Allowances:
    """A bucket for each key and each person: ``at_once`` requests fit in it, ``per_second`` come back."""

    def __init__(
        self, per_second: float, at_once: int, whose: str = "with one key", *, stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second, self._at_once, self._whose, self._stopwatch = per_second, at_once, whose, stopwatch
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> None:
        """One request of theirs. Raises ``Problem`` with the seconds to wait where the bucket is empty."""
        now = self._stopwatch()
        left = self._left(name, now)
        if left < 1:
            wait = math.ceil((1 - left) / self._per_second)
            raise Problem(
                TOO_MANY,
                f"More than {self._per_second:g} requests a second {self._whose}: wait, and ask for less at once.",
                headers={"Retry-After": str(wait)},
            )
        self._buckets[name] = (left - 1, now)
        if len(self._buckets) > MOST_KEPT:
            full = [each for each in self._buckets if self._left(each, now) >= self._at_once]
            for each in full:
                del self._buckets[each]

    def _left(self, name: str, now: float) -> float:
        left, at = self._buckets.get(name, (float(self._at_once), now))
        return min(self._at_once, left + (now - at) * self._per_second)
