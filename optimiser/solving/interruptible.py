"""Runs a solver's call on a worker thread, so that the calling thread can be asked to stop, and stop, at any time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from optimiser.solving.outcome import Stopped

POLL_SECONDS = 0.05
PATIENCE_SECONDS = 0.25
"""An interrupted call gets this long to end; after that it is left to end by itself and its answer is not used."""

Result_co = TypeVar("Result_co", covariant=True)


class Call(Protocol[Result_co]):
    """A solver with a program inside."""

    def solve(self) -> Result_co: ...

    def interrupt(self) -> None: ...


class Halt(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The solve is to end now, with what is known."""

    def __init__(self, reason: Stopped) -> None:
        super().__init__(reason)
        self.reason: Stopped = reason


class Watch:
    """Asks whether to go on, between calls and during them."""

    def __init__(
        self,
        should_stop: Callable[[], bool] | None,
        wall_seconds: float | None,
        tick: Callable[[], None],
    ) -> None:
        self._should_stop = should_stop
        self._deadline = None if wall_seconds is None else time.monotonic() + wall_seconds
        self._turn_ends = self._deadline
        self._tick = tick

    def check(self) -> None:
        """Raise ``Halt`` when somebody asked for it or the last resort is reached."""
        if self._should_stop is not None and self._should_stop():
            raise Halt("cancelled")
        if self._turn_ends is not None and time.monotonic() > self._turn_ends:
            raise Halt("wall")

    def begin_turn(self, turns_left: int) -> None:
        """Give the next of so many turns its part of the clock, so that one hard level leaves time for the others."""
        if self._deadline is not None:
            now = time.monotonic()
            self._turn_ends = now + max(0.0, self._deadline - now) * 2 / (turns_left + 1)

    def seconds_left(self) -> float | None:
        """Of this turn; None: without a clock."""
        return None if self._turn_ends is None else max(0.0, self._turn_ends - time.monotonic())

    def is_over(self) -> bool:
        """Whether the whole clock, not just this turn's part, has run out."""
        return self._deadline is not None and time.monotonic() > self._deadline

    def run(self, call: Call[Result_co]) -> Result_co:
        """The call's result; ``Halt`` or ``KeyboardInterrupt`` end it early."""
        self.check()
        done: list[Result_co] = []
        failed: list[BaseException] = []

        def work() -> None:
            try:
                done.append(call.solve())
            except BaseException as failure:  # handed on to the calling thread below
                failed.append(failure)

        worker = threading.Thread(target=work, name="solver", daemon=True)  # a call left to itself keeps no process alive
        worker.start()
        try:
            while worker.is_alive():
                worker.join(POLL_SECONDS)
                self._tick()
                if worker.is_alive():
                    self.check()
        except BaseException:
            call.interrupt()
            worker.join(PATIENCE_SECONDS)
            raise
        if failed:
            raise failed[0]
        return done[0]
