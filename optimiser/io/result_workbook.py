"""A folder of results as one formatted workbook: a sheet for each of its tables, and what ``result.json`` says of the whole.

Dates are dates and figures figures; ids and words are text, whatever they look like.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from optimiser.io.cells import DATE, MOMENT
from optimiser.io.csv_tables import read_text
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.folders import OUR_FILES
from optimiser.io.formatted_workbook import ColumnLook, SheetLook, Value, workbook_of
from optimiser.io.spreadsheets import unescaped

ABOUT, LEVELS, PAGE = "about", "levels", "page"
DECIMALS = 6
FIGURE = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,6})?", re.ASCII)
"""A number that comes out of a workbook as it went in: no zeros before it, no more digits than are kept."""
IDS = re.compile(r"(^|_)ids?$|^(package|person|provider|contract|area|round|visit|offer|office|skill|line)$|_by$|^name$")
"""Headings of ids and words, whose figures are no figures."""


def result_workbook(folder: Path) -> bytes:
    """The workbook's bytes; the same for the same folder. Raises ``InputRefusedError`` where it is no folder of results."""
    findings = Findings()
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    tables = [name for name in names if name in OUR_FILES and name.endswith(".csv")]
    if not tables:
        findings.fault(folder.name or str(folder), 0, "", "a folder with results, in which at least one table stands", "none")
        raise InputRefusedError(findings.faults)
    sheets = _of_record(folder, findings) if "result.json" in names else []
    for name in tables:
        content = read_text(folder, name, findings)
        if content is not None:
            sheets.append(_sheet(name.removesuffix(".csv"), list(csv.reader(io.StringIO(content, newline="")))))
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return workbook_of(sheets)


def record_workbook(record: Mapping[str, Any], tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> bytes:
    """The workbook of a result that lies in no folder. ``record``: what ``result.json`` says; ``tables``: what stands beside it.

    Every list of objects in the record is a sheet of its own; what is nested in its rows is told by names with dots.
    """
    lists = {name: value for name, value in record.items() if name != LEVELS and _is_table(value)}
    sheets = [_sheet(name.replace("_", "-"), _lines_of(rows), str) for name, rows in {**tables, **lists}.items() if rows]
    return workbook_of([*_sheets_of_record(record), *sheets])


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _lines_of(rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    flat = [_flat(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    return [names, *([row.get(name, "") for name in names] for row in flat)]


def _flat(row: Mapping[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in row.items():
        found |= _flat(value, f"{before}{name}.") if isinstance(value, dict) and value else {before + name: _told(value)}
    return found


def _told(value: Any) -> str:
    """A value as a file of ours would tell it."""
    if value is None or value in ({}, []):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return "; ".join(map(_told, value))
    return json.dumps(value, sort_keys=True, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _of_record(folder: Path, findings: Findings) -> list[SheetLook]:
    """What the result says of itself, and its levels in order where it has any."""
    content = read_text(folder, "result.json", findings)
    try:
        record = json.loads(content or "{}")
    except ValueError as error:
        findings.fault("result.json", 0, "", "well-formed JSON", str(error))
        return []
    if not isinstance(record, dict):
        findings.fault("result.json", 0, "", "an object", "another value")
        return []
    return _sheets_of_record(record)


def _sheets_of_record(record: Mapping[str, Any]) -> list[SheetLook]:
    said = [(name, value) for name, value in record.items() if not isinstance(value, dict | list) and name != PAGE]
    sheets = [
        SheetLook(ABOUT, [ColumnLook("what", "text"), ColumnLook("value")], [[name, _plain(value)] for name, value in said])
    ]
    levels = record.get("levels")
    if isinstance(levels, list) and all(isinstance(level, dict) for level in levels) and levels:
        sheets.append(_levels(levels))
    return sheets


def _levels(levels: Sequence[Mapping[str, Any]]) -> SheetLook:
    names = list(dict.fromkeys(name for level in levels for name, value in level.items() if not isinstance(value, dict | list)))
    return SheetLook(
        LEVELS, [ColumnLook(name) for name in names], [[_plain(level.get(name)) for name in names] for level in levels]
    )


def _plain(value: Any) -> Value:
    if value is None or isinstance(value, bool | str):
        return value
    return value if isinstance(value, int | float) and abs(value) < 10**15 else str(value)


def _sheet(name: str, lines: Sequence[Sequence[str]], plain: Callable[[str], str] = unescaped) -> SheetLook:
    """``plain``: what a cell says without what keeps spreadsheets from reading it as a formula."""
    headings = lines[0] if lines else []
    body = [[plain(cell) for cell in line] for line in lines[1:]]
    read = [_reader(heading, [line[place] for line in body if place < len(line)]) for place, heading in enumerate(headings)]
    columns = [ColumnLook(plain(heading), look) for heading, (look, _) in zip(headings, read, strict=True)]
    rows = [[take(cell) if cell else None for cell, (_, take) in zip(line, read, strict=False)] for line in body]
    return SheetLook(name, columns, rows)


def _reader(heading: str, cells: Sequence[str]) -> tuple[str, Any]:
    """How a column looks, and how its cells are read: one way for all of them."""
    there = [cell for cell in cells if cell]
    if there and all(DATE.fullmatch(cell) for cell in there) and _all(dt.date.fromisoformat, there):
        return "date", dt.date.fromisoformat
    if there and all(MOMENT.fullmatch(cell) for cell in there) and _all(dt.datetime.fromisoformat, there):
        return "moment", dt.datetime.fromisoformat
    if there and all(cell in ("true", "false") for cell in there):
        return "", lambda cell: cell == "true"
    if there and not IDS.search(heading) and all(FIGURE.fullmatch(cell) for cell in there):
        pounds = heading.endswith(("_gbp", "pounds"))
        return ("pounds" if pounds else "number"), lambda cell: float(cell) if "." in cell else int(cell)
    return "text", str


def _all(parse: Any, cells: Sequence[str]) -> bool:
    """Whether a workbook can hold every one of these: its days begin in 1900."""
    try:
        return all(parse(cell).year > 1900 for cell in cells)
    except ValueError:
        return False
