"""A database that is held, hangs or fails: who asks is told in a word, in time, and the process is not taken for dead."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from api.settings import Settings
from api.state.store import Store
from api.storage import patient_connection
from api.storage.database import county_row, make_file, open_database, writing
from api.storage.failures import Cause, NoTurnError, failure_of
from api.storage.migrating import upgrade
from api.storage.patience import Patience
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER, Served, serving
from tests.api.databases import new_postgres_database


@pytest.fixture
def served(store: Store, database_url: str, small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The three villages with little patience."""
    monkeypatch.setattr("api.upkeep.readiness.IMPATIENT", Patience(connect=2, lock=0.2, statement=2))
    assert not store.is_empty()
    own = Settings(database_url=database_url, as_of=small.as_of, database_lock_seconds=1, tick_seconds=0, run_workers=0)
    with serving(own) as running:
        yield running


@contextmanager
def held(database_url: str) -> Iterator[None]:
    """Somebody else has locked the county."""
    engine = open_database(database_url)
    with writing(engine) as connection:
        county_row(connection, lock=True)
        yield
    engine.dispose()


def test_a_lock_held_elsewhere_is_told_and_holds_nobody(
    served: Served, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.upkeep.readiness.FRESH_SECONDS", 0)
    with served.client("planner") as client:
        assert client.get("/health/ready").json() == {"status": "ready"}
        with held(database_url):
            began = time.monotonic()
            ready = client.get("/health/ready")
            reading = client.get("/v1/packages/N1")
            assert client.get("/health/live").status_code == 200
            assert time.monotonic() - began < 8  # the usual patience is ten
        assert (ready.status_code, ready.json()["code"], ready.json()["cause"]) == (503, "not_ready", "locked")
        assert (reading.status_code, reading.json()["code"], reading.json()["cause"]) == (503, "busy", "locked")
        assert reading.headers["retry-after"] == "5"
        assert client.get("/v1/packages/N1").status_code == 200
        assert client.get("/health/ready").status_code == 200


def test_a_writer_of_the_same_process_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    impatient = open_database(f"sqlite:///{tmp_path / 'county.db'}", Patience(lock=0))
    make_file(impatient)
    with writing(impatient), pytest.raises(NoTurnError), writing(impatient):
        pass
    impatient.dispose()


def test_a_database_that_may_not_be_written_is_told(cluster: str, small: Snapshot) -> None:
    database_url = new_postgres_database(cluster)
    engine = open_database(database_url)
    upgrade(engine)
    Store(engine, Settings(as_of=small.as_of).clock).load(small, LOADER)
    engine.dispose()
    with (
        serving(Settings(database_url=database_url, as_of=small.as_of, tick_seconds=0, run_workers=0)) as served,
        served.client("planner") as client,
    ):
        name = make_url(database_url).database
        admin = create_engine(cluster.format(name="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
            connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
            answers = [client.get("/v1/packages/N1"), client.get("/health/ready")]
            connection.execute(text(f"ALTER DATABASE {name} RESET default_transaction_read_only"))
        admin.dispose()
    assert [(each.status_code, each.json()["code"], each.json()["cause"]) for each in answers] == [
        (503, "not_ready", "read_only")
    ] * 2
    assert "Nothing was changed." in answers[0].json()["detail"]


def test_a_server_that_says_nothing_is_given_up(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_connection, "LATER_SECONDS", 0.4)
    engine = open_database(cluster.format(name="postgres"), Patience(statement=0))
    with pytest.raises(OperationalError) as silent, engine.connect() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(pid, signal.SIGSTOP)
        try:
            connection.execute(text("SELECT 1"))
        finally:
            os.kill(pid, signal.SIGCONT)
    failure = failure_of(silent.value)
    assert failure is not None and failure.cause is Cause.UNREACHABLE
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()


def of_sqlite(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("what was asked")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "cause", "settled"),
    [
        (of_sqlite("SQLITE_BUSY_SNAPSHOT"), Cause.LOCKED, True),
        (of_sqlite("SQLITE_FULL"), Cause.FULL, True),
        (of_sqlite("SQLITE_IOERR_WRITE"), Cause.FAILING, True),
        (of_sqlite("SQLITE_IOERR_FSYNC"), Cause.FAILING, False),
        (of_sqlite("SQLITE_READONLY_DBMOVED"), Cause.READ_ONLY, True),
        (of_sqlite("SQLITE_CORRUPT_VTAB"), Cause.DAMAGED, False),
        (psycopg.errors.DiskFull(), Cause.FULL, True),
        (psycopg.errors.LockNotAvailable(), Cause.LOCKED, True),
        (psycopg.errors.QueryCanceled(), Cause.SLOW, True),
        (psycopg.errors.AdminShutdown(), Cause.UNREACHABLE, False),
        (psycopg.OperationalError("the server closed the connection"), Cause.UNREACHABLE, False),
    ],
)
def test_what_a_failing_database_tells(error: Exception, cause: Cause, settled: bool) -> None:
    failure = failure_of(OperationalError("what was asked", {}, error))
    assert failure is not None
    assert (failure.cause, failure.settled) == (cause, settled)
    assert "what was asked" not in failure.sentence


@pytest.mark.parametrize("error", [of_sqlite("SQLITE_ERROR"), psycopg.errors.UndefinedTable(), KeyError("N1")])
def test_a_defect_is_not_taken_for_a_failing_database(error: Exception) -> None:
    assert failure_of(error) is None
