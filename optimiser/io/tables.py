"""One CSV file to checked rows: every fault with its line and column, nothing repaired."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimiser.io.cells import BadCellError, Column
from optimiser.io.faults import Findings

MAX_BYTES = 64 * 1024 * 1024
"""A file larger than this is refused unread: ten counties fit in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file, parsed."""

    line: int
    values: tuple[Any, ...]
    """One value per column of the format, in its order; only rows without a fault are rows."""


def read_bytes(folder: Path, name: str, findings: Findings) -> bytes | None:
    """A file's bytes, or None with a fault when it cannot be read or is too large."""
    try:
        path = folder / name
        size = path.stat().st_size
        if size > MAX_BYTES:
            findings.fault(name, 0, "", f"a file of at most {MAX_BYTES // 1024**2} MB", f"{size // 1024**2} MB")
            return None
        return path.read_bytes()
    except FileNotFoundError:
        findings.fault(name, 0, "", "the file", "no such file")
    except OSError as error:
        findings.fault(name, 0, "", "a readable file", error.strerror or "cannot be read")
    return None


def decode(raw: bytes, name: str, findings: Findings) -> str | None:
    """UTF-8, with or without a byte-order mark."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        findings.fault(name, line, "", "text in UTF-8", f"byte 0x{raw[error.start]:02x}")
        return None


def read_table(folder: Path, name: str, columns: Sequence[Column], findings: Findings) -> list[Row]:
    """The rows of a file that hold together. What does not is in ``findings``."""
    raw = read_bytes(folder, name, findings)
    content = None if raw is None else decode(raw, name, findings)
    if content is None:
        return []
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        header = next(reader, None)
        if header is None:
            findings.fault(name, 1, "", "a header line", "an empty file")
            return []
        places = _places(name, header, columns, findings)
        if places is None:
            return []
        return _rows(name, reader, len(header), places, columns, findings)
    except csv.Error as error:
        findings.fault(name, reader.line_num, "", "well-formed CSV", str(error))
        return []


def _places(name: str, header: list[str], columns: Sequence[Column], findings: Findings) -> list[int | None] | None:
    """Where each column of the format stands in the file; None when the header has faults."""
    before = len(findings.faults)
    for title in sorted({title for title in header if header.count(title) > 1}):
        findings.fault(name, 1, title, "each column once", title)
    known = {column.name for column in columns}
    for title in header:
        if title not in known:
            findings.note(name, f"unknown column {title!r} is ignored")
    places: list[int | None] = []
    for column in columns:
        if column.name in header:
            places.append(header.index(column.name))
        else:
            places.append(None)
            if not column.optional:
                findings.fault(name, 1, column.name, "this column", "no such column")
    return places if len(findings.faults) == before else None


def _rows(
    name: str, reader: Any, width: int, places: list[int | None], columns: Sequence[Column], findings: Findings
) -> list[Row]:
    rows = []
    take = list(zip(columns, [column.parse for column in columns], places, strict=True))
    last = reader.line_num
    for cells in reader:
        line, last = last + 1, reader.line_num
        if not cells:
            findings.note(name, "blank line is ignored")
            continue
        if len(cells) != width:
            findings.fault(name, line, "", f"{width} cells", f"{len(cells)} cells")
            continue
        values, good = [], True
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
    return rows
