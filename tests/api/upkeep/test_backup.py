"""Backups made while the service works, and restored: the trail holds and nothing is half there."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from api.clock import Clock
from api.state.store import Store
from api.storage.audit import Actor, verify
from api.storage.database import open_database, reading
from api.storage.migrating import NOTHING, is_current, newest_revision
from api.upkeep.backing_up import BackupError, back_up, look_at
from optimiser.domain.snapshot import Snapshot
from tests.api.databases import new_postgres_database, prepared
from tests.api.state.test_store import make_offer
from tests.commands.running import run

ADMIN = Actor("Ada Admin", "admin")


@contextmanager
def load_on(store: Store) -> Iterator[Callable[[], int]]:
    """Three planners who make offers until the end; how many changes are acknowledged so far."""
    stop, made = threading.Event(), list[str]()

    def work(planner: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            make_offer(store, f"O{planner}-{number}")
            made.append(f"O{planner}-{number}")

    threads = [threading.Thread(target=work, args=(planner,)) for planner in range(3)]
    for thread in threads:
        thread.start()
    try:
        while len(made) < 5:
            stop.wait(0.01)
        yield lambda: len(made)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def check_copy(url: str, store: Store, before: int) -> None:
    """The copy is of one moment, with all that was acknowledged before it; and one can go on with it."""
    engine = open_database(url)
    copy = Store(engine, store.clock)
    offers = [each for each in copy.state().stock["offers"] if each.startswith("O") and "-" in each]
    assert before <= len(offers) <= store.state().version
    assert copy.state().version == len(offers) + 1
    with reading(engine) as connection:
        assert not list(verify(connection))
    make_offer(copy, "after")
    assert is_current(engine)
    engine.dispose()


def test_a_sqlite_backup_under_load_is_whole(tmp_path: Path, small: Snapshot) -> None:
    engine = prepared(f"sqlite:///{tmp_path / 'county.db'}")
    store = Store(engine, Clock(small.as_of))
    store.load(small, ADMIN)
    with load_on(store) as acknowledged:
        before = acknowledged()
        made = back_up(store, ADMIN, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    engine.dispose()
    restored = Store(open_database(f"sqlite:///{tmp_path / 'copy.db'}"), store.clock)
    assert restored.state().snapshot.digest() == made.digest
    assert restored.state().version == made.version
    restored.engine.dispose()
    check_copy(f"sqlite:///{tmp_path / 'copy.db'}", store, before)
    with pytest.raises(BackupError, match="exists already"):
        back_up(store, ADMIN, tmp_path / "copy.db")
    store.engine.dispose()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copy.db", "county.db"]


def _program(name: str) -> list[str]:
    """PostgreSQL's clients go in as the user of the tests' server."""
    assert shutil.which(name), f"{name} is missing: apt-get install postgresql-client"
    return ["runuser", "-u", "postgres", "--", name] if os.geteuid() == 0 else [name]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_postgresql_backup_under_load_is_whole(store: Store, database_url: str, cluster: str) -> None:
    address, target = make_url(database_url), new_postgres_database(cluster)
    host = str(address.query["host"])
    dump = f"{host}/county.dump"
    names = ["--host", host, "--username", str(address.username)]
    with load_on(store) as acknowledged:
        before = acknowledged()
        words = [*_program("pg_dump"), *names, "--format=custom", f"--file={dump}", str(address.database)]
        subprocess.run(words, check=True, capture_output=True, cwd="/")
    words = [*_program("pg_restore"), *names, f"--dbname={make_url(target).database}", dump]
    subprocess.run(words, check=True, capture_output=True, cwd="/")
    check_copy(target, store, before)


def test_the_command(
    store: Store, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not store.is_empty()
    monkeypatch.setenv("DATABASE_URL", database_url)
    file, left = tmp_path / "copy.db", tmp_path / ".backup-abcd1234"
    left.mkdir()
    (left / "copy.db").write_bytes(b"of a person")
    done = run(capsys, "backup", file)
    if database_url.startswith("postgresql"):
        assert (done.code, "pg_dump" in done.err) == (2, True)
        return
    assert done.code == 0
    assert f"a run that was killed had left it: {left.name}." in done.err
    assert not left.exists()
    assert run(capsys, "audit", "head").out.strip() in done.out
    assert run(capsys, "backup", file).code == 2
    assert run(capsys, "backup", tmp_path / "nowhere" / "copy.db").code == 2


def test_a_copy_is_looked_at_before_it_is_called_one(tmp_path: Path, small: Snapshot) -> None:
    """What is wrong with the database is wrong with its copy: rows are told of, anything else is no backup."""
    file = tmp_path / "county.db"
    engine = prepared(f"sqlite:///{file}")
    store = Store(engine, Clock(small.as_of))
    store.load(small, ADMIN)
    assert look_at(file, store).rows_changed == 0
    past_the_service(engine, "UPDATE records SET since = 7 WHERE kind = 'areas'")
    assert look_at(file, store).rows_changed == len(small.areas)
    engine.dispose()
    whole = file.read_bytes()
    page = len(whole) // 4096 // 2
    file.write_bytes(whole[: page * 4096] + b"\xff" * 4096 + whole[(page + 1) * 4096 :])
    with pytest.raises(BackupError, match="the copy is damaged"):
        look_at(file, store)
    file.write_bytes(whole)
    past_the_service(engine, "UPDATE audit SET actor = 'Somebody Else'")
    with pytest.raises(BackupError, match="the audit trail of the copy does not hold"):
        look_at(file, store)
    engine.dispose()


def past_the_service(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_the_way_back_and_forth_again_by_command(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert f"tables of form {newest_revision()}." in run(capsys, "migrate").out
    assert "tables of form base" in run(capsys, "migrate", "--down-to", NOTHING).out
    assert run(capsys, "audit", "verify").code == 2
    refused = run(capsys, "migrate", "--down-to", "nowhere")
    assert (refused.code, "Nothing was changed" in refused.err) == (2, True)
    assert run(capsys, "migrate").code == 0
    assert run(capsys, "audit", "verify").code == 0
