"""A workbook (``.xlsx``, ``.ods``) to its sheets."""

from __future__ import annotations

from typing import Any

from optimiser.io.faults import Findings
from optimiser.tidying.sheets import BrokenCell, Cell, Sheet
from optimiser.tidying.workbook_parts import Odd, Room, WorkbookRefusedError, odd_cells, packed_again, parts_of
from optimiser.tidying.workbook_reader import ReadSheet, read_sheets

ENDINGS = (".xlsx", ".xlsm", ".ods")
OLD = (".xls", ".xlsb", ".numbers")


def sheets_of_workbook(file: str, raw: bytes, room: Room, findings: Findings) -> list[Sheet]:
    """Every sheet, hidden ones too (which is said); none with a fault where the file is not read.

    ``room``: what it may come to, less by what it has once it is read.
    """
    try:
        parts = parts_of(raw, room)
        odd = odd_cells(parts, room)
        return [_sheet(file, read, odd) for read in read_sheets(packed_again(parts))]
    except WorkbookRefusedError as refused:
        findings.fault(file, 0, "", refused.expected, refused.found)
        return []


def _sheet(file: str, read: ReadSheet, odd: dict[str, Odd]) -> Sheet:
    if read.name not in odd:
        raise WorkbookRefusedError("a workbook as spreadsheets write it", "a sheet that stands nowhere")
    made = _with_broken(read.rows, odd[read.name], read.merged)
    told = ("the sheet is hidden, and was read all the same",) if read.is_hidden else ()
    return Sheet(f"{file}, sheet {read.name!r}", read.name, list(enumerate(made, 1)), typed=True, told=told)


def _with_broken(rows: list[list[Any]], odd: Odd, merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> list[list[Cell]]:
    """The rows with their mistakes where the reader left nothing. Of merged cells, all but the first hold nothing."""
    made: list[list[Cell]] = [list(row) for row in rows]
    for (row, column), what in odd.cells.items():
        _put(made, row, column, BrokenCell(what))
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom, len(made) - 1) + 1):
            for column in range(left, min(right, len(made[row]) - 1) + 1):
                if (row, column) != (top, left) and made[row][column] == "":
                    made[row][column] = BrokenCell("a part of merged cells")
    return made


def _put(rows: list[list[Cell]], row: int, column: int, cell: Cell) -> None:
    while len(rows) <= row:
        rows.append([])
    rows[row] += [""] * (column + 1 - len(rows[row]))
    rows[row][column] = cell
