"""A database to work with: embedded SQLite or PostgreSQL, the same code for both.

Two kinds of transaction. *Reading* sees one moment throughout. *Writing* begins by locking the county's row, so that changes
happen one after the other; on SQLite the whole file is locked at once, so that no reader can turn into a writer too late.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.engine import Row, make_url

from api.storage import table_schema

BUSY_MILLISECONDS = 30_000
"""How long a writer waits for the one before it."""


def open_database(url: str) -> Engine:
    """The engine of a database address. Raises ``ValueError`` for a kind of database that is not supported."""
    kind = make_url(url).get_backend_name()
    if kind == "sqlite":
        _keep_private(make_url(url).database)
        # An error's message never holds what was written or asked.
        engine = create_engine(
            url, pool_size=20, max_overflow=40, hide_parameters=True, connect_args={"check_same_thread": False}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if kind == "postgresql":
        return create_engine(url, pool_size=20, max_overflow=40, hide_parameters=True, pool_pre_ping=True)
    raise ValueError("DATABASE_URL: expected sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME")


def _keep_private(file: str | None) -> None:
    """A new database is readable by its owner alone; SQLite gives the files beside it the same rights."""
    if file and file != ":memory:" and Path(file).parent.is_dir():
        Path(file).touch(mode=0o600)


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted is overwritten
        f"busy_timeout={BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**level) as connection, connection.begin():
        yield connection


_turns: WeakKeyDictionary[Engine, threading.Lock] = WeakKeyDictionary()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write; committed at the end, rolled back on any exception.

    A process's own writers wait for each other here and not in the database: SQLite wakes those who wait by polling.
    """
    with (
        _turns.setdefault(engine, threading.Lock()),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


def county_row(connection: Connection, *, lock: bool = False) -> Row[Any]:
    """The county's row; ``lock``: nobody else changes anything until this transaction ends."""
    question = select(table_schema.county).where(table_schema.county.c.id == table_schema.COUNTY_ID)
    return connection.execute(question.with_for_update() if lock else question).one()
