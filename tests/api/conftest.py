"""Databases for the tests, and a service on them: every test that asks for ``database_url`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from api.app import create_app
from api.clock import Clock
from api.http.listening import Server, listen
from api.security.key_ring import FRESH_SECONDS
from api.security.keys import create_key
from api.security.roles import PROVIDER
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from api.upkeep.looking_over import LookingOver
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from tests.api import postgres
from tests.api.databases import new_postgres_database, postgres_tables, prepared
from tests.api.hurrying import hurry

if TYPE_CHECKING:
    from tests.api.desk import Desk

SMALL = Path("data/three_villages")
LOADER = Actor("tests", "admin")
hurry()
gc.disable()


def pytest_collection_finish() -> None:
    """Of the thousands of tests themselves nothing is ever to be thrown away: it is not looked through again and again."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of a running PostgreSQL server; ``{name}`` stands for a database of it."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    try:
        with postgres.server(folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'county.db'}"
    return new_postgres_database(request.getfixturevalue("cluster"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind, for ``prepared``: with tables, and nothing in them."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'county.db'}"
    else:
        with postgres_tables(request.getfixturevalue("cluster")) as address:
            yield address


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables and nothing in them, to be copied."""
    file = tmp_path_factory.mktemp("empty") / "county.db"
    prepared(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture(scope="session")
def small() -> Snapshot:
    """The three villages."""
    return read_snapshot(SMALL).snapshot


@pytest.fixture
def store(database_url: str, small: Snapshot) -> Iterator[Store]:
    """The three villages in a database of each kind, on their own date."""
    engine = prepared(database_url)
    store = Store(engine, Clock(small.as_of))
    store.load(small, LOADER)
    yield store
    engine.dispose()


def loaded(folder: Path, county: Snapshot, **settings: Any) -> Settings:
    """The settings of a service on a county of its own, as of the county's date: for what does not hang on a kind of database."""
    made = Settings(database_url=f"sqlite:///{folder / 'county.db'}", as_of=county.as_of, **settings)
    engine = prepared(made.database_url)
    Store(engine, made.clock).load(county, LOADER)
    engine.dispose()
    return made


class Served:
    """A running service, and a key for whoever is wanted: of the role provider for the first provider by id."""

    def __init__(self, settings: Settings, address: str, service: Service, files: LookingOver) -> None:
        self.settings, self.address, self.service, self.files = settings, address, service, files
        self.keys: dict[tuple[str, ...], str] = {}
        self._one_by_one = threading.Lock()

    def client(self, role: str | None, *others: str) -> httpx.Client:
        """A client that speaks HTTP over a socket, signed in with the key of a role (None: without any), or of several."""
        headers = {"Authorization": f"Bearer {self.key(role, *others)}"} if role else {}
        # Without ``verify`` no certificates are read, which takes longer than most tests and is of no use to http.
        return httpx.Client(base_url=self.address, headers=headers, timeout=30, verify=False)

    def key(self, *roles: str) -> str:
        """The key of a role, or of several: made when it is first asked for, and known to the service at once."""
        with self._one_by_one:
            if roles not in self.keys:
                now = self.settings.clock.instant()
                at = min(self.service.store.state().stock["providers"]) if roles == (PROVIDER,) else ""
                name = f"a {' '.join(roles)}"
                self.keys[roles] = create_key(self.service.store.engine, LOADER, name, roles, now, provider_id=at)
                self.knows_new_keys()
            return self.keys[roles]

    def client_of(self, provider_id: str, name: str = "Sam Marsh") -> httpx.Client:
        """The same for somebody at a provider."""
        with self._one_by_one:
            now = self.settings.clock.instant()
            key = create_key(self.service.store.engine, LOADER, name, [PROVIDER], now, provider_id=provider_id)
            self.knows_new_keys()
        return httpx.Client(base_url=self.address, headers={"Authorization": f"Bearer {key}"}, timeout=30, verify=False)

    def knows_new_keys(self) -> None:
        """The service reads its keys again, as it does every second."""
        ring = self.service.keys
        with ring._lock:
            ring._read_at = -FRESH_SECONDS


@contextmanager
def serving(settings: Settings) -> Iterator[Served]:
    """The app of these settings on a free port, served by uvicorn in a thread."""
    app = create_app(settings)
    server = Server(app, settings)
    thread = threading.Thread(target=server.run, args=(listen("127.0.0.1", 0),), name="server")
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Served(settings, f"http://127.0.0.1:{port}", app.state.service, app.state.readiness.files)
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
