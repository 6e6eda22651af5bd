"""Records of visits in a workbook: its one sheet of them as the strict CSV file that it stands for, row for row.

Nothing is guessed: a cell becomes what its kind is in the format (a date, a moment, a figure), and the reader of the file is the
judge. Its faults name the workbook, and their lines are the rows that the spreadsheet shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from optimiser.io.cells import Column
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.headings import folded
from optimiser.io.leftovers import hidden_folder
from optimiser.io.spreadsheets import exact_table
from optimiser.tidying.sheets import BrokenCell, Cell, Sheet, is_empty, letters_of
from optimiser.tidying.times import whole_second
from optimiser.tidying.workbook_parts import Room
from optimiser.tidying.workbooks import ENDINGS, sheets_of_workbook

HIDDEN = ".optimiser-records-"


@contextmanager
def as_csv(file: Path, columns: Sequence[Column], moments: Sequence[str]) -> Iterator[Path]:
    """The file itself, or what a workbook's sheet stands for, which is gone at the end.

    ``columns``: those of the format; ``moments``: which of them hold days with a time. Raises ``InputRefusedError``.
    """
    if file.suffix.lower() not in ENDINGS or not file.is_file():
        yield file
        return
    with hidden_folder(HIDDEN) as folder:
        made = folder / file.name  # faults say so what they are about
        made.write_bytes(sheet_as_csv(file.name, file.read_bytes(), columns, moments))
        yield made


def sheet_as_csv(name: str, workbook: bytes, columns: Sequence[Column], moments: Sequence[str]) -> bytes:
    """The CSV file. ``name``: what faults call the workbook. Raises ``InputRefusedError`` with every fault."""
    findings = Findings()
    sheets = [each for each in sheets_of_workbook(name, workbook, Room(), findings) if any(map(_holds, each.rows))]
    if not findings.faults:
        sheet = _of_records(name, sheets, columns, findings)
    if findings.faults or sheet is None:
        raise InputRefusedError(findings.faults)
    rows = [list(cells) for _, cells in sheet.rows]
    while not any(not is_empty(cell) for cell in rows[-1]):
        rows.pop()
    first = next(row for row in rows if any(not is_empty(cell) for cell in row))
    headings = [folded(cell) if isinstance(cell, str) else "" for cell in first]
    width = 1 + max(at for row in rows for at, cell in enumerate(row) if not is_empty(cell))
    lines = []
    for number, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if isinstance(cell, BrokenCell):
                findings.fault(name, number, headings[at] if at < len(headings) else letters_of(at), "a value", cell.what)
        told = [_text(cell, headings[at] in moments if at < len(headings) else False) for at, cell in enumerate(row[:width])]
        lines.append(told if any(told) else [])
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return exact_table(lines[0], lines[1:])


def _holds(row: tuple[int, Sequence[Cell]]) -> bool:
    return any(not is_empty(cell) for cell in row[1])


def _of_records(name: str, sheets: Sequence[Sheet], columns: Sequence[Column], findings: Findings) -> Sheet | None:
    """The only sheet, or the only one whose headings are those of the format."""
    if len(sheets) == 1:
        return sheets[0]
    needed = {column.name for column in columns if not column.optional}
    fitting = [each for each in sheets if needed <= _headings(each)]
    if len(fitting) == 1:
        return fitting[0]
    found = ", ".join(repr(each.name) for each in fitting or sheets) or "no sheet with cells"
    findings.fault(name, 0, "", f"one sheet with the headings {', '.join(sorted(needed))}", found)
    return None


def _headings(sheet: Sheet) -> set[str]:
    first = next(cells for number, cells in sheet.rows if _holds((number, cells)))
    return {folded(cell) for cell in first if isinstance(cell, str)}


def _text(cell: Cell, is_moment: bool) -> str:
    """As the format writes it. What is of another kind than its column stays what it is, and is a fault there."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return f"{Decimal(repr(cell)):f}".removesuffix(".0")
    if isinstance(cell, dt.datetime):
        moment = whole_second(cell)
        if moment.time() == dt.time() and not is_moment:
            return moment.date().isoformat()
        return moment.isoformat(timespec="auto" if moment.second or moment.microsecond else "minutes")
    if isinstance(cell, dt.date) and is_moment:
        return f"{cell.isoformat()}T00:00"
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
