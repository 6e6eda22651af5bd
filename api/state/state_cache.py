"""The newest state, brought up to date from a transaction."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import orjson
from sqlalchemy import Connection, select
from sqlalchemy.engine import Row

from api.clock import Clock
from api.state.incremental_state import first_state, next_state
from api.state.state import State
from api.state.stored_records import EMPTY, RELOAD, KeptSettings, Stock, settings_from, with_written
from api.storage import audit, table_schema
from api.storage.database import county_row
from api.storage.failures import DamagedRowsError, failure_of


class Live:
    """A process's memory of its county: the newest state that anybody asked for, and one before it.

    A transaction that began before a change, and has waited since, sees the county as it was: that takes the new state from
    nobody, who would have to read the whole county again.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._state: State | None = None
        self._earlier: State | None = None

    def at(self, connection: Connection, row: Row[Any] | None = None) -> State:
        """The state as this transaction sees it; ``row``: the county's, where it has been read."""
        row = row or county_row(connection)  # before anybody waits for us: a database that hangs holds each its own time
        with self._lock:
            today, known = self._clock.today(), self._state
            for each in (known, self._earlier):
                if each is not None and (each.version, each.as_of) == (row.version, today):
                    return each
            if known is not None and known.version > row.version:
                self._earlier = _made(connection, row, today, None)
                return self._earlier
            if known is not None and _was_deleted_from(connection, known.version):
                known = None
            self._earlier, self._state = known, _made(connection, row, today, known)
            return self._state

    @property
    def newest(self) -> State | None:
        """The newest state that anybody asked for; others may have changed the county since."""
        return self._state

    def advance(self, before: State, after: State) -> None:
        """What this process itself has just committed need not be read: ``after`` is known to follow from ``before``."""
        with self._lock:
            if self._state is before and after.version == before.version + 1:
                self._earlier, self._state = before, after


def _made(connection: Connection, row: Row[Any], today: dt.date, known: State | None) -> State:
    """The same; raises ``DamagedRowsError`` where it cannot be made of rows that are not those which the audit trail tells of."""
    try:
        return _state_at(connection, row, today, known)
    except Exception as error:
        if failure_of(error) is None and audit.check(connection).breaks:
            raise DamagedRowsError from error
        raise


def _state_at(connection: Connection, row: Row[Any], today: dt.date, known: State | None) -> State:
    """The state of the county's row, made from an earlier one that is known."""
    stock, version = _newer(connection, known), int(row.version)
    title, settings = str(row.title), settings_from(row.policy)
    if known is None or _settings_of(known) != (title, settings):
        return first_state(version, stock, today, title, settings)
    return next_state(version, stock, known, today)


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
