"""A formatted workbook: filters, widths, dates that are dates, drop-downs, notes; and text that is text, whatever it looks like.

Nothing of the data ever becomes a formula, a link or a number that it was not: text is written as text. The same sheets give the
same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Value = str | int | float | Decimal | bool | dt.date | dt.datetime | dt.time | None
MADE = dt.datetime(2026, 1, 1)
"""What a workbook says of when it was made: it would differ between equal ones."""
WIDEST, NARROWEST = 60, 9
MEASURED = 200
"""So many rows show how wide a column is."""
LONGEST_LIST = 255
"""A drop-down holds so many characters."""
LONGEST_CELL = 32_767
"""What a cell of a workbook holds; more stays out, and the cell says so."""
LONGEST_NAME = 31
"""What a workbook calls a sheet has no more characters, and none of these."""
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
FORMATS = {
    "text": "@",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm:ss",
    "time": "hh:mm",
    "number": "0.######",
    "pounds": "0.00",
    "": "General",
}
FLAGGED = "#F8CBAD"


@dataclass(frozen=True)
class ColumnLook:
    """A column of a sheet. ``format``: one of ``FORMATS``, of cells that are still empty, too."""

    heading: str
    format: str = ""
    note: str = ""
    choices: Sequence[str] = ()
    needed: bool = False


@dataclass(frozen=True)
class SheetLook:
    """A sheet: its columns, its rows, and what is marked in it."""

    name: str
    columns: Sequence[ColumnLook]
    rows: Sequence[Sequence[Value]]
    marked: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By row (0: the first below the headings, -1: the headings) and column, what is said of a cell."""


def workbook_of(sheets: Sequence[SheetLook]) -> bytes:
    """The workbook's bytes."""
    import xlsxwriter

    made = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"created": MADE})
        formats = {name: book.add_format({"num_format": pattern, "valign": "top"}) for name, pattern in FORMATS.items()}
        flagged = {
            name: book.add_format({"num_format": pattern, "valign": "top", "bg_color": FLAGGED})
            for name, pattern in FORMATS.items()
        }
        heading = book.add_format({"bold": True, "bottom": 1, "valign": "top", "num_format": "@"})
        needed = book.add_format({"bold": True, "bottom": 1, "valign": "top", "num_format": "@", "bg_color": "#DDEBF7"})
        wrong = book.add_format({"bold": True, "bottom": 1, "valign": "top", "num_format": "@", "bg_color": FLAGGED})
        for look in sheets:
            _write(book.add_worksheet(look.name), look, formats, flagged, (heading, needed, wrong))
    return made.getvalue()


def _write(
    sheet: Any, look: SheetLook, formats: Mapping[str, Any], flagged: Mapping[str, Any], headings: tuple[Any, Any, Any]
) -> None:
    plain, needed, wrong = headings
    for place, column in enumerate(look.columns):
        style = wrong if (-1, place) in look.marked else needed if column.needed else plain
        sheet.write_string(0, place, column.heading, style)
        sheet.set_column(place, place, _width(look, place), formats[column.format])
        said = "\n".join(filter(None, (look.marked.get((-1, place)), column.note)))
        if said:
            sheet.write_comment(0, place, said, {"author": "", "x_scale": 2})
        if column.choices and len(",".join(column.choices)) <= LONGEST_LIST:
            sheet.data_validation(1, place, 100_000, place, {"validate": "list", "source": list(column.choices)})
    for row, cells in enumerate(look.rows):
        for place, value in enumerate(cells):
            said = look.marked.get((row, place), "")
            column = look.columns[place] if place < len(look.columns) else ColumnLook("")
            _put(sheet, row + 1, place, value, column.format, flagged if said else formats)
            if said:
                sheet.write_comment(row + 1, place, said, {"author": "", "x_scale": 2})
    sheet.freeze_panes(1, 1)
    if look.columns:
        sheet.autofilter(0, 0, max(1, len(look.rows)), len(look.columns) - 1)


def _put(sheet: Any, row: int, column: int, value: Value, given: str, formats: Mapping[str, Any]) -> None:
    """One cell, by the kind of its value; an empty one keeps its column's look."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, formats[given])
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, formats[given])
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value, formats[given])
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, column, value, formats["moment"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, dt.time):
        sheet.write_datetime(row, column, value, formats["time"])
    else:
        short = value if len(value) <= LONGEST_CELL else value[: LONGEST_CELL - 40] + "… (more than a cell can hold)"
        sheet.write_string(row, column, short, formats["text"])


def _width(look: SheetLook, place: int) -> int:
    cells = [str(row[place]) for row in look.rows[:MEASURED] if place < len(row) and row[place] is not None]
    longest = max([len(look.columns[place].heading) + 3, *(len(cell) for cell in cells)])
    return min(WIDEST, max(NARROWEST, longest + 1))
