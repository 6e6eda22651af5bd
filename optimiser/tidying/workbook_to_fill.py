"""A workbook to fill in: a sheet for each table, with what each column takes, drop-downs, and examples; or one that holds a
county already. ``tidy`` reads it back.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from optimiser.domain.snapshot import Snapshot
from optimiser.io.cells import Column
from optimiser.io.exporting import snapshot_files
from optimiser.io.folders import THREE_VILLAGES, bundled
from optimiser.io.formatted_workbook import ColumnLook, SheetLook, Value, workbook_of
from optimiser.io.reading import read_snapshot
from optimiser.io.schema import MAY_BE_ABSENT
from optimiser.tidying.kinds import Kind, Meaning, meaning_of
from optimiser.tidying.numbers import digits_of
from optimiser.tidying.tables import AREAS, SETTINGS, SETTINGS_ROWS, columns_of, known_tables

READ_ME = "how to fill it in"
FORMAT_OF = {
    Kind.DATE: "date",
    Kind.MOMENT: "moment",
    Kind.TIME: "time",
    Kind.NUMBER: "number",
    Kind.SHARE: "number",
    Kind.POUNDS: "pounds",
    Kind.TRUTH: "",
}
SAID = {
    Kind.IDENTIFIER: "an id, as text",
    Kind.TEXT: "text",
    Kind.DATE: "a date",
    Kind.MOMENT: "a date and time of day, such as 2026-11-23 09:30:00",
    Kind.TIME: "a time of day, such as 07:30",
    Kind.TRUTH: "true or false",
    Kind.NUMBER: "a number",
    Kind.POUNDS: "pounds, such as 24.00",
    Kind.SHARE: "a share from 0 to 1, such as 0.80",
    Kind.WORDS: "words separated by ';'",
}
ABOUT = (
    "One sheet for each table; the headings stay as they are, in any order; sheets that you do not need may stay empty.",
    "Headings in blue are needed. What a column takes stands in the note of its heading.",
    "Ids are text: 00123 stays 00123. Dates are dates of the spreadsheet. An empty cell means that something is not given.",
    "When it is filled in: optimiser tidy FILE.xlsx FOLDER. Every fault is listed with its cell; nothing is guessed.",
)


def template() -> bytes:
    """The empty workbook."""
    sheets = [_read_me(), SheetLook(SETTINGS, _SETTINGS, [[name, ""] for name in SETTINGS_ROWS])]
    sheets += [SheetLook(table, [_look(column) for column in columns_of(table)], []) for table in known_tables()]
    return workbook_of(sheets)


def filled(snapshot: Snapshot) -> bytes:
    """A county's tables, all columns of the format among them; its settings and outlines stay in their own files."""
    files = snapshot_files(snapshot)
    sheets = []
    for table in known_tables():
        if table == AREAS:
            continue
        lines = list(csv.reader(io.StringIO(files.get(f"{table}.csv", b"").decode(), newline="")))
        named = {column.name: column for column in columns_of(table)}
        headings = [*(lines[0] if lines else []), *(name for name in named if not lines or name not in lines[0])]
        looks = [_look(named[name]) if name in named else ColumnLook(name, "text") for name in headings]
        meanings = [meaning_of(named[name]) if name in named else Meaning(Kind.TEXT) for name in headings]
        rows = [[_value(cell, kind) for cell, kind in zip(line, meanings, strict=False)] for line in lines[1:]]
        sheets.append(SheetLook(table, looks, rows))
    return workbook_of(sheets)


_SETTINGS = (
    ColumnLook("setting", "text"),
    ColumnLook(
        "value", "", "as_of: the date on which all of this is known, such as 2026-11-23. title: what the county is called."
    ),
)


def _look(column: Column) -> ColumnLook:
    meaning = meaning_of(column)
    choices = ("true", "false") if meaning.kind is Kind.TRUTH else meaning.allowed if meaning.kind is Kind.CHOICE else ()
    return ColumnLook(column.name, FORMAT_OF.get(meaning.kind, "text"), _note(column, meaning), choices, not column.may_be_empty)


def _note(column: Column, meaning: Meaning) -> str:
    takes = SAID.get(meaning.kind) or ("one of " if meaning.kind is Kind.CHOICE else "a list, separated by ';', of ") + ", ".join(
        meaning.allowed
    )
    return f"{'May be empty: ' if column.may_be_empty else 'Needed: '}{takes}"


@cache
def _examples() -> Mapping[str, Mapping[str, str]]:
    """By table and column, a cell of a small county."""
    files = snapshot_files(read_snapshot(bundled(THREE_VILLAGES)).snapshot)
    made: dict[str, dict[str, str]] = {}
    for table in known_tables():
        rows = list(csv.DictReader(io.StringIO(files.get(f"{table}.csv", b"").decode(), newline="")))
        names = rows[0].keys() if rows else ()
        made[table] = {name: next((row[name] for row in rows if row[name]), "") for name in names}
    return made


def _read_me() -> SheetLook:
    """What each column takes, with an example, one below the other."""
    rows: list[list[Value]] = [["", "", said, ""] for said in ABOUT]
    for table in known_tables():
        absent = f"{table}.csv" in MAY_BE_ABSENT
        rows.append([table, "", "this table may stay empty" if absent else "this table is needed", ""])
        for column in columns_of(table):
            rows.append([table, column.name, _note(column, meaning_of(column)), _examples()[table].get(column.name, "")])
    columns = [ColumnLook("in the sheet", "text"), ColumnLook("heading", "text"), ColumnLook("what it takes", "text")]
    return SheetLook(READ_ME, [*columns, ColumnLook("for example", "text")], rows)


def _value(cell: str, meaning: Meaning) -> Value:
    """A strict cell as a spreadsheet has it; as text where a number would lose some of its digits."""
    if not cell:
        return None
    if meaning.kind is Kind.DATE:
        return dt.date.fromisoformat(cell)
    if meaning.kind is Kind.MOMENT:
        moment = dt.datetime.fromisoformat(cell)
        return cell if moment.microsecond or moment.time() == dt.time() else moment
    if meaning.kind is Kind.TIME:
        return dt.time.fromisoformat(cell)
    if meaning.kind is Kind.TRUTH:
        return cell == "true"
    if meaning.kind in (Kind.NUMBER, Kind.POUNDS, Kind.SHARE):
        return float(cell) if Decimal(digits_of(float(cell))) == Decimal(cell) else cell
    return cell
