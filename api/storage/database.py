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
from sqlalchemy.engine import URL, Row, make_url

from api.http import deed_outcome
from api.settings import KINDS_OF_DATABASE, Settings
from api.storage import table_schema
from api.storage.failures import Cause, DamagedRowsError, Failure, NoTurnError, failure_of
from api.storage.noted_head import acknowledge, forget_note, note_in, refuse_gone_back
from api.storage.patience import Patience
from api.storage.patient_connection import PatientConnection, connecting, limits
from api.storage.signed_heads import Signer, sign_with

USUAL = Patience()


def open_database(url: str | URL, patience: Patience = USUAL) -> Engine:
    """The engine of a database address. Raises ``ValueError`` for a kind of database that is not supported."""
    kind = make_url(url).get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise ValueError(f"DATABASE_URL: {KINDS_OF_DATABASE}")
    engine = _sqlite(url, patience) if kind == "sqlite" else _postgresql(url, patience)
    _turns[engine] = _Turn(threading.Lock(), patience.lock)
    return engine


def place_told(url: URL) -> str:
    """Where a database is. Some write a password among the parameters: those that say where are told, and no others."""
    told = {name: value for name, value in url.query.items() if name in ("host", "port", "dbname")}
    return url.set(query=told).render_as_string(hide_password=True)


def database_of(settings: Settings, patience: Patience) -> Engine:
    """The engine of the settings' database; what is written over it is signed where they name a key. Raises ``ValueError``."""
    return vouched_for(open_database(settings.database_url, patience), settings)


def vouched_for(engine: Engine, settings: Settings) -> Engine:
    """The same engine: its trail is signed, or known, by the key in the settings, and its last head noted where they say, else
    beside a SQLite database. Raises ``ValueError`` where there is no such key.
    """
    if settings.audit_signing_key:
        sign_with(engine, Signer.of(settings.audit_signing_key))
    note_in(engine, Path(settings.head_file) if settings.head_file else _head_file_beside(settings.database_url))
    return engine


def _head_file_beside(url: str | URL) -> Path | None:
    """Of a SQLite database alone: one on a server has no place beside it that is ours."""
    address = make_url(url)
    file = _file(address.database) if address.get_backend_name() == "sqlite" else None
    return None if file is None else file.with_name(f"{file.name}-head")


# Errors' messages never hold what was written or asked (``hide_parameters``).
def _sqlite(url: str | URL, patience: Patience) -> Engine:
    given = {"check_same_thread": False, "timeout": patience.lock}
    engine = create_engine(
        url, pool_size=20, max_overflow=40, pool_timeout=patience.lock, hide_parameters=True, connect_args=given
    )
    event.listen(engine, "do_connect", _refuse_missing(engine))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: str | URL, patience: Patience) -> Engine:
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
    return _file(engine.url.database) if engine.dialect.name == "sqlite" else None


def _file(name: str | None) -> Path | None:
    return Path(name) if name and name != ":memory:" and not name.startswith("file:") else None


def is_there(engine: Engine) -> bool:
    """Whether there is a database to look into; of one on a server only its answer tells."""
    file = _file_of(engine)
    return file is None or file.exists()


def is_emptied(engine: Engine) -> bool:
    """Whether the file of a SQLite database is there and holds nothing: not even what one without tables does."""
    file = _file_of(engine)
    return file is not None and file.exists() and file.stat().st_size == 0


def make_file(engine: Engine) -> None:
    """A new database is readable by its owner alone; SQLite gives the files beside it the same rights.

    Nothing else makes one: whoever only reads would make an empty file of a mistyped address. Raises ``NoDatabaseError``.
    """
    file = _file_of(engine)
    if file is None or file.exists():
        return
    forget_note(_head_file_beside(engine.url))
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


def connect_to_read(engine: Engine) -> Connection:
    """A connection whose transactions see one moment each."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    return engine.connect().execution_options(**level)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment."""
    try:
        with connect_to_read(engine) as connection, connection.begin():
            yield connection
    except Exception as error:
        _suspect(engine, failure_of(error))
        raise


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
    suspected: list[Cause] = field(default_factory=list)
    """What was met of its files, until they are looked over: one cause at most."""

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
            acknowledge(connection)
        except Exception as error:
            failure = failure_of(error)
            _suspect(engine, failure)
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


SUSPICIOUS = frozenset({Cause.DAMAGED, Cause.GONE_BACK})


def _suspect(engine: Engine, failure: Failure | None) -> None:
    """What is damaged for one is told to all, until somebody has looked at everything."""
    turn = _turns.get(engine)
    if turn is not None and failure is not None and failure.cause in SUSPICIOUS:
        turn.suspected[:] = [failure.cause]


def suspected(engine: Engine) -> Cause | None:
    """What somebody met of the database's files since they were looked over."""
    return next(iter(_turns[engine].suspected), None)


def cleared(engine: Engine, suspicion: Cause | None) -> None:
    """Everything was looked over because of this, and is well."""
    if suspected(engine) is suspicion:
        _turns[engine].suspected.clear()


_COUNTY = select(table_schema.county).where(table_schema.county.c.id == table_schema.COUNTY_ID)
_LOCKING_COUNTY = _COUNTY.with_for_update()


def county_row(connection: Connection, *, lock: bool = False) -> Row[Any]:
    """The county's row; ``lock``: nobody else changes anything until this transaction ends.

    Raises ``DamagedRowsError`` where it is not there, and with ``lock`` ``GoneBackError`` where what was acknowledged is not.
    """
    row = connection.execute(_LOCKING_COUNTY if lock else _COUNTY).one_or_none()
    if row is None:
        raise DamagedRowsError  # it came with the tables
    if lock:
        refuse_gone_back(connection.engine, row)
    return row
