"""What was acknowledged is noted outside of the database: one that is set back is told of, and nothing is written behind it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from api.clock import Clock
from api.settings import Settings
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.audit import Actor, Entry
from api.storage.database import county_row, database_of, make_file, writing
from api.storage.failures import Cause, GoneBackError, failure_of
from api.storage.noted_head import acknowledged_over, noted_in
from api.storage.patience import Patience
from api.storage.trail import DAMAGED_NOTE, Head
from api.upkeep.looking_over import LookingOver
from api.upkeep.readiness import Readiness
from tests.commands.running import run

ADA = Actor("Ada Planner (a1)", "planner")


def write(engine: Engine, subject: str) -> Head:
    with writing(engine) as connection:
        row = county_row(connection, lock=True)
        audit.append(connection, [Entry(ADA, "package.read", "packages", subject)], at="2026-11-23T09:00:00+00:00", rule_book="1")
        row = county_row(connection)
        return Head(row.audit_seq, row.audit_hash)


def opened(folder: Path) -> Engine:
    return database_of(Settings(database_url=f"sqlite:///{folder / 'county.db'}"), Patience())


@pytest.fixture
def engine(empty: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(empty, tmp_path / "county.db")
    made = opened(tmp_path)
    yield made
    made.dispose()


def set_back(engine: Engine, folder: Path) -> None:
    """One entry is kept, two are lost: as when an older copy is put in the place of the file."""
    write(engine, "N1")
    engine.dispose()
    shutil.copy(folder / "county.db", folder / "older.db")
    for name in ("N2", "N3"):
        write(engine, name)
    engine.dispose()
    shutil.copy(folder / "older.db", folder / "county.db")


def test_each_acknowledged_head_is_noted_for_its_owner_alone(engine: Engine, tmp_path: Path) -> None:
    note = tmp_path / "county.db-head"
    first, second = write(engine, "N1"), write(engine, "N2")
    assert (first.seq, second.seq) == (1, 2)
    assert noted_in(note) == second
    assert note.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        county_row(connection, lock=True)
        audit.append(connection, [Entry(ADA, "package.read", "packages", "N3")], at="2026-11-23T09:00:00+00:00", rule_book="1")
        _ = 1 // 0
    assert noted_in(note) == second, "what was not committed is not acknowledged"


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"", None), (bytes(84), None), (b"12:" + b"a" * 64 + b"\n", Head(12, "a" * 64)), (b"12:" + b"a" * 63, DAMAGED_NOTE)],
)
def test_a_note_is_whole_or_none_or_damaged(tmp_path: Path, content: bytes, found: Head | None) -> None:
    (tmp_path / "note").write_bytes(content)
    assert noted_in(tmp_path / "note") == found


def test_nothing_is_written_behind_what_is_lost(engine: Engine, tmp_path: Path) -> None:
    set_back(engine, tmp_path)
    for each in (engine, opened(tmp_path)):  # the process that runs, and one that is started anew
        with pytest.raises(GoneBackError) as refused:
            write(each, "N4")
        failure = failure_of(refused.value)
        assert failure is not None and (failure.cause, failure.settled) == (Cause.GONE_BACK, True)
        over = LookingOver(each, Patience(), hours=1)
        assert (over.told(), over.look(), over.told()) == (Cause.GONE_BACK,) * 3
        with each.connect() as connection:
            assert connection.scalars(select(table_schema.audit.c.seq)).all() == [1]
        each.dispose()


def test_readiness_tells_of_it_before_anybody_has_met_it(engine: Engine, tmp_path: Path) -> None:
    record = {"kind": "packages", "id": "N1", "body": "{}", "version": 1}
    with writing(engine) as connection:
        connection.execute(insert(table_schema.records).values(record))
    readiness = Readiness(Store(engine, Clock()), LookingOver(engine, Patience(), hours=1))
    assert asyncio.run(readiness.ask()) is None
    readiness.close()
    set_back(engine, tmp_path)
    readiness = Readiness(Store(engine, Clock()), LookingOver(engine, Patience(), hours=1))
    told = asyncio.run(readiness.ask())
    assert told is not None and told.cause == "gone_back"
    readiness.close()


def test_a_trail_that_was_written_on_from_an_older_copy_is_found(engine: Engine, tmp_path: Path) -> None:
    """Somebody without the note wrote three entries more behind it, so that its number is there again, with another hash."""
    set_back(engine, tmp_path)
    (tmp_path / "county.db-head").rename(tmp_path / "kept")
    other = opened(tmp_path)
    for name in ("N5", "N6", "N7"):
        write(other, name)
    other.dispose()
    (tmp_path / "kept").rename(tmp_path / "county.db-head")
    assert LookingOver(engine, Patience(), hours=1).look() is Cause.GONE_BACK


def test_verify_tells_what_is_missing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", str(engine.url))
    set_back(engine, tmp_path)
    told = run(capsys, "audit", "verify")
    assert told.code == 5
    assert "BREAK  entry 3: was noted elsewhere and is missing: the end of the trail was cut off" in told.err + told.out
    assert "Last good head: 1:" in told.out
    (tmp_path / "county.db").write_bytes(b"")
    told = run(capsys, "audit", "verify")
    assert told.code == 5
    assert "There is no good head." in told.out
    (tmp_path / "county.db-head").unlink()
    assert run(capsys, "audit", "verify").code == 2, "nothing was ever acknowledged of a database without tables"


def test_a_new_database_is_not_held_against_the_one_that_was_there(engine: Engine, tmp_path: Path) -> None:
    write(engine, "N1")
    engine.dispose()
    (tmp_path / "county.db").unlink()
    again = opened(tmp_path)
    make_file(again)
    assert not (tmp_path / "county.db-head").exists()
    assert acknowledged_over(again) is not None, "it was there as this process began"
    again.dispose()


def test_what_one_reader_met_is_told_to_all_until_everything_was_looked_over(engine: Engine, tmp_path: Path) -> None:
    for number in range(200):  # many pages
        write(engine, f"N{number}" + "x" * 500)
    engine.dispose()
    whole = (tmp_path / "county.db").read_bytes()
    page = len(whole) // 4096 // 2
    (tmp_path / "county.db").write_bytes(whole[: page * 4096] + b"\xff" * 4096 + whole[(page + 1) * 4096 :])
    over = LookingOver(engine, Patience(), hours=1)
    assert over.told() is None
    assert over.look() is Cause.DAMAGED
    (tmp_path / "county.db").write_bytes(whole)
    assert over.told() is Cause.DAMAGED, "until it is looked at again"
    assert over.look() is None
    assert over.told() is None
    over.close()
