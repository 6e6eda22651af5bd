"""The figures of a page for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from api.pages.frame import HEADERS

Cell = str | int | float | bool | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be worked out by a spreadsheet: an apostrophe in front keeps it a text."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES_ARE_UTF_8 = "\ufeff"
"""By which spreadsheets know it."""


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A file of a name with rows under their headings. None is an empty cell; yes and no stand for true and false."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_cell(each) for each in row] for row in rows)
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response((BYTES_ARE_UTF_8 + written.getvalue()).encode(), 200, headers, "text/csv; charset=utf-8")


def workbook_answer(name: str, content: bytes) -> Response:
    """A workbook of a name."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, 200, headers, XLSX)


def _cell(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
