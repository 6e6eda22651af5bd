"""A published file to its tables: CSV or a workbook (.xlsx, .ods), with title lines above its headings, or without headings."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimiser.io.csv_tables import read_bytes
from optimiser.io.faults import Findings
from optimiser.tidying.workbook_parts import Room
from optimiser.tidying.workbooks import sheets_of_workbook

TITLE_LINES = 12
"""How many lines may stand above the headings."""
SHOWN_COLUMNS = 12
WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True)
class PublishedTable:
    """``where``: the file, and the sheet of a workbook. ``rows``: with their line, each cell as a text.

    ``is_sheet``: of a workbook, in which empty cells at the end of its rows do not stand.
    """

    where: str
    rows: Sequence[tuple[int, list[str]]]
    is_sheet: bool = False


@dataclass(frozen=True)
class Layout:
    """A layout that is known. ``headings``: by what is read, the names that a release may have for it; the first is told.

    ``optional``: what a release may lack. A heading is compared without case, line breaks and doubled blanks.
    """

    name: str
    headings: dict[str, tuple[str, ...]]
    optional: frozenset[str] = frozenset()

    def places_in(self, cells: Sequence[str]) -> dict[str, int] | None:
        """Where each thing stands; None where these are no headings of this layout."""
        known = {folded(cell): place for place, cell in reversed(list(enumerate(cells))) if cell.strip()}
        places = {}
        for what, names in self.headings.items():
            place = next((known[folded(name)] for name in names if folded(name) in known), None)
            if place is not None:
                places[what] = place
            elif what not in self.optional:
                return None
        return places

    @property
    def expected(self) -> str:
        told = [names[0] for what, names in self.headings.items() if what not in self.optional]
        return f"{self.name} (headings {', '.join(told)})"


@dataclass(frozen=True)
class Record:
    """A line of a table by what it holds."""

    where: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, what: str) -> str:
        return self.cells.get(what, "")


def folded(heading: str) -> str:
    """A heading without case, line breaks and doubled blanks."""
    return re.sub(r"\s+", " ", heading).strip().casefold()


def published_tables(path: Path, findings: Findings) -> list[PublishedTable]:
    """Every table of a file; none with a fault where it cannot be read."""
    raw = read_bytes(path.parent, path.name, findings)
    if raw is None:
        return []
    if raw.startswith(WORKBOOK):
        sheets = sheets_of_workbook(path.name, raw, Room(), findings)
        return [
            PublishedTable(each.source, [(line, list(map(_text, cells))) for line, cells in each.rows], is_sheet=True)
            for each in sheets
        ]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        return [PublishedTable(path.name, [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)])]
    except csv.Error as error:
        findings.fault(path.name, 0, "", "well-formed CSV, or a workbook (.xlsx, .ods)", str(error))
        return []


def _text(cell: Any) -> str:
    """A cell of a workbook as the same CSV would have it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time(0) else cell.isoformat(sep=" ")
    return str(cell)


def records_of(tables: Sequence[PublishedTable], layout: Layout) -> list[Record] | None:
    """The lines below the headings of every table that has this layout; None where none has."""
    found: list[Record] | None = None
    for table in tables:
        for start, (_, cells) in enumerate(table.rows[:TITLE_LINES]):
            places = layout.places_in(cells)
            if places is None:
                continue
            found = [] if found is None else found
            found += [
                Record(table.where, line, {what: row[place].strip() for what, place in places.items() if place < len(row)})
                for line, row in table.rows[start + 1 :]
                if any(cell.strip() for cell in row)
            ]
            break
    return found


def refuse_unknown(path: Path, tables: Sequence[PublishedTable], expected: Sequence[str], findings: Findings) -> None:
    """Says what a file was expected to be, and what it begins with."""
    widest = max(
        (cells for table in tables for _, cells in table.rows[:TITLE_LINES]), key=lambda cells: sum(map(bool, cells)), default=[]
    )
    shown = ", ".join(" ".join(cell.split()) for cell in widest[:SHOWN_COLUMNS]) or "nothing"
    findings.fault(path.name, 0, "", " or ".join(expected), f"{len(widest)} columns: {shown}")


def day_of(text: str) -> dt.date | None:
    """A date of an official file: 20191001, 2019-10-01, 01/10/2019 or 09/Jan/2026, with a time of day behind it or without."""
    for pattern, form in (
        (r"\d{8}", "%Y%m%d"),
        (r"\d{4}-\d\d-\d\d", "%Y-%m-%d"),
        (r"\d\d/\d\d/\d{4}", "%d/%m/%Y"),
        (r"\d\d/[A-Za-z]{3}/\d{4}", "%d/%b/%Y"),
    ):
        if found := re.match(rf"({pattern})(?:$|[ T-])", text.strip(), re.ASCII):
            try:
                return dt.datetime.strptime(found[1], form).replace(tzinfo=dt.UTC).date()
            except ValueError:
                return None
    return None


def lines_of(tables: Sequence[PublishedTable]) -> Iterator[tuple[str, int, list[str]]]:
    """Every line of every table: where, which, and its cells."""
    for table in tables:
        for line, cells in table.rows:
            yield table.where, line, cells
