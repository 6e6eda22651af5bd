"""A CSV file as spreadsheets write it: in several encodings, with several separators, with rows that lack their empty end."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from optimiser.io.faults import Findings
from optimiser.io.headings import LOOKED_AT, SEPARATOR_LINE, SEPARATORS, folded
from optimiser.tidying.sheets import Sheet

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
BLOCK = 16
"""Excel leaves separators at the ends of rows out by blocks of so many rows: all rows of a block are then of one length."""
NAMES = {",": "commas", **SEPARATORS}


def sheet_of_csv(file: str, raw: bytes, known: Iterable[str], findings: Findings) -> Sheet | None:
    """The file's rows; None with a fault where they cannot be told. ``known``: folded headings, which show the separator."""
    told: list[str] = []
    content = _text(file, raw, told, findings)
    if content is None:
        return None
    separator, skipped = _separator(content, set(known))
    if skipped:
        told.append("the line 'sep=' above the headings is left out")
    if separator != ",":
        told.append(f"columns are separated by {NAMES.get(separator, repr(separator))}")
    rows = _rows(file, content, separator, skipped, findings)
    if rows is None:
        return None
    filled = _filled(file, rows, told, findings)
    return Sheet(file, re.sub(r"\.csv$", "", file, flags=re.IGNORECASE), filled, False, separator == ",", tuple(told))


def _text(file: str, raw: bytes, told: list[str], findings: Findings) -> str | None:
    if raw.startswith(UTF_16):
        try:
            told.append("it is in UTF-16")
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            findings.fault(file, 0, "", "text in UTF-16, as its first bytes say", "other bytes")
            return None
    if (at := raw.find(b"\0")) >= 0:
        findings.fault(file, raw.count(b"\n", 0, at) + 1, "", "text", "a NUL byte")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\r" in raw and b"\n" not in raw:
        findings.fault(
            file, 0, "", 'text in UTF-8 (save as "CSV UTF-8")', "text of an old Macintosh, whose letters nobody can tell"
        )
        return None
    try:
        content = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        findings.fault(file, line, "", "text in UTF-8 or Windows-1252", f"byte 0x{raw[error.start]:02x}")
        return None
    told.append("it is no UTF-8 and was read as Windows-1252")
    return content


def _separator(content: str, known: set[str]) -> tuple[str, int]:
    """The character between columns, and how many lines at the top say so and nothing else."""
    first = re.split(r"\r\n|\r|\n", content, maxsplit=1)[0]
    if SEPARATOR_LINE.fullmatch(first):
        named = first.strip('"').partition("=")[2][:1]
        if named:
            return named, 1
    lines = re.split(r"\r\n|\r|\n", content, maxsplit=LOOKED_AT)[:LOOKED_AT]

    def found(separator: str) -> int:
        return max(len({folded(cell.strip('" ')) for cell in line.split(separator)} & known) for line in lines)

    return max(NAMES, key=found), 0  # the comma stands first, so it wins where nothing tells


def _rows(file: str, content: str, separator: str, skipped: int, findings: Findings) -> list[tuple[int, list[str]]] | None:
    """Rows with their numbers as a spreadsheet shows them: a cell may go on over several lines of the file."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True, delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, 1):
            rows.append((number, cells))
    except csv.Error as error:
        findings.fault(file, reader.line_num, "", "well-formed CSV", str(error))
        return None
    return rows[skipped:]


def _filled(
    file: str, rows: Sequence[tuple[int, list[str]]], told: list[str], findings: Findings
) -> list[tuple[int, Sequence[str]]]:
    """Rows of one length. A row that lacks its end is filled with empty cells where Excel's habit explains it, else a fault."""
    width = max((_used(cells) for _, cells in rows), default=0)
    made: list[tuple[int, Sequence[str]]] = []
    short = 0
    headings_seen = False
    for _, block in groupby(rows, key=lambda row: (row[0] - 1) // BLOCK):
        of_block = list(block)
        even = len(of_block) > 1 and len({len(cells) for _, cells in of_block}) == 1
        for number, cells in of_block:
            lacks = width - len(cells)
            headings_seen = headings_seen or lacks <= 0
            if lacks > 0 and any(cells) and headings_seen:
                if not even:
                    findings.fault(file, number, "", f"{width} cells", f"{len(cells)} cells")
                    continue
                short += 1
            made.append((number, [*cells, *[""] * lacks]))
    if short:
        told.append(f"{short} rows end before their last, empty cells, as Excel leaves them out")
    return made


def _used(cells: Sequence[str]) -> int:
    """How many cells there are up to the last that holds something."""
    return max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)
