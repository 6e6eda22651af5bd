"""Databases for the tests: every test that asks for ``database_url`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from api.clock import Clock
from api.storage.audit import Actor
from api.storage.engine import open_database
from api.storage.migrating import upgrade
from api.storage.store import Store
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from tests.api import postgres

SMALL = Path("data/three_villages")
LOADER = Actor("tests", "admin")
_numbers = itertools.count()


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a running PostgreSQL server; ``{name}`` stands for a database of it."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    try:
        with postgres.server(folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_postgres_database(cluster: str) -> str:
    """The address of a new, empty database."""
    name = f"test{next(_numbers)}"
    engine = create_engine(cluster.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return cluster.format(name=name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'county.db'}"
    return new_postgres_database(request.getfixturevalue("cluster"))


@pytest.fixture(scope="session")
def small() -> Snapshot:
    """The three villages."""
    return read_snapshot(SMALL).snapshot


@pytest.fixture
def store(database_url: str, small: Snapshot) -> Iterator[Store]:
    """The three villages in a database of each kind, on their own date."""
    engine = open_database(database_url)
    upgrade(engine)
    store = Store(engine, Clock(small.as_of))
    store.load(small, LOADER)
    yield store
    engine.dispose()
