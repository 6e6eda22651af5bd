"""Databases for the tests, made as seldom as can be: tables are made once in a process and copied, or emptied and used again.

No test hangs on how its tables came to be; that the migrations make them is shown in ``tests/api/state/test_store.py``.
"""

from __future__ import annotations

import functools
import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, create_engine, insert, make_url, select, text

from api.storage import database, table_schema
from api.storage.database import open_database
from api.storage.migrating import upgrade

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests whose point does not hang on the kind of database: a rule, a plan, why something is refused."""
TABLES = table_schema.metadata.sorted_tables
_numbers = itertools.count()
_spare: dict[str, list[str]] = {}
"""By the address of a server: its databases that a test has done with."""
_prepare = database._prepare_sqlite


def _prepare_for_a_test(connection: Any, _: object) -> None:
    """No test pulls the plug of its machine: nothing waits until a disc has what was committed."""
    _prepare(connection, _)
    connection.execute("PRAGMA synchronous=OFF")


database._prepare_sqlite = _prepare_for_a_test


def prepared(database_url: str) -> Engine:
    """The engine of a database with tables: a new file of SQLite is given them, PostgreSQL's have them from the beginning."""
    address = make_url(database_url)
    file = Path(str(address.database))
    if address.get_backend_name() == "sqlite" and not (file.exists() and file.stat().st_size):
        file.touch(mode=0o600)
        file.write_bytes(_tables_of_sqlite())
    return open_database(database_url)


@functools.cache
def _tables_of_sqlite() -> bytes:
    with tempfile.TemporaryDirectory(prefix="tables") as folder:
        file = Path(folder) / "county.db"
        engine = open_database(f"sqlite:///{file}")
        upgrade(engine)
        engine.dispose()
        return file.read_bytes()


def new_postgres_database(cluster: str) -> str:
    """The address of a new, empty database."""
    return _made(cluster, "template1")


@contextmanager
def postgres_tables(cluster: str) -> Iterator[str]:
    """The address of a database with tables and nothing in them, of which somebody else may have the use afterwards."""
    spare = _spare.setdefault(cluster, [])
    address = spare.pop() if spare else _made(cluster, _tables_of_postgresql(cluster)[0])
    yield address
    if _emptied(cluster, address):
        spare.append(address)


@functools.cache
def _tables_of_postgresql(cluster: str) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """The name of a database with tables, and the rows that they have from the beginning."""
    address = new_postgres_database(cluster)
    engine = open_database(address)
    upgrade(engine)
    with engine.connect() as connection:
        rows = {each.name: [dict(row) for row in connection.execute(select(each)).mappings()] for each in TABLES}
    engine.dispose()
    return str(make_url(address).database), rows


def _made(cluster: str, template: str) -> str:
    name = f"test{next(_numbers)}"
    engine = create_engine(cluster.format(name="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return cluster.format(name=name)


def _emptied(cluster: str, address: str) -> bool:
    """Whether it is as it was in the beginning: where anybody is still connected, nobody else has the use of it."""
    engine = create_engine(address, poolclass=NullPool)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.begin() as connection:
        if connection.execute(text(others)).scalar_one():
            return False
        connection.execute(text(f"TRUNCATE {', '.join(each.name for each in TABLES)}"))
        for table in TABLES:
            if rows := _tables_of_postgresql(cluster)[1][table.name]:
                connection.execute(insert(table), rows)
    return True
