"""Every CSV file that is written: for people, whose spreadsheet may open it, and exact ones that are a snapshot's.

In a table for people, text that a spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers. Readers
of our own tables take the apostrophe off again (``unescaping``). What is read as it stands (a
snapshot, the ids of an allocation) is written to the letter.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence

from optimiser.io.cells import Parse

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def escaped(cell: str) -> str:
    """Text that no spreadsheet takes for a formula. What looks escaped is escaped once more, and comes back as it was."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def unescaped(cell: str) -> str:
    """The cell as it was."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def unescaping(parse: Parse) -> Parse:
    """How a cell of a table of our own is read: as it was before it was escaped."""
    return lambda cell: parse(unescaped(cell))


def spreadsheet(header: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A table for people; what a row does not have is empty."""
    return spreadsheet_of_lines(header, ([row.get(name, "") for name in header] for row in rows))


def spreadsheet_of_lines(header: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    """The same, where two columns may have one heading."""
    return exact_table(map(_safe, header), (map(_safe, line) for line in lines))


def exact_table(header: Iterable[object], lines: Iterable[Iterable[object]]) -> bytes:
    """A file of a snapshot, or one of which every cell is safe."""
    text = _Lines()
    writer = csv.writer(text, lineterminator=_Lines.END)
    writer.writerow(header)
    writer.writerows(lines)
    return "".join(text.lines).encode()


class _Lines:
    """Takes what is written, line by line. A cell with a part of a line's end in it is put in quotes, also a carriage return."""

    END = "\r\n"

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line.removesuffix(self.END) + "\n")


def _safe(cell: object) -> object:
    return escaped(cell) if isinstance(cell, str) else cell
