"""Records of visits in a workbook: the same bytes as from the CSV file, the same faults, and what is no sheet of records."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from optimiser.io.actual_files import ACTUALS, MOMENTS, read_actuals
from optimiser.io.faults import InputRefusedError
from optimiser.io.formatted_workbook import ColumnLook, SheetLook, workbook_of
from optimiser.tidying.records_sheet import as_csv, sheet_as_csv

FILE = Path("data/three_villages/actuals.csv")
PLAIN = list(csv.reader(FILE.read_text(encoding="utf-8").splitlines()))
HEADINGS = PLAIN[0]
ABOUT = SheetLook("about", [ColumnLook("what")], [["October's export"]])


def value(heading: str, cell: str) -> Any:
    """As a spreadsheet holds it."""
    if not cell:
        return None
    if heading in MOMENTS:
        return dt.datetime.fromisoformat(cell)
    if heading == "date":
        return dt.date.fromisoformat(cell)
    return int(cell) if heading in ("workers", "planned_minutes") else cell


def rows_of(plain: Sequence[Sequence[str]]) -> list[list[Any]]:
    return [[value(heading, cell) for heading, cell in zip(HEADINGS, row, strict=True)] for row in plain]


def workbook(rows: Sequence[Sequence[Any]], *others: SheetLook, headings: Sequence[str] = HEADINGS) -> bytes:
    return workbook_of([*others, SheetLook("visits", [ColumnLook(each) for each in headings], rows)])


def faults(content: bytes) -> list[str]:
    with pytest.raises(InputRefusedError) as refused:
        sheet_as_csv("sent.xlsx", content, ACTUALS, MOMENTS)
    return [each.message() for each in refused.value.faults]


def test_a_workbook_is_the_file_that_it_was_made_of_to_the_byte() -> None:
    assert sheet_as_csv("sent.xlsx", workbook(rows_of(PLAIN[1:]), ABOUT), ACTUALS, MOMENTS) == FILE.read_bytes()


def test_a_visit_at_midnight_and_one_to_the_second() -> None:
    row = dict(zip(HEADINGS, rows_of(PLAIN[1:2])[0], strict=True))
    row |= {"arrived": dt.datetime(2026, 10, 27), "left": dt.datetime(2026, 10, 27, 0, 30, 7)}
    made = sheet_as_csv("sent.xlsx", workbook([list(row.values())]), ACTUALS, MOMENTS).decode()
    assert "2026-10-27T00:00,2026-10-27T00:30:07," in made


def test_faults_are_those_of_the_file_at_the_rows_of_the_sheet(tmp_path: Path) -> None:
    """Row 2 is good, row 3 is empty, row 4 has no date and half a care worker, row 5 a date as text of another form."""
    rows = rows_of(PLAIN[1:4])
    of = {name: HEADINGS.index(name) for name in HEADINGS}
    rows[1][of["date"]], rows[1][of["workers"]] = None, 0.5
    rows[2][of["date"]] = "26/10/2026"
    rows.insert(1, [])
    file = tmp_path / "visits.xlsx"
    file.write_bytes(workbook(rows))
    with as_csv(file, ACTUALS, MOMENTS) as plain, pytest.raises(InputRefusedError) as refused:
        read_actuals(plain)
    where = [(each.file, each.line, each.column) for each in refused.value.faults]
    assert where == [("visits.xlsx", 4, "date"), ("visits.xlsx", 4, "workers"), ("visits.xlsx", 5, "date")]
    assert not plain.exists(), "nothing is left of it"


def test_a_file_that_is_no_workbook_is_itself(tmp_path: Path) -> None:
    with as_csv(FILE, ACTUALS, MOMENTS) as plain:
        assert plain == FILE
    with as_csv(tmp_path / "none.xlsx", ACTUALS, MOMENTS) as missing, pytest.raises(InputRefusedError):
        read_actuals(missing)


def test_what_is_no_sheet_of_records() -> None:
    two = SheetLook("more", [ColumnLook(each) for each in HEADINGS], rows_of(PLAIN[1:2]))
    assert "found ''more', 'visits''" in faults(workbook(rows_of(PLAIN[1:2]), two))[0]
    assert "'about', 'visits'" in faults(workbook([["x"]], ABOUT, headings=["other"]))[0]
    assert "no sheet with cells" in faults(workbook_of([SheetLook("empty", [], [])]))[0]
    assert "a workbook that can be opened" in faults(b"no workbook")[0]
