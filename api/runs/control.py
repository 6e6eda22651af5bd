"""What a solver process hears and says while it works: is the run still ours, was it cancelled, must we leave; and progress."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from api.clock import Clock
from api.runs import queue
from api.runs.pulse import at_the_database
from api.runs.queue import Claim

if TYPE_CHECKING:
    from optimiser.solving.outcome import Progress

POLL_SECONDS = 0.3
"""How often the database is asked."""
TELL_SECONDS = 0.5
"""Progress is told at most so often."""
MOST_CLOSINGS = 100
"""So many times the last line of a level is told although that is too soon: whoever follows sees each level closed. Some kinds of
run go through their levels for every trial; of those not all is told."""


def supervisor_has_gone() -> threading.Event:
    """Set when the supervisor, which holds the other end of our standard input, lets go of it or dies."""
    gone = threading.Event()

    def wait() -> None:
        # The bare descriptor: a thread in the midst of a read of ``sys.stdin`` would hinder the end of the process.
        while os.read(sys.stdin.fileno(), 1):
            pass
        gone.set()

    threading.Thread(target=wait, name="supervisor", daemon=True).start()
    return gone


class Control:
    """Asked by the solver many times a second. ``leaving``: set when nobody wants the result any more."""

    def __init__(self, engine: Engine, clock: Clock, claim: Claim, leaving: threading.Event) -> None:
        self._engine, self._clock, self._claim, self._leaving = engine, clock, claim, leaving
        self.ours, self.cancelled = True, False
        self._asked_at = self._told_at = -float("inf")
        self._untold: Progress | None = None
        self._price_run: tuple[int, int] | None = None
        self._closings = 0

    @property
    def abandoned(self) -> bool:
        """Whether nothing may be written any more."""
        return self._leaving.is_set() or not self.ours

    def should_stop(self) -> bool:
        """Whether the solve is to end now, for whatever reason."""
        if time.monotonic() - self._asked_at >= POLL_SECONDS:
            with at_the_database():
                self.ours, self.cancelled = queue.should_go_on(self._engine, self._claim)
            self._asked_at = time.monotonic()
        return self.cancelled or self.abandoned

    def report(self, progress: Progress) -> None:
        """A line of progress into the run's events; at once the last of each level and the first of each run that prices pins."""
        if self._untold is not None and self._untold.level != progress.level and self._closings < MOST_CLOSINGS:
            self._closings += 1
            self.tell()
        another, self._price_run = progress.price_run != self._price_run, progress.price_run
        self._untold = progress
        if another or time.monotonic() - self._told_at >= TELL_SECONDS:
            self.tell()

    def tell(self) -> None:
        """Tell the newest line now, if it was not told yet."""
        progress, self._untold = self._untold, None
        if progress is None or self.abandoned:
            return
        news = {
            "level": progress.level,
            "value": progress.value,
            "bound": progress.bound,
            "gap": progress.gap,
            "elapsed_seconds": round(progress.elapsed, 3),
        }
        if progress.price_run is not None:
            news |= dict(zip(("price_run", "price_runs"), progress.price_run, strict=True))
        with at_the_database():
            self.ours = queue.tell(self._engine, self._claim, self._clock.instant(), news)
        self._told_at = time.monotonic()
