"""CSV that a spreadsheet may open: a cell that it would take for a formula begins with an apostrophe."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from optimiser.io.cells import Parse

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def escaped(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula. One that looks escaped is escaped once more, and comes back as it was."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def unescaped(cell: str) -> str:
    """The cell as it was."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def unescaping(parse: Parse) -> Parse:
    """How a cell of a table of our own is read: as it was before it was escaped."""
    return lambda cell: parse(unescaped(cell))


def spreadsheet(header: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A table as bytes; what a row does not have is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([escaped(str(row.get(name, ""))) for name in header])
    return text.getvalue().encode()
