"""A database that is not there: every command says so in one sentence and ends with 2, and none makes a file by mistake."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from pathlib import Path

import pytest

from api.storage.database import open_database, reading
from api.storage.failures import Cause, failure_of
from optimiser import exits
from tests.api.conftest import SMALL
from tests.commands.running import run

VILLAGES = SMALL.absolute()
READING = [
    ["audit", "verify"],
    ["audit", "head"],
    ["audit", "show", "--actor", "Ada"],
    ["keys", "list"],
    ["clock"],
    ["export", "out"],
    ["backup", "copy.db"],
    ["forget", "--due"],
    ["tonight", "--provider", "ALDER", "--from", "2026-11-23T07:00", "--out", "out"],
    ["nightly", "--out", "out"],
    ["sync", str(VILLAGES), "--dry-run"],
    ["work"],
]
MAKING = [["serve"], ["migrate"], ["load", str(VILLAGES)]]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def one_sentence(said: str) -> str:
    """The one line that was said on the error stream."""
    (line,) = said.splitlines()
    assert line.startswith("Refused: "), line
    assert "Traceback" not in said
    return line


@pytest.mark.parametrize("command", READING, ids=lambda each: each[0])
def test_a_mistyped_address_makes_no_file(
    command: list[str], elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///conuty.db")
    ran = run(capsys, *command)
    assert ran.code == exits.REFUSED
    assert "no database at sqlite:///conuty.db" in one_sentence(ran.err)
    assert "optimiser migrate" in ran.err
    assert list(elsewhere.glob("*.db*")) == []


@pytest.mark.parametrize("command", [*MAKING, *READING[:2], ["work"]], ids=lambda each: each[0])
@pytest.mark.parametrize("why", ["no folder", "not to be written", "a folder", "nobody listens", "no socket", "in memory"])
def test_what_cannot_be_reached_is_one_sentence(
    why: str, command: list[str], elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = {
        "no folder": f"sqlite:///{elsewhere}/nowhere/county.db",
        "not to be written": "sqlite:////proc/self/county.db",
        "a folder": f"sqlite:///{elsewhere}",
        "nobody listens": "postgresql+psycopg://ada:s3cret@127.0.0.1:1/county?password=s3cret",
        "in memory": "sqlite://",
        "no socket": "postgresql+psycopg://ada:s3cret@127.0.0.1:1/county?host=/nowhere",
    }
    monkeypatch.setenv("DATABASE_URL", addresses[why])
    ran = run(capsys, *command)
    assert ran.code == exits.REFUSED
    assert one_sentence(ran.err)
    assert "s3cret" not in ran.err + ran.out
    assert list(elsewhere.iterdir()) == []


def test_a_postgresql_without_such_a_database_is_one_sentence(
    cluster: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", cluster.format(name="no_such_county"))
    for command in (["serve"], ["audit", "head"]):
        ran = run(capsys, *command)
        assert (ran.code, "cannot be reached" in one_sentence(ran.err)) == (exits.REFUSED, True)


def test_a_port_that_is_taken_is_one_sentence(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{elsewhere}/county.db")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("OPTIMISER_PORT", str(taken.getsockname()[1]))
        ran = run(capsys, "serve")
    assert (ran.code, "cannot be listened on: Address already in use" in one_sentence(ran.err)) == (exits.REFUSED, True)
    monkeypatch.setenv("OPTIMISER_HOST", "no-such-host.invalid")
    ran = run(capsys, "serve")
    assert (ran.code, "cannot be listened on" in one_sentence(ran.err)) == (exits.REFUSED, True)


def test_an_index_of_postcodes_that_is_none_is_one_sentence(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{elsewhere}/county.db")
    (elsewhere / "nr.csv").write_text('"NR1 2DH",10,624017,307071\n', encoding="utf-8")
    for name, said in (("nr.csv", "no index of postcodes of this version"), ("nowhere", "cannot be read: No such file")):
        monkeypatch.setenv("OPTIMISER_POSTCODES", str(elsewhere / name))
        ran = run(capsys, "serve")
        assert (ran.code, said in one_sentence(ran.err)) == (exits.REFUSED, True)


def test_an_export_that_cannot_be_written_is_one_sentence(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{elsewhere}/county.db")
    assert run(capsys, "load", VILLAGES).code == 0
    for command in (["export", "/proc/self/out"], ["backup", "/proc/self/copy.db"]):
        ran = run(capsys, *command)
        assert (ran.code, "cannot be" in one_sentence(ran.err)) == (exits.REFUSED, True)
    assert run(capsys, "export", "out").code == exits.PROVEN


def test_a_file_that_goes_away_is_no_empty_county(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'county.db'}")
    with pytest.raises(Exception, match="no such") as failed, reading(engine):
        pass
    failure = failure_of(failed.value)
    assert failure is not None
    assert failure.cause is Cause.UNREACHABLE
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_is_none_is_told_and_not_said(
    empty: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's own message repeats the whole text, which may be where somebody lives."""
    shutil.copy(empty, elsewhere / "county.db")
    with sqlite3.connect(elsewhere / "county.db") as raw:
        raw.execute("INSERT INTO records (kind, id, body, version) VALUES ('packages', 'N1', CAST(x'48494444454eff' AS TEXT), 1)")
    raw.close()
    monkeypatch.setenv("DATABASE_URL", "sqlite:///county.db")
    ran = run(capsys, "audit", "show", "--actor", "Ada")
    assert ran.code == exits.REFUSED
    assert "damaged" in one_sentence(ran.err)
    assert "HIDDEN" not in ran.out + ran.err
