"""The newest state, brought up to date from a transaction."""

from __future__ import annotations

import threading

import orjson
from sqlalchemy import Connection, select

from api.clock import Clock
from api.state.incremental_state import first_state, next_state
from api.state.state import State
from api.state.stored_records import EMPTY, RELOAD, KeptSettings, Stock, settings_from, with_written
from api.storage import table_schema
from api.storage.database import county_row


class Live:
    """A process's memory of its county: one state, the newest that anybody asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._state: State | None = None

    def at(self, connection: Connection) -> State:
        """The state as this transaction sees it."""
        row = county_row(connection)  # before anybody waits for us: a database that hangs holds each its own time
        with self._lock:
            today, known = self._clock.today(), self._state
            if known is not None and (known.version, known.as_of) == (row.version, today):
                return known
            if known is not None and known.version > row.version:
                known = None  # this transaction began before what we know was written
            if known is not None and _was_deleted_from(connection, known.version):
                known = None
            stock = _newer(connection, known)
            version = int(row.version)
            title, settings = str(row.title), settings_from(row.policy)
            if known is None or _settings_of(known) != (title, settings):
                self._state = first_state(version, stock, today, title, settings)
            else:
                self._state = next_state(version, stock, known, today)
            return self._state

    def advance(self, before: State, after: State) -> None:
        """What this process itself has just committed need not be read: ``after`` is known to follow from ``before``."""
        with self._lock:
            if self._state is before and after.version == before.version + 1:
                self._state = after


def _settings_of(state: State) -> tuple[str, KeptSettings]:
    return state.snapshot.title, KeptSettings.of(state.snapshot)


def _was_deleted_from(connection: Connection, version: int) -> bool:
    """Whether records were deleted since a version: they left nothing behind that would say which."""
    newer = (table_schema.records.c.kind == RELOAD) & (table_schema.records.c.version > version)
    return connection.execute(select(table_schema.records.c.id).where(newer)).first() is not None


def _newer(connection: Connection, known: State | None) -> Stock:
    """The stock of what is known, with all that was written since."""
    question = select(table_schema.records).where(table_schema.records.c.version > (known.version if known else -1))
    written = [
        (str(row.kind), str(row.id), int(row.version), None if row.body is None else orjson.loads(row.body))
        for row in connection.execute(question)
    ]
    return with_written(known.stock if known else EMPTY, written)
