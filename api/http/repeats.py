"""A cause that comes again and again is told once a minute, with how often it came: a log that is full tells nothing."""

from __future__ import annotations

import threading
import time

A_MINUTE = 60.0
MOST = 500
"""So many causes are known at once: they are kinds and places in the code, of which there are few."""


class Repeats:
    """What was told when, and how often it came since."""

    def __init__(self, seconds: float = A_MINUTE) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._told: dict[tuple[str, ...], tuple[float, int]] = {}

    def due(self, *cause: str) -> dict[str, int] | None:
        """None: it was told less than a minute ago. Else what a line says beside it: how often it came unsaid, if it did."""
        now = time.monotonic()
        with self._lock:
            told_at, unsaid = self._told.get(cause, (-self._seconds, 0))
            if now - told_at < self._seconds:
                self._told[cause] = (told_at, unsaid + 1)
                return None
            if len(self._told) >= MOST:
                self._told.clear()
            self._told[cause] = (now, 0)
        return {"came_unsaid": unsaid} if unsaid else {}
