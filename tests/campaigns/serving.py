"""A service in a process of its own, on SQLite and on PostgreSQL, for campaigns."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import create_engine, text

from api.clock import Clock
from api.security.keys import create_key
from api.security.roles import COUNCIL
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import open_database
from api.storage.migrating import upgrade
from optimiser.io.reading import read_snapshot
from tests.api import postgres

OPERATOR = Actor("campaign", "admin")


@dataclass(frozen=True)
class Running:
    """A service that runs: where, with which keys, as which process, what it has said so far."""

    address: str
    keys: dict[str, str]
    process: int
    said: Path

    def resident_mb(self) -> float:
        """The memory that its process holds."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database of a kind, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="db", dir="/tmp"))
    try:
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'county.db'}"
            return
        with postgres.server(folder) as cluster:
            engine = create_engine(cluster.format(name="postgres"), isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text("CREATE DATABASE county"))
            engine.dispose()
            yield cluster.format(name="county")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def service(url: str, folder: Path, **settings: str) -> Iterator[Running]:
    """A snapshot's county, loaded and served until the block ends. ``settings``: further ones, by their names."""
    with services(url, folder, 1, **settings) as (running,):
        yield running


@contextmanager
def services(url: str, folder: Path, how_many: int, **settings: str) -> Iterator[list[Running]]:
    """The same with so many servers on one database, each a process of its own."""
    as_of, keys = county_in(url, folder)
    given = {"DATABASE_URL": url, "OPTIMISER_AS_OF": str(as_of), **settings}
    with ExitStack() as stack:
        yield [stack.enter_context(server(given, keys)) for _ in range(how_many)]


def county_in(url: str, folder: Path) -> tuple[dt.date, dict[str, str]]:
    """A snapshot's county is loaded into an empty database; its day, and a key for each role of the council."""
    snapshot = read_snapshot(folder).snapshot
    engine = open_database(url)
    upgrade(engine)
    clock = Clock(snapshot.as_of)
    Store(engine, clock).load(snapshot, OPERATOR)
    keys = {role: create_key(engine, OPERATOR, f"a {role}", [role], clock.instant()) for role in COUNCIL}
    engine.dispose()
    return snapshot.as_of, keys


@contextmanager
def server(settings: Mapping[str, str], keys: dict[str, str]) -> Iterator[Running]:
    """``optimiser serve`` with these settings, until the block ends: it is then told to stop, if it still runs.

    On a free port, unless the settings name one.
    """
    port = int(settings.get("OPTIMISER_PORT", 0)) or free_port()
    with tempfile.NamedTemporaryFile(suffix=".log") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "optimiser", "serve"],
            env={**os.environ, "OPTIMISER_PORT": str(port), **settings},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process)
            yield Running(address, keys, process.pid, Path(said.name))
        finally:
            process.terminate()
            process.wait(timeout=60)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("the service did not start")
        try:
            if httpx.get(f"{address}/health/ready", verify=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the service is not ready after a minute")
