"""Keys: what their holders may be called, how long they live, when they were used last, and the files that hold one."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text, update

from api.clock import Clock
from api.security.door_book import DoorBook
from api.security.key_names import MOST, checked_name
from api.security.key_ring import KeyRing
from api.security.keys import Key, KeysThereError, create_key, list_keys, revoke_key
from api.storage import audit, table_schema
from api.storage.audit import Actor
from api.storage.database import open_database, reading, writing
from api.upkeep.key_files import NoKeyFileError, into
from optimiser import exits
from tests.api.conftest import LOADER
from tests.commands.running import Ran, run

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
KEYS, AUDIT = table_schema.keys, table_schema.audit
Command = Callable[..., Ran]


@pytest.fixture
def engine(empty: Path, tmp_path: Path) -> Iterator[Engine]:
    """Tables without a county."""
    shutil.copy(empty, tmp_path / "county.db")
    made = open_database(f"sqlite:///{tmp_path / 'county.db'}")
    yield made
    made.dispose()


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'county.db'}")

    return lambda *arguments: run(capsys, *arguments)


@pytest.mark.parametrize(
    "name", ["Ada Planner", "Zoë O'Brien-Łukasz", "J. Smith, Jr.", "night_job-2", "ada@council.example", "a social_work", "7"]
)
def test_names_that_people_and_jobs_have(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", " ", " Ada", "Ada ", "Ada  Planner", "Ada (06e72157)", "Ada\nBen", "Ada\tB", "Ada\x1b[31m", "Ada\u202ereverse", "Аda",
     "<b>Ada</b>", "Ada & Ben", '"Ada"', "=Ada", "-Ada", "@Ada", "Ada\u0301", "A\u200bda", "x" * (MOST + 1), "Ada\0", "Ada/Ben"],
)  # fmt: skip
def test_names_that_would_break_a_log_or_a_page_or_pass_for_another(engine: Engine, name: str) -> None:
    with pytest.raises(ValueError, match="a name: at most"):
        create_key(engine, LOADER, name, ["planner"], NOW)
    assert not list_keys(engine)


@pytest.mark.parametrize("days", [0, -1, 366, 10**9])
def test_no_key_is_made_for_longer_than_a_year_or_for_no_time(engine: Engine, days: int) -> None:
    with pytest.raises(ValueError, match="days: 1 to 365"):
        create_key(engine, LOADER, "Ada Planner", ["planner"], NOW, days)
    assert not list_keys(engine)


def test_a_key_that_was_made_for_longer_once_ends_after_a_year(engine: Engine) -> None:
    token = create_key(engine, LOADER, "Ada Planner", ["planner"], NOW, 365)
    with writing(engine) as connection:
        connection.execute(update(KEYS).values(expires_at="2036-11-24T09:00:00+00:00"))
    ring, year = KeyRing(engine), dt.timedelta(days=365)
    assert ring.sign_in(token, NOW + year - dt.timedelta(seconds=1)) is not None
    assert ring.sign_in(token, NOW + year) is None
    assert list_keys(engine)[0].expires_at == NOW + year


@pytest.mark.parametrize("told", [{"expires_at": "soon"}, {"roles": "king"}, {"created_at": ""}, {"key_id": "a\nb"}])
def test_a_damaged_key_opens_nothing_and_others_do(engine: Engine, told: dict[str, str]) -> None:
    good, bad = (create_key(engine, LOADER, name, ["planner"], NOW) for name in ("Good", "Bad"))
    with writing(engine) as connection:
        connection.execute(update(KEYS).where(KEYS.c.name == "Bad").values(**told))
    ring = KeyRing(engine)
    assert ring.sign_in(good, NOW) is not None
    assert ring.sign_in(bad, NOW) is None
    assert len(list_keys(engine)) == 2


def test_a_key_is_not_shut_by_a_damaged_day_of_its_use(engine: Engine) -> None:
    """Nothing is said of that day in the trail: what is done to it would not be found."""
    token = create_key(engine, LOADER, "Ada Planner", ["planner"], NOW)
    with writing(engine) as connection:
        connection.execute(update(KEYS).values(last_used_on="often"))
    assert KeyRing(engine).sign_in(token, NOW) is not None
    assert list_keys(engine)[0].last_used_on is None


def test_bytes_that_are_no_text_shut_one_key_alone(engine: Engine) -> None:
    good, bad = (create_key(engine, LOADER, name, ["planner"], NOW) for name in ("Good", "Bad"))
    with writing(engine) as connection:
        connection.execute(text("UPDATE keys SET name = CAST(x'ff42' AS TEXT) WHERE name = 'Bad'"))
    ring = KeyRing(engine)
    assert ring.sign_in(good, NOW) is not None
    assert ring.sign_in(bad, NOW) is None
    assert {each.name for each in list_keys(engine)} == {"Good", "a damaged row"}


def test_whose_key_it_was_is_known_after_it_was_revoked(engine: Engine) -> None:
    token = create_key(engine, LOADER, "Ada Planner", ["planner"], NOW)
    key_id = token.split("_")[1]
    revoke_key(engine, LOADER, key_id, NOW)
    ring = KeyRing(engine)
    assert ring.sign_in(token, NOW) is None
    holder = ring.holder_of(token)
    assert holder is not None
    assert (holder.name, holder.key_id) == (f"Ada Planner ({key_id})", key_id)
    assert ring.holder_of(f"{token[:-1]}x") is None, "an id that is in the trail is no key"


# What the door writes down


@pytest.fixture
def book(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[DoorBook]:
    monkeypatch.setattr("api.security.door_book.TOGETHER_SECONDS", 0.0)
    made = DoorBook(engine, Clock())
    yield made
    made.close()


def until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.005)


def entries(engine: Engine) -> list[dict[str, object]]:
    with reading(engine) as connection:
        assert audit.check(connection).breaks == []
        rows = connection.execute(select(AUDIT).where(AUDIT.c.action == "key.refused").order_by(AUDIT.c.seq)).mappings()
        return [dict(row) for row in rows]


def test_the_last_use_is_a_day_and_written_once_a_day(engine: Engine, book: DoorBook, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[dict[str, dt.date]] = []
    honest = book._write

    def noting(connection: Connection, used: dict[str, dt.date], refused: dict[str, Any]) -> None:
        written.append(dict(used))
        honest(connection, used, refused)

    monkeypatch.setattr(book, "_write", noting)
    token = create_key(engine, LOADER, "Ada Planner", ["planner"], NOW)
    ring = KeyRing(engine, book.used)
    midnight = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    for _ in range(100):
        assert ring.sign_in(token, NOW) is not None
    until(lambda: list_keys(engine)[0].last_used_on == dt.date(2026, 11, 24))
    ring.sign_in(token, midnight)
    until(lambda: list_keys(engine)[0].last_used_on == dt.date(2026, 11, 25))
    assert [list(each.values()) for each in written] == [[dt.date(2026, 11, 24)], [dt.date(2026, 11, 25)]]
    again = DoorBook(engine, Clock())
    again.used(list_keys(engine)[0], midnight)
    assert again._thread is None, "another process has written it down already"
    assert entries(engine) == []


ADA = Actor("Ada Planner (a1b2c3d4)", "planner", key_id="a1b2c3d4")


def test_a_flood_of_refusals_is_one_entry_a_minute_with_a_count(
    engine: Engine, book: DoorBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.refused(ADA, "403 GET /v1/contracts")
    until(lambda: entries(engine))
    for _ in range(500):
        book.refused(ADA, "403 POST /v1/contracts")
    book.refused(ADA, "401 GET /v1/me")
    book.refused(Actor("Ben (oidc 7)", "viewer"), "403 GET /v1/runs")
    until(lambda: len(entries(engine)) == 2)
    time.sleep(0.05)
    first, of_ben = entries(engine)
    assert (first["actor"], first["role"], first["subject_kind"], first["subject"]) == (ADA.name, "planner", "keys", "a1b2c3d4")
    assert '"refused":1' in str(first["details"])
    assert '{"403 GET /v1/contracts":1}' in str(first["details"])
    assert of_ben["actor"] == "Ben (oidc 7)"
    monkeypatch.setattr("api.security.door_book.EVERY_SECONDS", 0.0)  # a minute later
    book.refused(ADA, "401 GET /v1/me")
    until(lambda: len(entries(engine)) == 3)
    told = str(entries(engine)[2]["details"])
    assert '"refused":502' in told
    assert '{"401 GET /v1/me":2,"403 POST /v1/contracts":500}' in told


def test_an_entry_names_so_many_refusals_and_counts_all(engine: Engine, book: DoorBook) -> None:
    book.refused(ADA, "first")
    until(lambda: entries(engine))
    for number in range(100):
        book.refused(ADA, f"403 GET /v1/{number}")
    book.close()
    told = str(entries(engine)[1]["details"])
    assert '"refused":100' in told
    assert told.count("403 GET") == 20


def test_what_cannot_be_written_is_kept_until_it_can(engine: Engine, book: DoorBook, monkeypatch: pytest.MonkeyPatch) -> None:
    honest, failed = audit.append, []

    def away(*_: object, **__: object) -> None:
        failed.append(1)
        raise OSError

    monkeypatch.setattr("api.security.door_book.audit.append", away)
    book.refused(ADA, "one")
    until(lambda: failed and book._refused)
    monkeypatch.setattr("api.security.door_book.audit.append", honest)
    book.refused(ADA, "two")
    book.close()
    assert '{"one":1,"two":1}' in str(entries(engine)[0]["details"])
    assert len(failed) == 1, "it is tried again a minute later, or at the end"


# Files with a key


def test_a_file_with_a_key_is_its_owners_alone_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with into(tmp_path / "key") as keep:
            keep("optk_1_2")
    finally:
        os.umask(before)
    assert (tmp_path / "key").stat().st_mode & 0o7777 == 0o600
    assert (tmp_path / "key").read_text() == "optk_1_2\n"


@pytest.mark.parametrize("there", ["a file", "a link", "a link to nothing", "no folder"])
def test_what_is_there_already_is_left_and_no_key_is_made(engine: Engine, tmp_path: Path, there: str) -> None:
    file, other = tmp_path / "key", tmp_path / "other"
    if there == "a file":
        file.write_text("mine")
    elif there == "no folder":
        file = tmp_path / "none" / "key"
    else:
        file.symlink_to(other)
        if there == "a link":
            other.write_text("mine")
    with pytest.raises(NoKeyFileError), into(file) as keep:
        create_key(engine, LOADER, "first key", ["admin"], NOW, keep=keep)
    assert not list_keys(engine)
    assert not other.exists() or other.read_text() == "mine"


def test_of_several_who_begin_at_once_one_makes_the_first_key(engine: Engine, tmp_path: Path) -> None:
    """The others leave its file alone, whether it is where theirs would be or not."""

    def begin(file: Path) -> str:
        try:
            with into(file) as keep:
                return create_key(engine, LOADER, "first key", ["admin"], NOW, keep=keep, first=True)
        except KeysThereError:
            return ""

    files = [tmp_path / name for name in ("key", "key", "key", "elsewhere")]
    with ThreadPoolExecutor(len(files)) as at_once:
        made = [token for token in at_once.map(begin, files) if token]
    assert len(made) == len(list_keys(engine)) == 1
    (left,) = [file for file in {*files} if file.exists()]
    assert left.read_text() == f"{made[0]}\n"


def test_where_no_key_is_made_there_is_no_file(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="roles"), into(tmp_path / "key") as keep:
        create_key(engine, LOADER, "first key", ["king"], NOW, keep=keep)
    assert not (tmp_path / "key").exists()


def test_a_key_stands_only_once_its_file_does(engine: Engine) -> None:
    def full(_: str) -> None:
        raise OSError

    with pytest.raises(OSError):
        create_key(engine, LOADER, "first key", ["admin"], NOW, keep=full)
    assert not list_keys(engine)


def test_the_command_writes_a_key_into_a_file_and_shows_no_sign_of_it(engine: Engine, command: Command, tmp_path: Path) -> None:
    told = command("keys", "create", "Ada Planner", "planner", "--days", "30", "--into", str(tmp_path / "ada"))
    token = (tmp_path / "ada").read_text().strip()
    assert told.code == exits.PROVEN
    assert token not in told.out + told.err
    assert KeyRing(engine).sign_in(token, dt.datetime.now(dt.UTC)) is not None
    again = command("keys", "create", "Ben", "planner", "--into", str(tmp_path / "ada"))
    assert again.code == exits.REFUSED
    assert "File exists" in again.err
    assert command("keys", "create", "Ben", "planner", "--days", "400").code == exits.REFUSED
    assert [key.name for key in list_keys(engine)] == ["Ada Planner"]


def test_the_list_tells_when_each_was_used_last(engine: Engine, command: Command) -> None:
    create_key(engine, LOADER, "Ada Planner", ["planner"], dt.datetime.now(dt.UTC))
    assert "not used yet" in command("keys", "list").out
    book = DoorBook(engine, Clock())
    book.used(list_keys(engine)[0], NOW)
    book.close()
    assert "used 2026-11-24" in command("keys", "list").out
    assert '"last_used_on": "2026-11-24"' in command("keys", "list", "--json").out


# Who gives a command


def actors(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as connection:
        rows = connection.execute(select(AUDIT.c.actor, AUDIT.c.role, AUDIT.c.details).order_by(AUDIT.c.seq)).all()
    return [(row.actor, row.role, row.details) for row in rows]


def test_an_environment_gives_a_command_no_other_name(engine: Engine, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    name = pwd.getpwuid(os.geteuid()).pw_name
    for each in ("USER", "LNAME", "USERNAME", "LOGNAME"):
        monkeypatch.setenv(each, "mallory\n")
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert command("keys", "create", "Ada Planner", "planner").code == 0
    ((actor, role, details),) = actors(engine)
    assert (actor, role) == (f"{name} (command line)", "admin")
    assert '"typed_by":"mallory?"' in details
    monkeypatch.setenv("LOGNAME", name)
    assert command("keys", "create", "Ben Planner", "planner").code == 0
    assert "typed_by" not in actors(engine)[1][2]


def test_a_command_with_a_key_is_its_holders_in_their_roles(
    engine: Engine, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = dt.datetime.now(dt.UTC)
    for name, role in (("Root Admin", "admin"), ("Ada Planner", "planner")):
        (tmp_path / role).write_text(create_key(engine, LOADER, name, [role], now) + "\n")
    ids = {key.name: key.key_id for key in list_keys(engine)}
    admin, planner = ids["Root Admin"], ids["Ada Planner"]
    monkeypatch.setenv("OPTIMISER_KEY_FILE", str(tmp_path / "admin"))
    assert command("keys", "create", "Ben Planner", "planner").code == 0
    assert actors(engine)[-1][:2] == (f"Root Admin ({admin})", "admin")
    assert {key.name: key.last_used_on is not None for key in list_keys(engine)}["Root Admin"]
    monkeypatch.setenv("OPTIMISER_KEY_FILE", str(tmp_path / "planner"))
    refused = command("keys", "create", "Eve", "admin")
    assert refused.code == exits.REFUSED
    assert refused.err == "Refused: This needs the role admin; yours is planner.\n"
    assert len(list_keys(engine)) == 3
    assert actors(engine)[-1][:2] == (f"Ada Planner ({planner})", "planner"), "and it is in the trail"
    revoke_key(engine, LOADER, admin, now)
    (tmp_path / "empty").touch()
    for file, why in (
        ("admin", "the key in it is unknown, expired or revoked"),
        ("county.db", "it cannot be read"),
        ("empty", "there is no key"),
    ):
        monkeypatch.setenv("OPTIMISER_KEY_FILE", str(tmp_path / file))
        told = command("keys", "list")
        assert told.code == exits.REFUSED
        assert told.err.startswith(f"Refused: OPTIMISER_KEY_FILE: {why}")


def test_a_key_of_before_may_have_any_name_and_breaks_no_list(engine: Engine, command: Command) -> None:
    create_key(engine, LOADER, "Ada Planner", ["planner"], NOW)
    with writing(engine) as connection:
        connection.execute(update(KEYS).values(name="Ada\x1b[31m\nBen"))
    (found,) = list_keys(engine)
    assert isinstance(found, Key)
    assert found.name == "Ada?[31m?Ben"
    assert len(command("keys", "list").out.splitlines()) == 1
