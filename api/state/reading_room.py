"""Where personal records are read: nobody sees one before it is written down who saw it.

Readings that come in together are written down together, so that a hundred readers cost one transaction. Each gets the county's
state as it was in that transaction: what was seen and what was written down belong together.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from api.state.state import State
from api.state.store import Store
from api.storage import audit
from api.storage.audit import Entry
from api.storage.database import county_row, writing
from api.storage.failures import TooBusyError, failure_of
from optimiser.rules.book import VERSION as RULE_BOOK

MOST_AT_ONCE = 200
PAUSE_SECONDS = 0.01
"""From one transaction's beginning to the next: who comes in between shares it. A single reader waits for nobody."""
WAIT_SECONDS = 30.0


@dataclass(frozen=True)
class _Request:
    entries: Sequence[Entry]
    state: Future[State] = field(default_factory=Future)


class ReadingRoom:
    """One thread writes down who reads what, from the first reader on. ``close`` ends it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._beginning = threading.Lock()

    def read(self, *entries: Entry) -> State:
        """The county's state, once the entries stand in the audit trail. Raises ``TooBusyError`` where that takes too long."""
        asked = self._asked(entries)
        try:
            return asked.result(WAIT_SECONDS)
        except TimeoutError:
            asked.cancel()
            raise TooBusyError from None

    async def read_soon(self, *entries: Entry) -> State:
        """The same for a caller that must not stand still: no thread waits."""
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self._asked(entries)), WAIT_SECONDS)
        except TimeoutError:
            raise TooBusyError from None

    def close(self) -> None:
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(WAIT_SECONDS)

    def _asked(self, entries: Sequence[Entry]) -> Future[State]:
        request = _Request(entries)
        self._waiting.put(request)
        with self._beginning:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="reading-room", daemon=True)
                self._thread.start()
        return request.state

    def _work(self) -> None:
        begins = time.monotonic()
        while (first := self._waiting.get()) is not None:
            time.sleep(max(0.0, begins - time.monotonic()))
            begins = time.monotonic() + PAUSE_SECONDS
            together = [first]
            ends = False
            while len(together) < MOST_AT_ONCE and not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    ends = True
                    break
                together.append(following)
            self._serve(together)
            if ends:
                return

    def _serve(self, together: list[_Request]) -> None:
        together = [request for request in together if request.state.set_running_or_notify_cancel()]  # some went away
        if together:
            self._write_down(together)

    def _write_down(self, together: list[_Request]) -> None:
        try:
            entries = [entry for request in together for entry in request.entries]
            with writing(self._store.engine) as connection:
                row = county_row(connection, lock=True)
                state = self._store.live.at(connection, row)
                seen = {"county_version": state.version}  # the figures seen are those of this version
                entries = [replace(entry, details={**entry.details, **seen}) for entry in entries]
                at = self._store.clock.instant().isoformat()
                audit.append(connection, entries, at=at, rule_book=RULE_BOOK, locked=row)
        except Exception as failure:  # each reader is told; the room stays open
            # What the database cannot hold is one reader's; that it cannot be reached is everybody's.
            if len(together) > 1 and failure_of(failure) is None:
                for request in together:
                    self._write_down([request])
                return
            for request in together:
                request.state.set_exception(failure)
        else:
            for request in together:
                request.state.set_result(state)
