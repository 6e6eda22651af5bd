"""A database to work with: embedded SQLite or PostgreSQL, the same code for both.

Two kinds of transaction. *Reading* sees one moment throughout. *Writing* begins by locking the county's row, so that changes
happen one after the other; on SQLite the whole file is locked at once, so that no reader can turn into a writer too late.
Neither waits for ever: see `api.storage.patience`.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.engine import Row, make_url

from api.http import deed_outcome
from api.settings import Settings
from api.storage import table_schema
from api.storage.failures import Failure, NoTurnError, failure_of
from api.storage.patience import Patience
from api.storage.patient_connection import PatientConnection, connecting, limits
from api.storage.signed_heads import Signer, sign_with

USUAL = Patience()


def open_database(url: str, patience: Patience = USUAL) -> Engine:
    """The engine of a database address. Raises ``ValueError`` for a kind of database that is not supported."""
    kind = make_url(url).get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise ValueError("DATABASE_URL: expected sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME")
    engine = _sqlite(url, patience) if kind == "sqlite" else _postgresql(url, patience)
    _turns[engine] = _Turn(threading.Lock(), patience.lock)
    return engine


def database_of(settings: Settings, patience: Patience) -> Engine:
    """The engine of the settings' database; what is written over it is signed where they name a key. Raises ``ValueError``."""
    signer = Signer.of(settings.audit_signing_key) if settings.audit_signing_key else None
    engine = open_database(settings.database_url, patience)
    if signer is not None:
        sign_with(engine, signer)
    return engine


# Errors' messages never hold what was written or asked (``hide_parameters``).
def _sqlite(url: str, patience: Patience) -> Engine:
    given = {"check_same_thread": False, "timeout": patience.lock}
    engine = create_engine(
        url, pool_size=20, max_overflow=40, pool_timeout=patience.lock, hide_parameters=True, connect_args=given
    )
    event.listen(engine, "do_connect", _refuse_missing(engine))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: str, patience: Patience) -> Engine:
    named = make_url(url).query.get("options", "")
    options = " ".join([*([named] if isinstance(named, str) else named), limits(patience)])
    given = {"connect_timeout": patience.connect, "options": options.strip()}
    engine = create_engine(
        url,
        pool_size=20,
        max_overflow=40,
        pool_timeout=patience.lock,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=given,
    )
    kind = connecting(patience)

    def connect(_: object, __: object, words: Sequence[Any], named: Mapping[str, Any]) -> PatientConnection:
        return kind.connect(*words, **named)

    event.listen(engine, "do_connect", connect)
    return engine


class NoDatabaseError(sqlite3.OperationalError):
    """There is no such file, or it cannot be made; says which."""

    sqlite_errorname = "SQLITE_CANTOPEN"


def _file_of(engine: Engine) -> Path | None:
    """The file that a SQLite database is kept in; None where it is kept in none that is ours to look for."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    return Path(name) if name and name != ":memory:" and not name.startswith("file:") else None


def is_there(engine: Engine) -> bool:
    """Whether there is a database to look into; of one on a server only its answer tells."""
    file = _file_of(engine)
    return file is None or file.exists()


def make_file(engine: Engine) -> None:
    """A new database is readable by its owner alone; SQLite gives the files beside it the same rights.

    Nothing else makes one: whoever only reads would make an empty file of a mistyped address. Raises ``NoDatabaseError``.
    """
    file = _file_of(engine)
    if file is None or file.exists():
        return
    try:
        file.touch(mode=0o600)
    except OSError as failure:
        raise NoDatabaseError(f"it cannot be made: {failure.strerror}") from None


def _refuse_missing(engine: Engine) -> Callable[..., None]:
    def look(*_: object) -> None:
        if not is_there(engine):
            raise NoDatabaseError("there is no such file")

    return look


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what is deleted is overwritten
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


@dataclass
class LastWrite:
    """How the writing of a process went last."""

    at: float = -1.0
    """When it went well, in monotonic seconds."""
    failure: Failure | None = None
    """Why it failed since then, if it did."""


@dataclass(frozen=True)
class _Turn:
    """Whose turn it is to write; how long others wait for it, in seconds; and how it went."""

    lock: threading.Lock
    most_seconds: float
    last: LastWrite = field(default_factory=LastWrite)

    @contextmanager
    def taken(self) -> Iterator[None]:
        if not self.lock.acquire(timeout=self.most_seconds):
            raise NoTurnError
        try:
            yield
        finally:
            self.lock.release()


_turns: WeakKeyDictionary[Engine, _Turn] = WeakKeyDictionary()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write; committed at the end, rolled back on any exception.

    A process's own writers wait for each other here and not in the database: SQLite wakes those who wait by polling.
    Raises ``NoTurnError`` where they wait too long.
    """
    turn, ends = _turns[engine], False
    with turn.taken():
        try:
            with engine.connect().execution_options(writes=True) as connection, connection.begin():
                yield connection
                ends = True
                deed_outcome.committing()
        except Exception as error:
            failure = failure_of(error)
            turn.last.failure = failure or turn.last.failure
            if ends and failure is not None and failure.settled:
                deed_outcome.undone()
            raise
        turn.last.at, turn.last.failure = time.monotonic(), None
    deed_outcome.committed()


def last_write(engine: Engine) -> LastWrite:
    """How this process's writing went last, as it is now."""
    return replace(_turns[engine].last)


def well_again(engine: Engine) -> None:
    """Another connection could write: what failed before is over."""
    _turns[engine].last.failure = None


def county_row(connection: Connection, *, lock: bool = False) -> Row[Any]:
    """The county's row; ``lock``: nobody else changes anything until this transaction ends."""
    question = select(table_schema.county).where(table_schema.county.c.id == table_schema.COUNTY_ID)
    return connection.execute(question.with_for_update() if lock else question).one()
