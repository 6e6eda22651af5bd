"""Faults written back where they stand: the sheets as they were handed over, with each wrong cell marked and explained."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from optimiser.io.csv_tables import read_text
from optimiser.io.faults import Fault, Findings, clean
from optimiser.io.formatted_workbook import FORBIDDEN, LONGEST_NAME, ColumnLook, SheetLook, Value, workbook_of
from optimiser.io.headings import LOOKED_AT
from optimiser.io.schema import TABLES
from optimiser.tidying.sheets import BrokenCell, Cell, Sheet, place_of

FAULTS = "faults"
LETTERS = re.compile(r"column ([A-Z]{1,3})\b")
NUMBERED = re.compile(r"column (\d+)")


def marked(sheets: Sequence[Sheet], faults: Iterable[Fault], *, show_values: bool = False) -> bytes:
    """A workbook with every fault on its first sheet, and the sheets of which some cell is wrong, marked and explained.

    A cell is found by its row and its column, by letter, number or heading; a fault of a whole row stands at its first cell, one
    of a whole file on the first sheet alone.
    """
    of_file: defaultdict[str, list[Fault]] = defaultdict(list)
    listed = sorted(faults)
    for fault in listed:
        of_file[fault.file].append(fault)
    taken = {FAULTS}
    looks = [_list(listed, show_values=show_values)]
    for sheet in sheets:
        if found := of_file.get(sheet.source):
            looks.append(_sheet(sheet, found, _free(sheet.name, taken)))
    return workbook_of(looks)


def _list(faults: Sequence[Fault], *, show_values: bool) -> SheetLook:
    rows: list[list[Value]] = [
        [fault.file, fault.line or None, fault.column, fault.message(show_values=show_values)] for fault in faults
    ]
    columns = [ColumnLook("where", "text"), ColumnLook("row"), ColumnLook("column", "text"), ColumnLook("what is wrong", "text")]
    return SheetLook(FAULTS, columns, rows)


def _sheet(sheet: Sheet, faults: Sequence[Fault], name: str) -> SheetLook:
    """Its rows as they stand, the first of them as the headings."""
    place_of = {number: place for place, (number, _) in enumerate(sheet.rows)}
    named = _headings(sheet, faults)
    said: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for fault in faults:
        if fault.line in place_of:
            said[place_of[fault.line] - 1, _column(fault, named)].append(clean(f"expected {fault.expected}"))
    width = max([len(cells) for _, cells in sheet.rows] + [column + 1 for _, column in said], default=0)
    rows = [[*map(_value, cells), *[None] * (width - len(cells))] for _, cells in sheet.rows]
    first = rows[0] if rows else []
    columns = [ColumnLook("" if cell is None else str(cell), "") for cell in first]
    return SheetLook(name, columns, rows[1:], {place: "\n".join(dict.fromkeys(each)) for place, each in said.items()})


def _headings(sheet: Sheet, faults: Sequence[Fault]) -> Mapping[str, int]:
    """Where each heading stands, on the line that has most of those that faults name."""
    wanted = {fault.column for fault in faults}
    best = max((cells for _, cells in sheet.rows[:LOOKED_AT]), key=lambda cells: len(wanted & set(map(str, cells))), default=[])
    return {str(cell): place for place, cell in reversed(list(enumerate(best))) if cell != ""}


def _column(fault: Fault, named: Mapping[str, int]) -> int:
    if found := LETTERS.search(fault.column):
        return place_of(found[1])
    if found := NUMBERED.search(fault.column):
        return int(found[1]) - 1
    return named.get(fault.column, 0)


def _value(cell: Cell) -> Value:
    if isinstance(cell, BrokenCell):
        return cell.what
    if isinstance(cell, dt.timedelta):
        return str(cell)
    if isinstance(cell, dt.date) and cell.year < 1901:
        return cell.isoformat()  # before the first day of a workbook
    return cell


def _free(name: str, taken: set[str]) -> str:
    """A name that a workbook takes, and no other sheet has."""
    base = FORBIDDEN.sub(" ", name).strip()[:LONGEST_NAME] or "sheet"
    made, number = base, 2
    while made.casefold() in taken:
        made, number = f"{base[: LONGEST_NAME - 4]} {number}", number + 1
    taken.add(made.casefold())
    return made


def sheets_of_snapshot(folder: Path) -> list[Sheet]:
    """The tables of a strict folder with the lines on which their rows begin, as far as they can be read at all."""
    sheets = []
    for name in TABLES:
        content = read_text(folder, name, Findings()) if (folder / name).exists() else None
        if content is not None:
            sheets.append(Sheet(name, name.removesuffix(".csv"), _rows(content), typed=False))
    return sheets


def _rows(content: str) -> list[tuple[int, Sequence[Cell]]]:
    reader = csv.reader(io.StringIO(content, newline=""))
    rows: list[tuple[int, Sequence[Cell]]] = []
    line = 1
    with suppress(csv.Error):  # what is no CSV ends here, and stands on the first sheet
        for cells in reader:
            rows.append((line, list(cells)))
            line = reader.line_num + 1
    return rows
