"""Databases for the tests: every test that asks for ``database_url`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import create_engine, text

from api.app import create_app
from api.clock import Clock
from api.http.listening import Server, listen
from api.security.key_ring import FRESH_SECONDS
from api.security.keys import create_key
from api.security.roles import ROLES
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import open_database
from api.storage.migrating import upgrade
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from tests.api import postgres

if TYPE_CHECKING:
    from tests.api.desk import Desk

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
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables and nothing in them, to be copied."""
    file = tmp_path_factory.mktemp("empty") / "county.db"
    engine = open_database(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


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


class Served:
    """A running service with a key for every role."""

    def __init__(self, settings: Settings, address: str, keys: dict[str, str], service: Service) -> None:
        self.settings, self.address, self.keys, self.service = settings, address, keys, service

    def client(self, role: str | None, *others: str) -> httpx.Client:
        """A client that speaks HTTP over a socket, signed in with the key of a role (None: without any), or of several."""
        headers = {"Authorization": f"Bearer {self._key(role, *others)}"} if role else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=30)

    def _key(self, *roles: str) -> str:
        name = " ".join(roles)
        if name not in self.keys:
            self.keys[name] = create_key(self.service.store.engine, LOADER, f"a {name}", roles, self.settings.clock.instant())
            time.sleep(FRESH_SECONDS)  # keys are read again every second
        return self.keys[name]


@contextmanager
def serving(settings: Settings) -> Iterator[Served]:
    """The app of these settings on a free port, served by uvicorn in a thread."""
    app = create_app(settings)
    engine = app.state.service.store.engine
    keys = {role: create_key(engine, LOADER, f"a {role}", [role], settings.clock.instant()) for role in ROLES}
    server = Server(app, settings)
    thread = threading.Thread(target=server.run, args=(listen("127.0.0.1", 0),), name="server")
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Served(settings, f"http://127.0.0.1:{port}", keys, app.state.service)
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def served_villages(database_url: str, small: Snapshot) -> Iterator[Desk]:
    """The three villages on a planner's desk."""
    from tests.api.desk import desk  # which is made of what stands here

    with desk(database_url, small) as at:
        yield at


@pytest.fixture
def served(store: Store, database_url: str, small: Snapshot) -> Iterator[Served]:
    """The three villages over real HTTP, on both kinds of database."""
    assert not store.is_empty()
    with serving(Settings(database_url=database_url, as_of=small.as_of)) as running:
        yield running
