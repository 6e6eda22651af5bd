"""Which sheet is which table, and which of its columns is which: by names alone, and what only looks like one is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from optimiser.io.account_files import ACCOUNT_FILES, ACTUALS_FILE
from optimiser.io.cells import Column
from optimiser.io.faults import Findings, shown
from optimiser.io.headings import LIKE, LOOKED_AT, folded
from optimiser.tidying.column_map import ColumnMap, TableMap
from optimiser.tidying.sheets import BrokenCell, Cell, Sheet, is_empty, letters_of, without_blanks
from optimiser.tidying.tables import SETTINGS, columns_of, known_tables

OF_ACCOUNTS = (ACTUALS_FILE, *ACCOUNT_FILES)
"""What may lie in a folder beside its snapshot and is read by itself, as it is written."""
ENOUGH = 3
"""So many headings of ours on one line make a sheet look like a table."""


@dataclass(frozen=True)
class Place:
    """A column as it stands in a sheet."""

    index: int
    heading: str
    column: Column | None
    """None: one of the council's own."""

    @property
    def named(self) -> str:
        """As faults name it."""
        return f"{self.column.name if self.column else 'a column'} (column {letters_of(self.index)})"


@dataclass(frozen=True)
class RoughTable:
    """A table found in a sheet: where its headings stand, its columns, and its rows that hold anything."""

    sheet: Sheet
    table: str
    headings_on: int
    titles: int
    """Lines above the headings that hold something."""
    blank_rows: int
    places: Sequence[Place]
    rows: Sequence[tuple[int, Sequence[Cell]]]


def assigned(sheets: Iterable[Sheet], given: ColumnMap, findings: Findings, ignored: list[str]) -> dict[str, Sheet]:
    """By table the sheet that holds it. A sheet that is none of ours but looks like one is a fault; others are ignored."""
    wanted = {_name(each.source): name for name, each in given.tables.items() if each.source}
    passed = {_name(name) for name in given.ignored}
    found: dict[str, Sheet] = {}
    for sheet in sheets:
        name = _name(sheet.name)
        if name in passed:
            ignored.append(f"{sheet.source}: ignored, as the map says")
            continue
        table = wanted.get(name) or (name if name in (*known_tables(), SETTINGS) and not given.table(name).source else "")
        if table in found:
            findings.fault(sheet.source, 0, "", f"one sheet or file with {table}", f"another, beside {found[table].source}")
        elif table:
            found[table] = sheet
        elif not any(not is_empty(cell) for _, cells in sheet.rows for cell in cells):
            ignored.append(f"{sheet.source}: ignored, it is empty")
        elif name in map(_name, OF_ACCOUNTS):
            ignored.append(f"{sheet.source}: ignored, it is read by `optimiser account`")
        elif like := _looks_like(sheet):
            hint = f"the name {like!r} if it holds that, a line 'from' in a map, or its name under 'ignored' there"
            findings.fault(sheet.source, 0, "", hint, "another name of something like it")
        else:
            ignored.append(f"{sheet.source}: ignored, it is no table of a snapshot")
    for name, each in given.tables.items():
        if each.source and name not in found:
            findings.fault(each.source, 0, "", f"a sheet or file of this name for {name}, as the map says", "none")
    return found


def _name(text: str) -> str:
    return folded(re.sub(r"\.csv$", "", text.strip(), flags=re.IGNORECASE))


def _looks_like(sheet: Sheet) -> str:
    """The table that a sheet may be, by its name or its headings; empty where it is like none."""
    words = set(re.split(r"[^a-z]+", _name(sheet.name)))
    by_name = [table for table in known_tables() if table in words or table.rstrip("s") in words]
    if by_name:
        return by_name[0]
    if near := get_close_matches(_name(sheet.name), known_tables(), 1, LIKE):
        return near[0]
    counts = {table: _best_line(sheet, {column.name: column.name for column in columns_of(table)})[0] for table in known_tables()}
    best = max(counts, key=lambda table: counts[table])
    return best if counts[best] >= ENOUGH else ""


def _best_line(sheet: Sheet, known: Mapping[str, str]) -> tuple[int, int]:
    """How many known headings the best of the first lines has, and its place among the rows."""
    best = (0, 0)
    for place, (_, cells) in enumerate(sheet.rows[:LOOKED_AT]):
        count = len({folded(cell) for cell in cells if isinstance(cell, str)} & known.keys())
        if count > best[0]:
            best = (count, place)
    return best


def found_table(sheet: Sheet, table: str, given: TableMap, findings: Findings) -> RoughTable | None:
    """The table in its sheet; None with faults where its headings cannot be told."""
    columns = [column for column in columns_of(table) if column.name not in given.fixed]
    names = {column.name: column for column in columns}
    by_heading = {folded(heading): name for name, heading in given.columns.items()}
    by_heading |= {folded(name): name for name in names if name not in given.columns and folded(name) not in by_heading}
    count, at = _best_line(sheet, by_heading)
    required = [column.name for column in columns if not column.optional]
    if count < min(2, len(required)):
        expected = f"a line with the headings {', '.join(required)} among the first {LOOKED_AT}"
        findings.fault(sheet.source, 0, "", expected, "none")
        return None
    line, cells = sheet.rows[at]
    body = sheet.rows[at + 1 :]
    filled = [row for row in body if not all(map(is_empty, row[1]))]
    places = _places(sheet, line, cells, filled, names, by_heading, given, findings)
    if places is None:
        return None
    titles = sum(not all(map(is_empty, row[1])) for row in sheet.rows[:at])
    last = max((place for place, row in enumerate(body, 1) if not all(map(is_empty, row[1]))), default=0)
    return RoughTable(sheet, table, line, titles, last - len(filled), places, filled)


def _places(
    sheet: Sheet,
    line: int,
    cells: Sequence[Cell],
    rows: Sequence[tuple[int, Sequence[Cell]]],
    names: Mapping[str, Column],
    by_heading: Mapping[str, str],
    given: TableMap,
    findings: Findings,
) -> list[Place] | None:
    before = len(findings.faults)
    width = max([len(cells), *(len(row) for _, row in rows)], default=0)
    made: list[Place] = []
    taken: dict[str, int] = {}
    for index in range(width):
        cell = cells[index] if index < len(cells) else ""
        holds = any(index < len(row) and not is_empty(row[index]) for _, row in rows)
        if is_empty(cell) or isinstance(cell, BrokenCell):
            if holds:
                where = f"column {letters_of(index)}"
                findings.fault(sheet.source, line, where, "a heading, since cells below it hold something", "none")
            continue
        heading = without_blanks(cell) if isinstance(cell, str) else str(cell)
        name = by_heading.get(folded(heading))
        if name is None and folded(heading) in given.fixed:
            expected = f"no column {folded(heading)}, of which the map has one value for every row under 'fixed'"
            findings.fault(sheet.source, line, f"column {letters_of(index)}", expected, "one")
            continue
        if name is not None and name in taken:
            findings.fault(
                sheet.source, line, f"column {letters_of(index)}", f"{name} once", f"it stands in {letters_of(taken[name])} too"
            )
            continue
        if name is not None:
            taken[name] = index
        made.append(Place(index, heading, names[name] if name is not None else None))
    for name, heading in given.columns.items():
        if name not in taken:
            findings.fault(sheet.source, line, name, f"the heading {shown(heading)}, as the map says", "no such heading")
    _absent(sheet, line, made, names, taken, given, findings)
    return made if len(findings.faults) == before else None


def _absent(
    sheet: Sheet,
    line: int,
    made: Sequence[Place],
    names: Mapping[str, Column],
    taken: Mapping[str, int],
    given: TableMap,
    findings: Findings,
) -> None:
    """A fault for each column that has to be there; and one for a heading that may be a column that need not."""
    absent = [name for name in names if name not in taken and name not in given.columns]
    like = {
        near[0]: place
        for place in reversed(made)
        if place.column is None and (near := get_close_matches(folded(place.heading), absent, 1, LIKE))
    }
    for name in absent:
        hint = (
            f" (column {letters_of(like[name].index)} may be it: write {name!r} there, or say so in a map)"
            if name in like
            else ""
        )
        if not names[name].optional:
            findings.fault(sheet.source, line, name, f"this column{hint}", "no such column")
        elif name in like:
            findings.fault(sheet.source, line, name, f"this column or nothing like it{hint}", "a heading like it")
