"""No handing over is waited for without a limit: what a pipe cannot hold waits for its other end, which may hang.

One thread watches for all processes of an engine, since a timer for each task would cost more than handing it over does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnProcess


class HandingWatch:
    """Ends a process that takes longer than so many seconds to take, or to give, what is handed over; and with it the wait."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._at: tuple[SpawnProcess, float] | None = None
        """With whom something is at hand, and until when it may take."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="handing", daemon=True)
        self._thread.start()

    @contextmanager
    def handing(self, process: SpawnProcess) -> Iterator[None]:
        """Something is handed to a process, or by it, meanwhile."""
        self._at = process, time.monotonic() + self._seconds
        try:
            yield
        finally:
            self._at = None

    def close(self) -> None:
        """Watch no more."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self._seconds / 4):
            at = self._at
            if at is not None and time.monotonic() > at[1]:
                at[0].kill()
