"""One CSV file to checked rows: every fault with its line and column, nothing repaired."""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from optimiser.io.cells import BadCellError, Column, text
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings, shown
from optimiser.io.headings import (
    LOOKED_AT,
    Headings,
    Record,
    folded,
    headings_of,
    is_separator_line,
    other_separator,
    seem_to_stand_on,
)

MAX_BYTES = 64 * 1024 * 1024
"""A file larger than this is refused unread: ten counties fit in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file, parsed."""

    line: int
    values: tuple[Any, ...]
    """One value per column of the format, in its order; only rows without a fault are rows."""
    own: dict[str, str] = field(default_factory=dict)
    """What stands in columns that the format does not know, by heading, where it is not empty."""

    def __repr__(self) -> str:
        return f"<Row of line {self.line}>"


@dataclass(frozen=True, slots=True)
class Table:
    """A file, parsed: its rows that hold together, and the headings of columns that the format does not know, in their order."""

    rows: list[Row]
    own_columns: tuple[str, ...] = ()


class BadLineError(Exception):
    """A line that is no CSV: where its record starts, and what is wrong."""

    def __init__(self, line: int, problem: str) -> None:
        self.line, self.problem = line, problem
        super().__init__(problem)


SIGNATURES = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "a workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old workbook",
}
"""What a file is that begins with these bytes."""


def read_text(folder: Path, name: str, findings: Findings) -> str | None:
    """A file's text (UTF-8, with or without a byte-order mark), or None with a fault when it cannot be read."""
    raw = read_bytes(folder, name, findings)
    other = next((kind for signature, kind in SIGNATURES.items() if raw and raw.startswith(signature)), None)
    if other is not None:
        findings.fault(name, 0, "", 'text in UTF-8 (a spreadsheet calls it "CSV UTF-8" when saving)', other, code=Code.NOT_UTF_8)
    elif raw is not None:
        at, found = raw.find(b"\0"), "a NUL byte"
        if at < 0:
            try:
                return raw.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                at, found = error.start, f"byte 0x{raw[error.start]:02x}"
        findings.fault(name, raw.count(b"\n", 0, at) + 1, "", "text in UTF-8", found, code=Code.NOT_UTF_8)
    findings.unread(name)
    return None


def read_bytes(folder: Path, name: str, findings: Findings) -> bytes | None:
    """A plain file's bytes. A pipe would keep us waiting for ever, a device need never end: neither is read."""
    try:
        with open(folder / name, "rb", opener=_open_at_once) as stream:  # Path.open takes no opener
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                findings.fault(name, 0, "", "a readable file", "no plain file", code=Code.FILE_UNREADABLE)
                return None
            size = status.st_size
            if size > MAX_BYTES:
                findings.fault(
                    name, 0, "", f"a file of at most {MAX_BYTES // 1024**2} MB", f"{size // 1024**2} MB", code=Code.FILE_TOO_LARGE
                )
                return None
            raw = stream.read(size + 1)
            if len(raw) == size:
                return raw
            findings.fault(name, 0, "", "a file that nobody is writing to", "another size than before", code=Code.FILE_UNREADABLE)
    except FileNotFoundError:
        findings.fault(name, 0, "", "the file", "no such file", code=Code.FILE_ABSENT)
    except OSError as error:
        findings.fault(name, 0, "", "a readable file", error.strerror or "cannot be read", code=Code.FILE_UNREADABLE)
    return None


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def read_table(folder: Path, name: str, columns: Sequence[Column], findings: Findings) -> list[Row]:
    """The rows of a file that hold together, of which only the format's columns count. What does not hold is in ``findings``."""
    return read_whole_table(folder, name, columns, findings, keeps=False).rows


def read_whole_table(folder: Path, name: str, columns: Sequence[Column], findings: Findings, *, keeps: bool = True) -> Table:
    """The same with the columns that the format does not know. ``keeps``: whether they are, which a note then says."""
    content = read_text(folder, name, findings)
    if content is None:
        return Table([])
    if other := other_separator(content, columns):
        line, separators = other
        findings.fault(name, line, "", f"columns separated by commas, not {separators}", code=Code.MALFORMED)
        findings.unread(name)
        return Table([])
    records = records_of(content)
    try:
        if (headings := headings_in(name, records, columns, findings, keeps=keeps)) is not None:
            return _table(name, records, headings, columns, findings, keeps=keeps)
    except BadLineError as error:
        findings.fault(name, error.line, "", "well-formed CSV", error.problem, code=Code.MALFORMED)
    findings.unread(name)
    return Table([])


def headings_in(
    name: str, records: Iterator[Record], columns: Sequence[Column], findings: Findings, *, keeps: bool
) -> Headings | None:
    """What the first line says of the columns; None with faults, also where titles stand above the headings."""
    first = next(records, None)
    if first is not None and is_separator_line(",".join(first[1])):
        findings.note(name, "the line 'sep=' for a spreadsheet is ignored")
        first = next(records, None)
    if first is None:
        findings.fault(name, 1, "", "a header line", "an empty file", code=Code.HEADINGS_ABSENT)
        return None
    there = set(first[1])
    if not all(column.optional or column.name in there for column in columns):
        if line := seem_to_stand_on(first, _next_few(records), columns):
            hint = f"they seem to stand on line {line}: delete the lines above it"
            findings.fault(
                name,
                first[0],
                "",
                f"the headings ({hint})",
                "another line" if any(there) else "an empty line",
                code=Code.HEADINGS_ABSENT,
            )
            return None
        if not any(map(folded, there)):
            findings.fault(name, first[0], "", "a header line", "an empty line", code=Code.HEADINGS_ABSENT)
            return None
    return headings_of(name, first, columns, findings, keeps=keeps)


def _next_few(records: Iterator[Record]) -> list[Record]:
    """The next records, as far as they are CSV."""
    few: list[Record] = []
    with suppress(BadLineError):
        few.extend(islice(records, LOOKED_AT))
    return few


def records_of(content: str) -> Iterator[Record]:
    """The cells of each record, with the line on which it starts: a cell may go on over several. Raises ``BadLineError``."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadLineError(line, str(error)) from None


def _table(
    name: str, records: Iterator[Record], headings: Headings, columns: Sequence[Column], findings: Findings, *, keeps: bool
) -> Table:
    rows = []
    filled: set[int] = set()
    parsers = [cache(column.parse) for column in columns]  # most columns hold few different cells
    take = list(zip(columns, parsers, headings.places, strict=True))
    for line, cells in records:
        if not any(map(str.strip, cells)):
            findings.note(name, "row of empty cells is ignored" if len(cells) > 1 else "blank line is ignored")
            continue
        good = len(cells) in (headings.width, headings.named_width)
        if not good:
            findings.fault(name, line, "", f"{headings.named_width} cells", f"{len(cells)} cells", code=Code.NUMBER_OF_CELLS)
        else:
            if headings.unnamed:
                filled.update(place for place in headings.unnamed if place < len(cells) and cells[place].strip())
            values = []
            for column, parse, place in take:
                cell = "" if place is None else cells[place]
                try:
                    values.append(parse(cell))
                except BadCellError as error:
                    good = False
                    bad_cell(name, line, column, cell, error, findings)
            own = _own_cells(name, line, cells, headings, findings) if keeps else {}
            good = good and own is not None
        if good:
            rows.append(Row(line, tuple(values), own or {}))
        else:
            findings.doubt(name, map(str.strip, cells))
    _unnamed(name, headings, filled, findings, keeps=keeps)
    return Table(rows, tuple(headings.titles[place] for place in sorted({*headings.unknown, *filled})))


def bad_cell(name: str, line: int, column: Column, cell: str, error: BadCellError, findings: Findings) -> None:
    """A fault of a cell, whose value is told as far as it may be."""
    findings.fault(
        name,
        line,
        column.name,
        error.expected,
        cell or "empty",
        personal=column.personal and bool(cell),
        kind=error.kind,
        code=error.code if cell else Code.VALUE_ABSENT,
    )


def _own_cells(name: str, line: int, cells: list[str], headings: Headings, findings: Findings) -> dict[str, str] | None:
    """What stands in columns that the format does not know; None with a fault where that is too much to keep.

    A column without a heading is kept like any other; where several hold something, the file is refused.
    """
    own = {headings.titles[place]: cells[place] for place in headings.unknown if cells[place]}
    own |= {headings.titles[place]: cells[place] for place in headings.unnamed if place < len(cells) and cells[place].strip()}
    for title, cell in own.items():
        try:
            text(cell)
        except BadCellError as error:
            where = f"column {headings.titles.index(title) + 1}"
            findings.fault(name, line, where, error.expected, cell, personal=True, kind=error.kind, code=Code.OWN_COLUMNS)
            return None
    return own


def _unnamed(name: str, headings: Headings, filled: set[int], findings: Findings, *, keeps: bool) -> None:
    """Columns without a heading: notes where they are empty, or all but one; of several, nobody knows which is which."""
    for place in headings.unnamed:
        if place not in filled:
            findings.note(name, "an empty column is ignored")
        elif len(filled) == 1:
            findings.note(name, f"unknown column {shown('')} is {'kept and ' if keeps else ''}ignored")
        else:
            findings.fault(
                name,
                headings.line,
                f"column {place + 1}",
                "a heading, since cells below it hold something",
                "none",
                code=Code.OWN_COLUMNS,
            )
