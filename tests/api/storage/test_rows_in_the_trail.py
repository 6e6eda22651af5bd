"""What the trail tells of the rows: whoever writes past the service is found, and whoever damages it crashes nothing."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, func, insert, select, text, update

from api.clock import Clock
from api.security.keys import create_key, revoke_key
from api.state.store import Store
from api.state.stored_records import KeptSettings
from api.storage import audit, table_schema
from api.storage.audit import Actor, Checked
from api.storage.database import open_database, reading, writing
from api.storage.migrating import downgrade, upgrade
from api.storage.only_reading import looking
from api.storage.patience import Patience
from api.storage.row_digests import COVERED, digest_of
from api.storage.trail import entry_hash, public_part
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER
from tests.commands.running import Ran, run

ADA = Actor("Ada Planner (a1)", "planner")
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
RECORDS, KEYS, COUNTY, AUDIT = table_schema.records, table_schema.keys, table_schema.county, table_schema.audit
Edit = Callable[[Connection], object]


@pytest.fixture(scope="module")
def lived(empty: Path, small: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three villages on SQLite after some changes: two keys, of which one is revoked, and contracts that were changed."""
    file = tmp_path_factory.mktemp("lived") / "county.db"
    shutil.copy(empty, file)
    engine = open_database(f"sqlite:///{file}")
    store = Store(engine, Clock(small.as_of))
    create_key(engine, LOADER, "Ada Planner", ["planner"], NOW)
    gone = create_key(engine, LOADER, "Old Hand", ["admin"], NOW).split("_")[1]
    revoke_key(engine, LOADER, gone, NOW)
    store.load(small, LOADER)
    for hours in ("90", "91"):
        change_contract(store, hours)
    with store.change(LOADER) as change:
        change.set_up("Three Villages", KeptSettings.of(small))
        change.remember("county.sync", "county")
    with store.change(ADA) as change:
        change.remove("restrictions", next(iter(change.state.stock["restrictions"]), "none"))
        change.remember("restriction.end", "restrictions")
    engine.dispose()
    return file


def change_contract(store: Store, hours: str) -> None:
    with store.change(ADA) as change:
        body = change.state.stock["contracts"]["L-DOCK"].body
        change.put("contracts", "L-DOCK", {**body, "max_hours_4w": hours})
        change.remember("contracts.change", "contracts", "L-DOCK")


@pytest.fixture
def here(lived: Path, tmp_path: Path, small: Snapshot) -> Iterator[Store]:
    """A copy of it."""
    shutil.copy(lived, tmp_path / "county.db")
    engine = open_database(f"sqlite:///{tmp_path / 'county.db'}", Patience())
    yield Store(engine, Clock(small.as_of))
    engine.dispose()


def checked(store: Store) -> Checked:
    with reading(store.engine) as connection:
        return audit.check(connection)


def found(store: Store) -> list[tuple[str, str, int]]:
    """Of every break the table, which row and which entry."""
    return [(each.table, each.row_id, each.seq) for each in checked(store).breaks]


def past_the_service(store: Store, edit: Edit) -> None:
    with writing(store.engine) as connection:
        edit(connection)


def entry_of(store: Store, action: str) -> list[int]:
    with reading(store.engine) as connection:
        return list(connection.execute(select(AUDIT.c.seq).where(AUDIT.c.action == action).order_by(AUDIT.c.seq)).scalars())


def test_every_row_that_was_written_by_the_service_is_known(here: Store) -> None:
    told = checked(here)
    assert told.breaks == []
    with reading(here.engine) as connection:
        rows = sum(len(connection.execute(select(table_schema.metadata.tables[name])).all()) for name in COVERED)
    assert told.rows == rows > 20
    assert told.good == told.last


def admin_key(connection: Connection) -> None:
    row = connection.execute(select(KEYS)).mappings().first()
    assert row is not None
    connection.execute(insert(KEYS).values({**row, "key_id": "beefbeef", "secret_hash": "f" * 64, "roles": "admin"}))


def more_roles(connection: Connection) -> None:
    connection.execute(update(KEYS).where(KEYS.c.name == "Ada Planner").values(roles="planner admin"))


def not_revoked(connection: Connection) -> None:
    connection.execute(update(KEYS).where(KEYS.c.name == "Old Hand").values(revoked_at=None))


def longer_life(connection: Connection) -> None:
    connection.execute(update(KEYS).where(KEYS.c.name == "Ada Planner").values(expires_at="2036-01-01T00:00:00+00:00"))


def key_gone(connection: Connection) -> None:
    connection.execute(delete(KEYS).where(KEYS.c.name == "Old Hand"))


@pytest.mark.parametrize("edit", [more_roles, not_revoked, longer_life])
def test_a_key_that_was_changed_is_found_with_its_id(here: Store, edit: Edit) -> None:
    past_the_service(here, edit)
    name = "Old Hand" if edit is not_revoked else "Ada Planner"
    with reading(here.engine) as connection:
        key_id = connection.execute(select(KEYS.c.key_id).where(KEYS.c.name == name)).scalar_one()
    ((table, row_id, _),) = found(here)
    assert (table, row_id) == ("keys", key_id)


def test_an_admin_key_that_was_inserted_is_found(here: Store) -> None:
    past_the_service(here, admin_key)
    assert found(here) == [("keys", "beefbeef", 0)]


def test_a_key_that_was_deleted_is_missed_by_the_entry_that_wrote_it(here: Store) -> None:
    past_the_service(here, key_gone)
    assert found(here) == [("keys", "", *entry_of(here, "key.revoke"))]


def test_a_record_that_was_changed_is_found_with_the_entry_that_wrote_it_last(here: Store) -> None:
    mine = (RECORDS.c.kind == "contracts") & (RECORDS.c.id == "L-DOCK")
    past_the_service(here, lambda c: c.execute(update(RECORDS).where(mine).values(body=text("replace(body, '91', '910')"))))
    assert found(here) == [("contracts", "L-DOCK", entry_of(here, "contracts.change")[-1])]


def test_a_record_put_back_as_it_once_was_is_found(here: Store) -> None:
    """Salt, version and all: every byte of it was written by the service, once."""
    mine = (RECORDS.c.kind == "contracts") & (RECORDS.c.id == "L-DOCK")
    with reading(here.engine) as connection:
        before = dict(connection.execute(select(RECORDS).where(mine)).mappings().one())
    change_contract(here, "92")
    assert not found(here)
    past_the_service(here, lambda c: c.execute(update(RECORDS).where(mine).values(**before)))
    assert ("contracts", "L-DOCK") in [each[:2] for each in found(here)]


@pytest.mark.parametrize("kind", ["packages", "providers"])
def test_a_record_that_was_taken_out_or_doubled_is_found(here: Store, kind: str) -> None:
    with reading(here.engine) as connection:
        row = connection.execute(select(RECORDS).where(RECORDS.c.kind == kind)).mappings().first()
    assert row is not None
    past_the_service(here, lambda c: c.execute(insert(RECORDS).values({**row, "id": "NOBODY"})))
    assert found(here) == [(kind, "NOBODY", 0)]
    mine = (RECORDS.c.kind == kind) & (RECORDS.c.id == row["id"])
    past_the_service(here, lambda c: c.execute(delete(RECORDS).where(mine)))
    assert found(here) == [(kind, "NOBODY", *entry_of(here, "county.load"))]
    past_the_service(here, lambda c: c.execute(delete(RECORDS).where(RECORDS.c.id == "NOBODY")))
    assert found(here) == [("records", "", *entry_of(here, "county.load"))]


def test_a_change_on_top_of_one_past_the_service_does_not_hide_it(here: Store, small: Snapshot) -> None:
    mine = (RECORDS.c.kind == "contracts") & (RECORDS.c.id == "L-DOCK")
    past_the_service(here, lambda c: c.execute(update(RECORDS).where(mine).values(body=text("replace(body, '91', '910')"))))
    change_contract(Store(here.engine, Clock(small.as_of)), "93")
    problems = {each.problem for each in checked(here).breaks}
    assert "the entry wrote over a row that had been changed past the service" in problems


@pytest.mark.parametrize("told", [{"policy": "max_moves = 99"}, {"title": "Elsewhere"}, {"practice": False}])
def test_settings_that_were_changed_are_found(here: Store, told: dict[str, object]) -> None:
    past_the_service(here, lambda c: c.execute(update(COUNTY).values(**told)))
    assert ("county", "") in [each[:2] for each in found(here)]


def test_rows_without_their_salts_are_no_older_rows(here: Store) -> None:
    for table in (RECORDS, KEYS, COUNTY):
        past_the_service(here, lambda c, table=table: c.execute(update(table).values(salt=None)))  # type: ignore[misc]
        assert len(found(here)) >= 1


def test_digests_that_are_taken_out_of_an_entry_are_a_break_of_it(here: Store) -> None:
    (load,) = entry_of(here, "county.load")
    past_the_service(here, lambda c: c.execute(update(AUDIT).where(AUDIT.c.seq == load).values(row_digests=None)))
    assert (load, "was changed") in [(each.seq, each.problem) for each in checked(here).breaks]


def test_a_digest_is_of_everything_that_counts_in_a_row() -> None:
    row = {"kind": "a", "id": "b", "body": "c", "version": 1, "since": 1, "salt": b"s"}
    digests = {
        digest_of("records", {**row, name: 2 if name in ("version", "since") else b"t" if name == "salt" else "z"})
        for name in row
    }
    assert len(digests | {digest_of("records", row)}) == 7


def test_a_version_of_the_county_that_no_entry_tells_of_is_found(here: Store) -> None:
    """Set back, what others read of the county would be an older one; set forward, what is written would not be read."""
    last = entry_of(here, "restriction.end")
    for version in ("version - 1", "version + 2", "'x'"):
        past_the_service(here, lambda c, version=version: c.execute(text(f"UPDATE county SET version = {version}")))  # type: ignore[misc]
        assert found(here) == [("county", "", *last)]


def test_there_is_one_county(here: Store) -> None:
    other = {"id": 2, "title": "", "policy": "", "version": 0, "audit_seq": 0, "audit_hash": ""}
    past_the_service(here, lambda c: c.execute(insert(COUNTY).values(other)))
    assert found(here) == [("county", "", 0)]


def test_a_trail_that_was_emptied_hides_no_row(here: Store) -> None:
    past_the_service(here, lambda c: c.execute(delete(AUDIT)))
    past_the_service(here, lambda c: c.execute(update(COUNTY).values(audit_seq=0, audit_hash=audit.BEGINNING)))
    assert {"keys", "county", "packages"} <= {each[0] for each in found(here)}


def test_a_key_in_a_database_that_nobody_has_used_yet_is_found(empty: Path, here: Store, tmp_path: Path) -> None:
    """Else whoever wrote it would be let in before there is a first key, and no first key would be made."""
    shutil.copy(empty, tmp_path / "new.db")
    engine = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    new = Store(engine, here.clock)
    assert found(new) == []
    key = {"key_id": "beefbeef", "name": "x", "roles": "admin", "secret_hash": "f", "created_at": "", "expires_at": ""}
    past_the_service(new, lambda c: c.execute(insert(KEYS).values(key)))
    assert found(new) == [("keys", "beefbeef", 0)]
    engine.dispose()


# A damaged trail


@pytest.mark.parametrize(
    "told",
    [
        '{"came":[7],"went":[],"version":1}',
        '{"came":[],"went":[[1]],"version":1}',
        '{"came":["records:x"],"went":[],"version":[1]}',
        '{"came":["records:x"],"went":[],"version":{}}',
        '{"came":"abc","went":{"x":1},"version":1}',
        '{"came":[],"went":[],"version":"1"}',
    ],
)
def test_digests_of_any_form_are_no_reason_to_end(here: Store, told: str) -> None:
    (load,) = entry_of(here, "county.load")
    past_the_service(here, lambda c: c.execute(update(AUDIT).where(AUDIT.c.seq == load).values(row_digests=told)))
    assert (load, "is damaged: row_digests") in [(each.seq, each.problem) for each in checked(here).breaks]


def test_rows_are_not_told_of_because_their_entry_is_damaged_elsewhere(here: Store) -> None:
    (load,) = entry_of(here, "county.load")
    past_the_service(here, lambda c: c.execute(text(f"UPDATE audit SET actor = CAST(x'ff' AS TEXT) WHERE seq = {load}")))
    assert {(each.table, each.seq) for each in checked(here).breaks} == {("", load)}
    past_the_service(here, lambda c: c.execute(text(f"UPDATE audit SET row_digests = x'ff' WHERE seq = {load}")))
    of_rows = [each for each in checked(here).breaks if each.table]
    assert of_rows
    assert all(each.problem.endswith("or the entry that told of it is damaged or gone") for each in of_rows)


def test_the_name_of_a_row_is_one_line_of_text(here: Store) -> None:
    names = "CAST(x'ff0a' AS TEXT), 'X' || char(10) || 'no break' || hex(zeroblob(10000))"
    past_the_service(here, lambda c: c.execute(text(f"INSERT INTO records (kind, id, body, version) VALUES ({names}, '', 1)")))
    ((kind, row_id, _),) = found(here)
    assert kind.isprintable()
    assert row_id.isprintable()
    assert row_id.startswith("X\\x0ano break")
    assert len(row_id) < 300
    past_the_service(here, lambda c: c.execute(text("UPDATE county SET audit_seq = CAST(x'ff0a' AS TEXT)")))
    assert all(each.problem.isprintable() for each in checked(here).breaks)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("seq", "'four'"),
        ("at", "x'ff'"),
        ("actor", "CAST(x'fffe41' AS TEXT)"),
        ("commitment", "7"),
        ("salt", "'no bytes'"),
        ("details", "CAST(x'ff' AS TEXT)"),
        ("details", "x'00'"),
        ("row_digests", "'{'"),
        ("row_digests", "'{\"came\": 7}'"),
        ("previous", "''"),
        ("hash", "x'00'"),
    ],
)
def test_an_entry_in_which_anything_is_damaged_is_told_and_the_last_good_head(here: Store, column: str, value: str) -> None:
    whole = checked(here)
    (load,) = entry_of(here, "county.load")
    with reading(here.engine) as connection:
        good = connection.execute(select(AUDIT.c.seq, AUDIT.c.hash).where(AUDIT.c.seq == load - 1)).one()
    past_the_service(here, lambda c: c.execute(text(f"UPDATE audit SET {column} = {value} WHERE seq = {load}")))
    told = checked(here)
    assert told.breaks
    assert (told.good.seq, told.good.hash) == tuple(good)
    assert told.entries == whole.entries, "those after it are read all the same"


@pytest.mark.parametrize(
    "details", ['{"destroyed":[[1,99999999999999]]}', '{"destroyed":[["a","b"]]}', '{"destroyed":7}', "[", "{}"]
)
def test_an_account_of_anything_is_no_reason_to_end(here: Store, details: str) -> None:
    told = {"action": audit.FORGET, "details": details}
    (one, *_) = entry_of(here, "contracts.change")
    past_the_service(here, lambda c: c.execute(update(AUDIT).where(AUDIT.c.seq == one).values(**told)))
    assert checked(here).breaks


@pytest.mark.parametrize(
    "statement", ["DELETE FROM county", "UPDATE county SET audit_seq = 'x'", "DROP TABLE records", "DROP TABLE keys"]
)
def test_whatever_else_is_gone_is_told(here: Store, statement: str) -> None:
    past_the_service(here, lambda c: c.execute(text(statement)))
    told = checked(here)
    assert told.breaks
    assert told.good.seq == told.entries == told.last.seq, "the chain itself holds"


@pytest.mark.parametrize("finished", ["x'ff'", "CAST(x'ff' AS TEXT)", "NULL"])
def test_a_run_whose_end_is_damaged_is_told_on_one_line(here: Store, finished: str) -> None:
    run = {"run_id": "'R' || char(10)", "kind": "''", "settings": "''", "requested_by": "''", "idempotency_key": "''"}
    run |= {"request_hash": "''", "created_at": "''", "status": "''", "cancel": "0", "attempts": "0", "fence": "0"}
    run["finished_at"] = finished
    past_the_service(here, lambda c: c.execute(text(f"INSERT INTO runs ({', '.join(run)}) VALUES ({', '.join(run.values())})")))
    assert found(here) == [("runs", "R\\x0a", 0)]


Command = Callable[..., Ran]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'county.db'}")
    return lambda *arguments: run(capsys, *arguments)


def test_the_command_names_the_row_and_leaves_nothing_behind(here: Store, command: Command, tmp_path: Path) -> None:
    past_the_service(here, admin_key)
    here.engine.dispose()
    before = (tmp_path / "county.db").read_bytes()
    told = command("audit", "verify")
    assert told.code == 5
    assert "BREAK  keys beefbeef: is not as any entry tells of it: it was written past the service" in told.out
    assert "Last good head: " in told.out
    assert [each.name for each in tmp_path.iterdir()] == ["county.db"]
    assert (tmp_path / "county.db").read_bytes() == before


@pytest.mark.parametrize(
    "damage", ["at = 'soon'", "at = '0001-01-01T00:00:00+14:00'", "details = '{'", "details = '7'", "details = '[]'"]
)
def test_a_damaged_entry_keeps_nobody_from_being_shown_the_others(here: Store, command: Command, damage: str) -> None:
    (load,) = entry_of(here, "county.load")
    past_the_service(here, lambda c: c.execute(text(f"UPDATE audit SET {damage} WHERE seq = {load}")))
    here.engine.dispose()
    for asked in (["--since", "2000-01-01"], ["--actor", "tests"], ["--subject", "N1"]):
        told = command("audit", "show", *asked)
        assert (told.code, told.err) == (0, "")
        assert len(told.out.splitlines()) > (asked[0] != "--subject")
        assert command("audit", "show", "--json", *asked).code == 0
    held = command("subject", "N1")
    assert held.code == 0
    assert "What is held about you" in held.out


@pytest.mark.parametrize("column", ["at", "actor", "details", "subject", "hash"])
def test_bytes_that_are_no_text_keep_nobody_from_being_shown_the_other_entries(
    here: Store, command: Command, column: str
) -> None:
    (load,) = entry_of(here, "county.load")
    past_the_service(here, lambda c: c.execute(text(f"UPDATE audit SET {column} = CAST(x'41ff' AS TEXT) WHERE seq = {load}")))
    here.engine.dispose()
    told = command("audit", "show", "--since", "2000-01-01")
    assert (told.code, told.err, len(told.out.splitlines()) > 5) == (0, "", True)
    assert command("audit", "show", "--json", "--since", "2000-01-01").code == 0


def test_a_backup_is_made_of_a_county_that_was_changed_past_the_service_and_says_so(
    here: Store, command: Command, tmp_path: Path
) -> None:
    past_the_service(here, more_roles)
    told = command("backup", str(tmp_path / "copy.db"))
    assert told.code == 0
    assert "1 row(s) are not as the audit trail tells of them" in told.err
    past_the_service(here, lambda c: c.execute(update(AUDIT).where(AUDIT.c.seq == 2).values(actor="Somebody Else")))
    assert command("backup", str(tmp_path / "other.db")).code == 2


def test_a_trail_is_read_though_nobody_knows_the_form_of_the_tables(here: Store, command: Command) -> None:
    past_the_service(here, lambda c: c.execute(text("DROP TABLE alembic_version")))
    told = command("audit", "verify")
    assert (told.code, told.err) == (0, "")
    assert "no break" in told.out


def test_pages_that_cannot_be_read_are_told_with_the_last_good_head(here: Store, command: Command, tmp_path: Path) -> None:
    for _ in range(60):  # the form of the tables stands before them, and can be read
        with here.change(ADA) as change:
            change.remember("county.export", "county", details={"because": "so that entries fill pages of their own" * 50})
    with reading(here.engine) as connection:
        entries = {row.seq: row.hash for row in connection.execute(select(AUDIT.c.seq, AUDIT.c.hash))}
    here.engine.dispose()
    file = tmp_path / "county.db"
    size = 4096
    with file.open("r+b") as pages:  # the last third of the file
        end = file.stat().st_size
        for at in range(end * 2 // 3 // size * size, end, size):
            pages.seek(at)
            pages.write(b"\xa5" * size)
    told = command("audit", "verify")
    assert told.code == 5
    assert "cannot be read" in told.out
    good = re.search(r"Last good head: (\d+):([0-9a-f]{64})", told.out)
    assert good
    assert entries[int(good[1])] == good[2]


@pytest.mark.parametrize("content", [b"", b"no database at all, and long enough to be one " * 200])
def test_what_is_no_database_is_told_and_left_as_it_is(command: Command, here: Store, tmp_path: Path, content: bytes) -> None:
    here.engine.dispose()
    (tmp_path / "county.db").write_bytes(content)
    assert command("audit", "verify").code == (5 if content else 2)
    assert command("audit", "head").code == 2
    assert (tmp_path / "county.db").read_bytes() == content


def test_a_mistyped_address_makes_no_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'conty.db'}")
    told = run(capsys, "audit", "verify")
    assert (told.code, list(tmp_path.iterdir())) == (2, [])
    assert "there is no such file" in told.err


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may write nothing")
def test_a_database_that_cannot_be_written_is_read(lived: Path, tmp_path: Path, small: Snapshot) -> None:
    """As somebody who may read the file and write nothing, neither the file nor beside it."""
    shutil.copy(lived, tmp_path / "other.db")
    engine = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    whole = checked(Store(engine, Clock(small.as_of)))
    engine.dispose()
    # The first time, of another database, everything is loaded: nobody else may read where this software lies.
    asked = """
import os
from optimiser.__main__ import main
os.environ["DATABASE_URL"], then = os.environ["OTHER"], os.environ["DATABASE_URL"]
main(["audit", "verify"])
os.environ["DATABASE_URL"] = then
os.setuid(65534)
raise SystemExit(main(["audit", "verify"]))
"""
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to everybody else
        folder = Path(name)
        shutil.copy(lived, folder / "county.db")
        (folder / "county.db").chmod(0o444)
        folder.chmod(0o755)
        addresses = {"DATABASE_URL": f"sqlite:///{folder / 'county.db'}", "OTHER": f"sqlite:///{tmp_path / 'other.db'}"}
        given = {**os.environ, **addresses}
        done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, env=given, check=False)
        assert [each.name for each in folder.iterdir()] == ["county.db"]
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Head: {whole.last.seq}:{whole.last.hash}" in done.stdout


# Up and down


def test_an_older_county_is_taken_as_it_is_by_one_entry_and_known_from_then_on(empty_database_url: str, small: Snapshot) -> None:
    engine = open_database(empty_database_url)
    upgrade(engine)
    store = Store(engine, Clock(small.as_of))
    create_key(engine, LOADER, "Ada Planner", ["planner"], NOW)
    store.load(small, LOADER)
    downgrade(engine, "0006")
    upgrade(engine)
    told = checked(store)
    assert told.breaks == []
    assert (told.entries, told.last.seq) == (3, 3)
    assert entry_of(store, "rows.begin") == [3]
    past_the_service(store, more_roles)
    assert [each[0] for each in found(store)] == ["keys"]
    past_the_service(store, lambda c: c.execute(update(AUDIT).where(AUDIT.c.seq == 2).values(actor="Somebody Else")))
    with pytest.raises(ValueError, match="entry 2 of the audit trail was changed"):
        downgrade(engine, "0006")
    past_the_service(store, lambda c: c.execute(text("DROP TABLE keys")))
    with looking(engine) as connection:
        told = audit.check(connection)
    assert {each.table for each in told.breaks} - {"files"} == {"", "keys"}, "the other tables are compared all the same"
    assert told.rows > 20
    engine.dispose()


def forged(connection: Connection) -> None:
    """An entry with a hash of its own, which follows from none."""
    last = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(1)).mappings().one()
    row = {**last, "seq": last["seq"] + 1, "actor": "Nobody", "previous": "f" * 64, "row_digests": None}
    row["hash"] = entry_hash(row["previous"], public_part(row))
    connection.execute(insert(AUDIT).values(row))
    connection.execute(update(COUNTY).values(audit_seq=row["seq"], audit_hash=row["hash"]))


def without_its_end(connection: Connection) -> None:
    connection.execute(delete(AUDIT).where(AUDIT.c.seq == select(func.max(AUDIT.c.seq)).scalar_subquery()))


def without_its_middle(connection: Connection) -> None:
    connection.execute(delete(AUDIT).where(AUDIT.c.seq == 3))


@pytest.mark.parametrize("edit", [forged, without_its_end, without_its_middle])
def test_the_way_back_closes_no_chain_that_does_not_hold(here: Store, edit: Edit) -> None:
    past_the_service(here, edit)
    assert checked(here).breaks
    with pytest.raises(ValueError, match="audit trail was"):
        downgrade(here.engine, "0006")
    assert checked(here).breaks, "nothing was changed"
