"""Whether the service can work, and if not, what is wrong: one word and a sentence.

One question to the database serves all who ask meanwhile, and nobody waits for it longer than a moment: a database that hangs is
told of, not waited for. Asking writes nothing, but where the last write has failed: then only a write tells whether it is well
again.
"""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass

from sqlalchemy import select, update

from api.http.errors import RETRY_SECONDS, Problem
from api.state.store import Store
from api.storage import table_schema
from api.storage.database import county_row, last_write, open_database, reading, well_again, writing
from api.storage.failures import SENTENCES, Cause, failure_of
from api.storage.migrating import newest_revision, revision_of
from api.storage.noted_head import refuse_gone_back
from api.storage.patience import Patience
from api.upkeep.looking_over import LookingOver

ENOUGH_SECONDS = 2.0
"""Whoever asks is told by then."""
FRESH_SECONDS = 0.5
"""An answer is given again for so long: any number may ask."""


@dataclass(frozen=True)
class NotReady:
    """What is wrong."""

    cause: str
    sentence: str

    def problem(self) -> Problem:
        return Problem("not_ready", self.sentence, headers={"Retry-After": str(RETRY_SECONDS)}, cause=self.cause)


EMPTY = NotReady("empty", "The database is empty: run 'optimiser load FOLDER'.")
OLDER = NotReady("older", "The tables are of another form: run 'optimiser migrate'.")
NO_TABLES = NotReady("empty", "The database has no tables yet, or others than ours: run 'optimiser migrate'.")
IMPATIENT = Patience(connect=2, lock=1, statement=2)


class Readiness:
    """A thread asks the database in the name of all, over a connection of its own: one that has to wait for nobody."""

    def __init__(self, store: Store, files: LookingOver) -> None:
        self._store, self.files = store, files
        self._engine = open_database(store.engine.url, IMPATIENT)
        self._lock = threading.Lock()
        self._asked: Future[NotReady | None] | None = None
        self._answered_at = 0.0

    async def ask(self) -> NotReady | None:
        """What is wrong; None: nothing."""
        asked = asyncio.wrap_future(self._question())
        try:
            return await asyncio.wait_for(asyncio.shield(asked), ENOUGH_SECONDS)
        except TimeoutError:
            return _of(Cause.UNREACHABLE)

    def close(self) -> None:
        self.files.close()
        self._engine.dispose()

    def _question(self) -> Future[NotReady | None]:
        with self._lock:
            asked = self._asked
            if asked is None or (asked.done() and time.monotonic() - self._answered_at >= FRESH_SECONDS):
                self._asked = asked = Future()
                threading.Thread(target=self._work, args=(asked,), name="readiness", daemon=True).start()
            return asked

    def _work(self, asked: Future[NotReady | None]) -> None:
        try:
            told = self.files.told()
            found = self._look() if told is None else _of(told)
        except Exception as error:  # whatever it is, whoever asks is told
            failure = failure_of(error)
            found = NO_TABLES if failure is None else _of(failure.cause)
        self._answered_at = time.monotonic()
        asked.set_result(found)

    def _look(self) -> NotReady | None:
        began, last = time.monotonic(), last_write(self._store.engine)
        form = revision_of(self._engine)
        if form != newest_revision():
            return OLDER if form else NO_TABLES
        with reading(self._engine) as connection:
            if connection.execute(select(table_schema.records.c.id).limit(1)).first() is None:
                return EMPTY
        try:
            with writing(self._engine) as connection:
                refuse_gone_back(self._store.engine, county_row(connection, lock=True))
                if last.failure is not None:
                    connection.execute(update(table_schema.county).values(id=table_schema.COUNTY_ID))
        except Exception as error:
            failure = failure_of(error)
            locked = failure is not None and failure.cause is Cause.LOCKED
            if locked and last_write(self._store.engine).at >= began:
                return None  # many write, one after the other: nobody holds it
            raise
        if last.failure is not None:
            well_again(self._store.engine)
        return None


def _of(cause: Cause) -> NotReady:
    return NotReady(cause.value, SENTENCES[cause])
