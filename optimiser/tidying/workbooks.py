"""A workbook (``.xlsx``, ``.ods``) to its sheets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from optimiser.io.faults import Findings
from optimiser.tidying.sheets import BrokenCell, Cell, Sheet
from optimiser.tidying.workbook_parts import Odd, Room, WorkbookRefusedError, odd_cells, packed_again, parts_of

ENDINGS = (".xlsx", ".xlsm", ".ods")
OLD = (".xls", ".xlsb", ".numbers")


def sheets_of_workbook(file: str, raw: bytes, room: Room, findings: Findings) -> list[Sheet]:
    """Every sheet, hidden ones too (which is said); none with a fault where the file is not read.

    ``room``: what it may come to, less by what it has once it is read.
    """
    try:
        parts = parts_of(raw, room)
        odd = odd_cells(parts, room)
        return list(_sheets(file, _opened(parts), odd))
    except WorkbookRefusedError as refused:
        findings.fault(file, 0, "", refused.expected, refused.found)
        return []


def _opened(parts: dict[str, bytes]) -> Any:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_filelike(packed_again(parts))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise WorkbookRefusedError("a workbook that can be opened", "a broken one, or no workbook") from error


def _sheets(file: str, book: Any, odd: dict[str, Odd]) -> Iterable[Sheet]:
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum

    for about in book.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        source = f"{file}, sheet {about.name!r}"
        if about.name not in odd:
            raise WorkbookRefusedError("a workbook as spreadsheets write it", "a sheet that stands nowhere")
        try:
            read = book.get_sheet_by_name(about.name)
            rows = read.to_python(skip_empty_area=False)
            merged = read.merged_cell_ranges or []
        except (CalamineError, ValueError, OverflowError) as error:
            raise WorkbookRefusedError("a workbook that can be read", "a broken sheet") from error
        made = _with_broken(rows, odd[about.name], merged)
        told = ("the sheet is hidden, and was read all the same",) if about.visible is not SheetVisibleEnum.Visible else ()
        yield Sheet(source, about.name, list(enumerate(made, 1)), typed=True, told=told)


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
