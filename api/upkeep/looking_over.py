"""The files of the database, looked over by the service itself: as it starts, every few hours, and whenever something in them
could not be read, or something happened that should not.

A page that nobody reads may be damaged for long. And whoever meets one is told so alone, and the next request may meet none: so
what was met once is told by readiness until everything was looked over and is well.
"""

from __future__ import annotations

import threading
import time

import structlog
from sqlalchemy import Engine

from api.storage.database import cleared, is_emptied, open_database, reading, suspected
from api.storage.failures import Cause, failure_of
from api.storage.noted_head import acknowledged_over, has_entry
from api.storage.patience import Patience
from api.storage.trail import check
from api.storage.whole_files import faults_of_files

THOROUGH_SECONDS = 3_600.0
"""After a defect the whole trail is walked at most so often: it takes seconds of a processor where it is long."""
AGAIN_SECONDS = 30.0
"""What is damaged is looked at again so often: somebody may have put it right."""
TOLD = frozenset({Cause.DAMAGED, Cause.FAILING, Cause.GONE_BACK})
log = structlog.get_logger("storage")


class LookingOver:
    """A thread of its own, over a connection of its own, from ``begin`` or the first suspicion on; ``close`` ends it."""

    def __init__(self, engine: Engine, patience: Patience, hours: float) -> None:
        self._engine, self._patience, self._seconds = engine, patience, hours * 3600
        self._wake, self._ends = threading.Event(), threading.Event()
        self._beginning = threading.Lock()
        self._thread: threading.Thread | None = None
        self._found: Cause | None = None
        self._thoroughly, self._thorough_at = False, -THOROUGH_SECONDS

    def begin(self) -> None:
        """Look, and go on doing so."""
        with self._beginning:
            if self._thread is None and not self._ends.is_set():
                self._thread = threading.Thread(target=self._work, name="looking-over", daemon=True)
                self._thread.start()

    def after_a_defect(self) -> None:
        """What looks like a defect of the software may be a row that is not as it was written: that is looked at."""
        if time.monotonic() - self._thorough_at >= THOROUGH_SECONDS and not self._wake.is_set():
            self._thoroughly = True
            self._wake.set()
            self.begin()

    def told(self) -> Cause | None:
        """What is wrong with the files as far as it is known; what is only suspected is looked at soon."""
        if is_emptied(self._engine):
            return Cause.DAMAGED  # SQLite takes it for one that others hold
        suspicion = suspected(self._engine)
        if suspicion is not None and not self._wake.is_set():
            self._wake.set()
            self.begin()
        return self._found or suspicion

    def look(self) -> Cause | None:
        """Look at everything now. What is said here stays so until it is looked again."""
        suspicion = suspected(self._engine)
        head = acknowledged_over(self._engine)  # before anything is read: what is read then has it
        engine = open_database(self._engine.url, self._patience)
        try:
            with reading(engine) as connection:
                faults = faults_of_files(connection)
                if not faults and (self._thoroughly or suspicion is Cause.DAMAGED):
                    faults = [each.problem for each in check(connection).breaks]
                    self._thoroughly, self._thorough_at = False, time.monotonic()
                goes_on = bool(faults) or head is None or has_entry(connection, head)
            found = Cause.DAMAGED if faults else None if goes_on else Cause.GONE_BACK
        except Exception as error:  # whatever it is, the next look may get further
            failure = failure_of(error)
            if failure is None or failure.cause not in TOLD:
                return self._found  # away, or busy: who asks for readiness is told that
            found = failure.cause
        finally:
            engine.dispose()
        if found is None:
            cleared(self._engine, suspicion)
        elif found is not self._found:
            log.error("the files of the database are not as they were", cause=found.value)
        self._found = found
        return found

    def close(self) -> None:
        self._ends.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(self._patience.statement)

    def _work(self) -> None:
        while not self._ends.is_set():
            self._wake.clear()
            self.look()
            self._wake.wait(AGAIN_SECONDS if self._found else self._seconds)
