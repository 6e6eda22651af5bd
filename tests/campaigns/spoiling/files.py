"""Sheets to the bytes of a file: a workbook of Excel's kind, one of LibreOffice's kind, CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from tests.campaigns.spoiling.programs import Value


@dataclass(frozen=True)
class Broken:
    """A formula: with an error for its result, or (empty) never worked out."""

    error: str


Cell = Value | Broken
Rows = list[list[Cell]]


@dataclass
class Looks:
    """How a workbook is made."""

    from_1904: bool = False
    hidden: bool = False
    merged: str = ""
    """The heading of a column in which cells are merged that hold the same."""
    formats: Mapping[str, str] = field(
        default_factory=lambda: {"date": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm", "time": "hh:mm"}
    )


def workbook(sheets: Mapping[str, Rows], looks: Looks) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "date_1904": looks.from_1904})
    formats = {name: book.add_format({"num_format": pattern}) for name, pattern in looks.formats.items()}
    for number, (name, rows) in enumerate(sheets.items()):
        sheet = book.add_worksheet(name)
        if looks.hidden and number == 1:
            sheet.hide()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                _put(sheet, row, column, cell, formats)
        if (same := _same(rows, looks.merged)) is not None:
            row, column = same
            sheet.merge_range(row, column, row + 1, column, str(rows[row][column]), formats["date"])
    book.close()
    return made.getvalue()


def _same(rows: Rows, heading: str) -> tuple[int, int] | None:
    """Where two cells that hold the same stand below each other."""
    found = [(row, column) for row, cells in enumerate(rows) for column, cell in enumerate(cells) if cell == heading]
    if not heading or not found:
        return None
    top, column = found[0]
    cells = [row[column] if column < len(row) else "" for row in rows]
    return next(((row, column) for row in range(top + 1, len(rows) - 1) if cells[row] and cells[row] == cells[row + 1]), None)


def _put(sheet: Any, row: int, column: int, cell: Cell, formats: Mapping[str, Any]) -> None:
    if isinstance(cell, Broken):
        sheet.write_formula(row, column, "=1/0", None, cell.error)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, dt.datetime):
        sheet.write_datetime(row, column, cell, formats["moment"])
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, column, cell, formats["date"])
    elif isinstance(cell, dt.time):
        sheet.write_datetime(row, column, cell, formats["time"])
    elif cell:
        sheet.write_string(row, column, cell)


OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' office:version="1.3"><office:body><office:spreadsheet>'
)
CLOSE = "</office:spreadsheet></office:body></office:document-content>"
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    ' manifest:version="1.3"><manifest:file-entry manifest:full-path="/"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml"'
    ' manifest:media-type="text/xml"/></manifest:manifest>'
)


def open_document(sheets: Mapping[str, Rows]) -> bytes:
    """As LibreOffice writes it: the rows below the last go on, empty, to the end of the sheet."""
    body = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_row, rows))}"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row></table:table>"
        for name, rows in sheets.items()
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", OPEN + body + CLOSE)
    return made.getvalue()


def _row(cells: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Broken):
        if not cell.error:
            return '<table:table-cell table:formula="of:=[.A1]"/>'
        return (
            '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
            f' calcext:value-type="error"><text:p>{escape(cell.error)}</text:p></table:table-cell>'
        )
    kind, value = "string", ""
    if isinstance(cell, bool):
        kind, value = "boolean", f' office:boolean-value="{str(cell).lower()}"'
    elif isinstance(cell, float):
        kind, value = "float", f' office:value="{cell:.15g}"'
    elif isinstance(cell, dt.datetime | dt.date):
        kind, value = "date", f' office:date-value="{cell.isoformat()}"'
    elif isinstance(cell, dt.time):
        kind, value = "time", f' office:time-value="PT{cell.hour:02}H{cell.minute:02}M{cell.second:02}S"'
    elif not cell:
        return "<table:table-cell/>"
    text = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(cell).split("\n"))
    return f'<table:table-cell office:value-type="{kind}"{value}>{text}</table:table-cell>'


def comma_separated(rows: Sequence[Sequence[str]], separator: str, end: str = "\r\n") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
    return text.getvalue()
