"""Nobody adds a table, a column, a kind of record or a kind of file in which people stand, and forgets it in subject access."""

from __future__ import annotations

import gzip
import io
import re
import sqlite3
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import orjson
import pytest
import xlsxwriter
from sqlalchemy import LargeBinary, Table, Text, insert, select

import api
import optimiser
from api.state.store import Store
from api.state.stored_records import EMPTY, Stored
from api.storage import table_schema
from api.storage.database import reading, writing
from api.storage.who_is_in_it import OF_WHOM, people_in
from api.subject_access.acts import write_out
from api.subject_access.held_in_files import NOT_LOOKED_INTO, READERS, held_in_files
from api.subject_access.holdings import ELSEWHERE_READ, OTHER_TABLES, held_in_records
from api.subject_access.who import Who
from api.upkeep.acts import write_backup
from optimiser.domain.person_records import Reads
from optimiser.io.folders import OUR_FILES
from optimiser.io.schema import TABLES
from optimiser.transferring.letters import Letter
from optimiser.transferring.letters_in_formats import as_pdf, as_recorded
from tests.api.forgetting.test_forgetting import ADMIN
from tests.api.runs.working import calling

TABLES_OF_THE_SERVICE = table_schema.metadata.sorted_tables
MARK = "a word that stands here alone"
N1 = Who("N1", frozenset({"N1"}), frozenset({"N1", "V1"}), frozenset({"N2", "V2"}))
FILE_NAME = re.compile(r"""["'][\w.{}-]*(\.[a-z]{2,8})["']""")


@pytest.mark.parametrize("table", TABLES_OF_THE_SERVICE, ids=lambda table: table.name)
def test_of_every_column_it_is_said_of_whom_it_may_tell(table: Table) -> None:
    could = {column.name for column in table.columns if isinstance(column.type, Text | LargeBinary)}
    assert OF_WHOM[table.name].keys() == could, "say in api/storage/who_is_in_it.py of whom it may tell, and read it where it may"


def test_every_table_with_people_in_it_has_a_reader() -> None:
    assert OF_WHOM.keys() == {table.name for table in TABLES_OF_THE_SERVICE}
    with_people = {table.name for table in TABLES_OF_THE_SERVICE if people_in(table)}
    assert with_people == {*ELSEWHERE_READ, *OTHER_TABLES}


OF_OTHERS = [(table.name, column) for table in TABLES_OF_THE_SERVICE if table.name in OTHER_TABLES for column in people_in(table)]
OF_VISITS = [("actuals", "package_id"), ("statement_lines", "package_id")]
"""A record of a visit, and a line of a statement, are somebody's by this column; all else of theirs is told with it."""
OF_RUNS = [each for each in OF_OTHERS if each[0] not in ("outbox", "actuals", "statement_lines")]
OF_MESSAGES = [each for each in OF_OTHERS if each[0] == "outbox" and each[1] != "package_id"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_stands_in_any_column_with_people_is_told(store: Store) -> None:
    """In each such column, one after the other, stands something of N1's that stands nowhere else."""
    with reading(store.engine) as connection:
        version = connection.execute(select(table_schema.county.c.version)).scalar_one()
    for table, column in OF_RUNS:
        mark = f"{MARK} {table} {column}"
        run_id = f"{table}-{column}"
        texts = dict.fromkeys(("kind", "request_hash", "requested_by", "created_at"), run_id)
        run = {"run_id": run_id, **texts, "idempotency_key": run_id, "settings": "{}", "status": "succeeded", "cancel": False}
        run |= {"attempts": 1, "fence": 1, "state_version": version}
        body = orjson.dumps({"package_id": "N1", "said": mark})
        stored = zlib.compress(body) if column in ("result", "body") and table != "run_events" else body.decode()
        if table == "runs":
            run[column] = f"N1 {mark}" if column == "idempotency_key" else stored
        with writing(store.engine) as connection:
            connection.execute(insert(table_schema.runs).values(**run))
            if table == "run_events":
                connection.execute(insert(table_schema.run_events).values(run_id=run_id, seq=1, at="", body=stored))
            if table == "sent_snapshots":
                with zipfile.ZipFile(sent := io.BytesIO(), "w") as made:
                    made.writestr("packages.csv", f"package_id,said\nN2,of another\nN1,{mark}\n")
                connection.execute(insert(table_schema.sent_snapshots).values(run_id=run_id, body=sent.getvalue()))
            if table == "run_explanations":
                of_body = stored if column == "body" else zlib.compress(orjson.dumps({"said": mark}))
                row = {"run_id": run_id, "package_id": "N1", "body": of_body}
                connection.execute(insert(table_schema.run_explanations).values(**row))
    with writing(store.engine) as connection:
        facts = orjson.dumps({"said": f"{MARK} outbox facts"}).decode()
        message: dict[str, object] = {
            "message_id": "msg_1",
            "seq": 1,
            "kind": "offer_waits",
            "address_id": "1",
            "about": f"{MARK} outbox about",
            "diary": f"{MARK} outbox diary",
        }
        message |= {"package_id": "N1", "facts": facts, "at": "", "state": "sent", "due_at": ""}
        connection.execute(insert(table_schema.outbox).values(**message))
        sealed = {"package_id": "N1", "salt": b"", "seal": b""}
        cells = {table: orjson.dumps(["N1", f"{MARK} {table} package_id"]).decode() for table, _ in OF_VISITS}
        visit = {"actual_id": "A1", "batch": 1, "date": "", "contract_id": "", "corrects": "", "worker_keys": "of a colleague"}
        connection.execute(insert(table_schema.actuals).values(**visit, **sealed, cells=cells["actuals"]))
        line = {"statement_id": "S1", "number": 1, "pence": 1, "cells": cells["statement_lines"]}
        connection.execute(insert(table_schema.statement_lines).values(**line, **sealed))
    with store.change(ADMIN) as change:
        change.remember("package.change", "packages", "N1", {"said": f"{MARK} audit subject"})
        change.remember("restrictions.change", "restrictions", "X1", {"reason": f"for N1: {MARK} audit details"})
    told = orjson.dumps(write_out(calling(store, ADMIN), "N1")).decode()
    for table, column in [*OF_RUNS, *OF_MESSAGES, *OF_VISITS, ("audit", "subject"), ("audit", "details")]:
        assert f"{MARK} {table} {column}" in told, (table, column)
    assert "of another" not in told
    assert "of a colleague" not in told


@pytest.mark.parametrize("kind", [*EMPTY, "a_kind_that_somebody_adds"])
def test_no_kind_of_record_is_left_out(kind: str) -> None:
    """Whatever its kind: by the person's package, or where any text of it names them."""
    own = {"package_id": "N1", "said": MARK}
    naming = {"remark": f"as for N1, {MARK}", "package_id": "N2", "where": "of somebody else"}
    other = {"package_id": "N2", "said": "of somebody else"}
    for body, expected in ((own, True), (naming, True), (other, False)):
        stock = {"packages": {}, kind: {"a record": Stored(body, 1, None)}}
        told = str([each.of_them for each in held_in_records(stock, N1)])
        assert (MARK in told) is expected, (kind, body)
        assert "of somebody else" not in told


OTHER_ENDS = {
    ".xlsx",
    ".parquet",
    ".zip",
    ".pdf",
    ".ics",
    ".svg",
    ".xml",
    ".docx",
    ".log",
    ".png",
    ".jpg",
    ".gz",
    ".yaml",
    ".tsv",
}
"""Kinds of file that somebody may think of next."""


NO_FILES_OF_THEIR_OWN = (
    "handbook",
    "workbook_parts.py",
    "pages/assets.py",
    "pages/frame.py",
    "take_in_page.py",
    "own_free_hours.py",
)
"""Where names of files stand that tell of nobody (the look of the pages is one), that are read alone, and those of parts inside
of a workbook."""


def written_ends() -> set[str]:
    """The ends of the names of files that stand in the code."""
    found: set[str] = set()
    for package in (api, optimiser):
        for path in Path(package.__path__[0]).rglob("*.py"):
            if not any(each in str(path) for each in NO_FILES_OF_THEIR_OWN):
                found |= set(FILE_NAME.findall(path.read_text(encoding="utf-8")))
    return found


def test_every_kind_of_file_that_is_written_can_be_looked_into() -> None:
    for name in (*OUR_FILES, *TABLES, "facts.json", "nightly.json", "nightly.html", "areas.geojson", "snapshot.toml"):
        assert Path(name).suffix in READERS, name
    assert written_ends() & (OTHER_ENDS | READERS.keys()) == READERS.keys(), "can it be looked into? see held_in_files.py"


def test_a_map_is_looked_into(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "county.gpkg")) as made, made:
        made.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
        made.executemany("INSERT INTO gpkg_contents VALUES (?)", [("packages",), ("offices",)])
        made.execute("CREATE TABLE packages (geom BLOB, package_id TEXT)")
        made.executemany("INSERT INTO packages VALUES (?, ?)", [(b"N1", "N1"), (b"", "N2"), (b"", "N11")])
        made.execute("CREATE TABLE offices (geom BLOB, office_id TEXT)")
    (found,) = held_in_files([tmp_path], N1)
    assert found.of_them == [{"features_that_name_them_on_a_map": {"packages": 1}}]


def test_letters_as_pdf_say_whose_they_are(tmp_path: Path) -> None:
    """As they are made; with brackets in an id, and in letters of another script, as PDF writes them; and of somebody else."""
    letters = [Letter(name, "news", "News of your care", ("Hello.",)) for name in ("N2", "N1")]
    (tmp_path / "a.pdf").write_bytes(as_pdf([each for letter in letters for each in as_recorded(Reads(), letter)]))
    (tmp_path / "b.pdf").write_bytes(as_pdf(as_recorded(Reads(), letters[0])))
    (tmp_path / "c.pdf").write_bytes(b"<</Keywords (N\\(2\\), N1)>>")
    (tmp_path / "d.pdf").write_bytes(b"<</Keywords <" + "\ufeffŁ2, N1".encode("utf-16-be").hex().encode() + b">>>")
    (tmp_path / "e.pdf").write_bytes(b"%PDF-1.7")
    found = {each.named.rpartition("/")[2]: each.of_them for each in held_in_files([tmp_path], N1)}
    theirs = [{"letters_to_them": True}]
    assert found == {"a.pdf": theirs, "c.pdf": theirs, "d.pdf": theirs, "e.pdf": [NOT_LOOKED_INTO]}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", "package_id,why\nN1,{mark}\nN2,of somebody else\n"),
        ("people.tsv", "package_id\twhy\nN1\t{mark}\nN2\tof somebody else\n"),
        ("result.json", '[{{"package_id": "N1", "why": "{mark}"}}, {{"package_id": "N2", "why": "of somebody else"}}]'),
        ("rounds.geojson", '{{"features": [{{"package_id": "N1", "why": "{mark}"}}]}}'),
        ("explanations.jsonl", '{{"package_id": "N1", "why": "{mark}"}}\n{{"package_id": "N2", "why": "of somebody else"}}\n'),
        ("letters.txt", "Your reference: N1 {mark}\nYour reference: N2 of somebody else\n"),
        ("staffing.toml", "# as for N1, {mark}\n"),
        (
            "page.html",
            "<style>N1</style><table><tr><td>N1<td>{mark}</tr><tr><td>N2<td>of somebody else</tr></table>",
        ),
    ],
)
def test_a_file_is_looked_into_and_others_stay_out(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content.format(mark=MARK), encoding="utf-8")
    of_nobody = "{}\n" if "json" in name else "nothing,of\nhers,here\n"
    (tmp_path / f"another{Path(name).suffix}").write_text(of_nobody, encoding="utf-8")
    (found,) = held_in_files([tmp_path], N1)
    assert found.named.endswith(name)
    told = str(found.of_them)
    assert MARK in told
    assert "of somebody else" not in told


def test_a_workbook_is_looked_into_sheet_by_sheet(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "county.xlsx") as book:
        for title, of_whom in (("Offers", "N2"), ("Packages", "N1")):
            sheet = book.add_worksheet(title)
            for number, row in enumerate([("package_id", "why"), (of_whom, MARK if of_whom == "N1" else "of somebody else")]):
                sheet.write_row(number + 1, 0, row)
        sheet.hide()
    (tmp_path / "broken.xlsx").write_bytes(b"PK")
    found = {each.named.rpartition("/")[2]: each.of_them for each in held_in_files([tmp_path], N1)}
    assert found == {"county.xlsx": [{"package_id": "N1", "why": MARK}], "broken.xlsx": [NOT_LOOKED_INTO]}


def test_what_cannot_be_looked_into_is_named(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    (tmp_path / "result.json").write_bytes(b"{broken")
    (tmp_path / "packed.json").write_bytes(gzip.compress(b"{}"))
    (tmp_path / "link.csv").symlink_to(tmp_path / "scan.pdf")
    found = {each.named.rpartition("/")[2]: each.of_them for each in held_in_files([tmp_path], N1)}
    assert found == {name: [NOT_LOOKED_INTO] for name in ("scan.pdf", "result.json", "packed.json")}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_copy_of_the_database_is_counted(store: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    write_backup(calling(store, ADMIN), copy)
    with reading(store.engine) as connection:
        about = [row.body or "" for row in connection.execute(select(table_schema.records))]
    expected = sum('"N1"' in body for body in about)
    (found,) = held_in_files([copy], N1)
    assert found.of_them == [{"lines_that_name_them_in_a_copy_of_the_database": {"records": expected}}]
