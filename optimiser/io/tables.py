"""One CSV file to checked rows: every fault with its line and column, nothing repaired."""

from __future__ import annotations

import csv
import io
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimiser.io.cells import BadCellError, Column
from optimiser.io.faults import Findings, shown

MAX_BYTES = 64 * 1024 * 1024
"""A file larger than this is refused unread: ten counties fit in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file, parsed."""

    line: int
    values: tuple[Any, ...]
    """One value per column of the format, in its order; only rows without a fault are rows."""

    def __repr__(self) -> str:
        return f"<Row of line {self.line}>"


class _BadLineError(Exception):
    """A line that is no CSV: where its record starts, and what is wrong."""

    def __init__(self, line: int, problem: str) -> None:
        self.line, self.problem = line, problem
        super().__init__(problem)


def read_text(folder: Path, name: str, findings: Findings) -> str | None:
    """A file's text (UTF-8, with or without a byte-order mark), or None with a fault when it cannot be read."""
    raw = _read_bytes(folder, name, findings)
    if raw is not None:
        at, found = raw.find(b"\0"), "a NUL byte"
        if at < 0:
            try:
                return raw.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                at, found = error.start, f"byte 0x{raw[error.start]:02x}"
        findings.fault(name, raw.count(b"\n", 0, at) + 1, "", "text in UTF-8", found)
    findings.unread(name)
    return None


def _read_bytes(folder: Path, name: str, findings: Findings) -> bytes | None:
    """A plain file's bytes. A pipe would keep us waiting for ever, a device need never end: neither is read."""
    try:
        with open(folder / name, "rb", opener=_open_at_once) as stream:  # Path.open takes no opener
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                findings.fault(name, 0, "", "a readable file", "no plain file")
                return None
            size = status.st_size
            if size > MAX_BYTES:
                findings.fault(name, 0, "", f"a file of at most {MAX_BYTES // 1024**2} MB", f"{size // 1024**2} MB")
                return None
            raw = stream.read(size + 1)
            if len(raw) == size:
                return raw
            findings.fault(name, 0, "", "a file that nobody is writing to", "another size than before")
    except FileNotFoundError:
        findings.fault(name, 0, "", "the file", "no such file")
    except OSError as error:
        findings.fault(name, 0, "", "a readable file", error.strerror or "cannot be read")
    return None


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def read_table(folder: Path, name: str, columns: Sequence[Column], findings: Findings) -> list[Row]:
    """The rows of a file that hold together. What does not is in ``findings``."""
    content = read_text(folder, name, findings)
    if content is None:
        return []
    first = content.partition("\n")[0]
    if ";" in first and "," not in first:
        findings.fault(name, 1, "", "columns separated by commas, not semicolons")
        findings.unread(name)
        return []
    records = _records(content)
    try:
        _, header = next(records, (1, []))
        if not header:
            findings.fault(name, 1, "", "a header line", "an empty file" if not content else "an empty line")
        elif (places := _places(name, header, columns, findings)) is not None:
            return _rows(name, records, len(header), places, columns, findings)
    except _BadLineError as error:
        findings.fault(name, error.line, "", "well-formed CSV", error.problem)
    findings.unread(name)
    return []


def _records(content: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each record, with the line on which it starts (a cell may go on over several lines)."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise _BadLineError(line, str(error)) from None


def _places(name: str, header: list[str], columns: Sequence[Column], findings: Findings) -> list[int | None] | None:
    """Where each column of the format stands in the file; None when the header has faults.

    A heading that is not ours is told by its position alone where there are faults: without its header, a file begins
    with the cells of a person.
    """
    before = len(findings.faults)
    known = {column.name for column in columns}
    counts = Counter(header)
    first = {title: place for place, title in reversed(list(enumerate(header)))}
    for title in sorted(title for title, count in counts.items() if count > 1):
        where = title if title in known else f"column {first[title] + 1}"
        findings.fault(name, 1, where, "each column once", title if title in known else "an unknown column")
    places: list[int | None] = []
    for column in columns:
        places.append(first.get(column.name))
        if column.name not in first and not column.optional:
            findings.fault(name, 1, column.name, "this column", "no such column")
    if len(findings.faults) > before:
        return None
    for title in first.keys() - known:
        findings.note(name, f"unknown column {shown(title)} is ignored")
    return places


def _rows(
    name: str,
    records: Iterator[tuple[int, list[str]]],
    width: int,
    places: list[int | None],
    columns: Sequence[Column],
    findings: Findings,
) -> list[Row]:
    rows = []
    take = list(zip(columns, [column.parse for column in columns], places, strict=True))
    for line, cells in records:
        if not cells:
            findings.note(name, "blank line is ignored")
            continue
        good = len(cells) == width
        if not good:
            findings.fault(name, line, "", f"{width} cells", f"{len(cells)} cells")
        else:
            values = []
            for column, parse, place in take:
                cell = "" if place is None else cells[place]
                try:
                    values.append(parse(cell))
                except BadCellError as error:
                    good = False
                    found = cell or "empty"
                    findings.fault(
                        name, line, column.name, error.expected, found,
                        personal=column.personal and bool(cell), kind=error.kind,
                    )  # fmt: skip
        if good:
            rows.append(Row(line, tuple(values)))
        else:
            findings.doubt(name, map(str.strip, cells))
    return rows
