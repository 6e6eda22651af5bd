"""A database to be read and no more, in whatever state it is: it may stand on a disk that cannot be written, or be damaged.

Nothing is made: no database where there is none, and no tables. SQLite's own log may come beside the file as for any reader, and
goes again with the last of them: so a file that may be written is opened so, and nothing is written over it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from api.settings import Settings
from api.storage.database import NoDatabaseError, connect_to_read, open_database, vouched_for
from api.storage.patience import Patience

AS_IT_IS, WITHOUT_ITS_LOG = "mode=rw", "mode=ro&immutable=1"
"""How SQLite opens a file: with the log beside it, or, where that cannot be, as if there were none."""
READ_ONLY = {"options": "-c default_transaction_read_only=on"}
"""What a PostgreSQL database is asked for, after what its address asks for."""
CANNOT_BE = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR")


def open_to_read(settings: Settings, patience: Patience) -> Engine:
    """An engine of the settings' database over which nothing is written. Raises ``NoDatabaseError``, and ``ValueError``."""
    return vouched_for(_engine(settings.database_url, patience), settings)


def _engine(url: str, patience: Patience) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return open_database(address.update_query_dict(READ_ONLY, append=True), patience)
    file = Path(address.database or "")
    if not file.is_file():
        raise NoDatabaseError("there is no such file")
    engine = create_engine("sqlite://", creator=lambda: _connect(file, patience), poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment, over an engine of any kind; that it cannot be ended either is nobody's concern."""
    with connect_to_read(engine) as connection:
        transaction = connection.begin()
        try:
            yield connection
        finally:
            try:
                transaction.rollback()
            except SQLAlchemyError:
                connection.invalidate()


def misses_its_log(url: str) -> bool:
    """Whether a SQLite database stands where its log cannot be read with it, and there is one: the last changes are not seen."""
    file = Path(make_url(url).database or "")
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0 and not _opens(file, AS_IT_IS)


def _connect(file: Path, patience: Patience) -> sqlite3.Connection:
    how = AS_IT_IS if _opens(file, AS_IT_IS) else WITHOUT_ITS_LOG
    raw = sqlite3.connect(_address(file, how), uri=True, timeout=patience.lock, check_same_thread=False, isolation_level=None)
    raw.execute("PRAGMA query_only=ON")
    return raw


def _opens(file: Path, how: str) -> bool:
    raw: Any = None
    try:
        raw = sqlite3.connect(_address(file, how), uri=True)
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        return not str(getattr(error, "sqlite_errorname", "")).startswith(CANNOT_BE)
    finally:
        if raw is not None:
            raw.close()
    return True


def _address(file: Path, how: str) -> str:
    return f"file:{quote(str(file.absolute()))}?{how}"
