"""A CSV file of very many rows to columns: as strict as any other file, with each different cell of a column read once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.domain.records import LONGEST
from optimiser.io.cells import BadCellError, Column, identifier
from optimiser.io.csv_tables import BadLineError, bad_cell, headings_in, read_text, records_of
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings
from optimiser.io.headings import Headings, Record, other_separator

BAD = -(2**63)
"""The value of a cell that could not be read."""

Ints = NDArray[np.int64]
Found = tuple[Ints, list[Any]]
"""The line of each row, and the values of each column."""
ToNumber = Callable[[str], int]
"""How a cell becomes a whole number. Raises ``BadCellError``."""


class Memo(dict[str, int]):
    """What each different cell of a column is as a number; what is wrong with those that are none."""

    def __init__(self, to_number: ToNumber) -> None:
        super().__init__()
        self.bad: dict[str, BadCellError] = {}
        self._to_number = to_number

    def __missing__(self, cell: str) -> int:
        try:
            number = self._to_number(cell)
        except BadCellError as error:
            self.bad[cell], number = error, BAD
        self[cell] = number
        return number


class Places:
    """A column whose values are known by their places in a list, in the order in which they were met."""

    def __init__(self, column: Column) -> None:
        self.values: list[Any] = []
        self._parse = column.parse
        self._known: dict[Any, int] = {}

    def __call__(self, cell: str) -> int:
        value = self._parse(cell)
        if value not in self._known:
            self._known[value] = len(self.values)
            self.values.append(value)
        return self._known[value]


def read_columns(
    folder: Path, name: str, columns: Sequence[Column], to_numbers: Sequence[ToNumber | None], findings: Findings
) -> Found | None:
    """The line of each row, and per column its numbers; where there is no ``to_number`` a list of the parsed cells.

    None where the file as a whole cannot be read. Faults are in ``findings``; a cell with one is ``BAD`` (in a list None).
    """
    content = read_text(folder, name, findings)
    if content is None:
        return None
    if other := other_separator(content, columns):
        line, separators = other
        findings.fault(name, line, "", f"columns separated by commas, not {separators}", code=Code.MALFORMED)
        return None
    return _plain(name, content, columns, to_numbers, findings) or _any(name, content, columns, to_numbers, findings)


def _any(
    name: str, content: str, columns: Sequence[Column], to_numbers: Sequence[ToNumber | None], findings: Findings
) -> Found | None:
    """Any file: cells in quotes, rows of any length, lines of any kind."""
    records = records_of(content)
    try:
        if (headings := headings_in(name, records, columns, findings, keeps=False)) is None:
            return None
        numbers, rows = _whole_rows(name, list(records), headings, findings)
    except BadLineError as error:
        findings.fault(name, error.line, "", "well-formed CSV", error.problem, code=Code.MALFORMED)
        return None
    cells = list(zip(*rows, strict=True)) if rows else [()] * headings.width
    return numbers, _values(name, numbers, headings, cells, columns, to_numbers, findings)


def _plain(
    name: str, content: str, columns: Sequence[Column], to_numbers: Sequence[ToNumber | None], findings: Findings
) -> Found | None:
    """The same, several times as fast, of a file without quotes whose every line has as many cells; None of any other file."""
    if '"' in content or "\0" in content or content.count("\r") != content.count("\r\n"):
        return None
    raw = content.encode()
    if not raw.endswith(b"\n"):
        raw += b"\n"
    rows, commas = raw.count(b"\n") - 1, raw[: raw.index(b"\n")].count(b",")
    if rows < 1 or commas < 1 or raw.count(b",") != (rows + 1) * commas:
        return None
    head = Findings()
    headings = headings_in(name, records_of(content[: content.index("\n") + 1]), columns, head, keeps=False)
    if headings is None or headings.unnamed or headings.line != 1:
        return None
    from pandas import read_csv
    from pandas.errors import ParserError

    try:  # a line with more cells than the first is an error to pandas; and where none has more, by their sum none has fewer
        table = read_csv(
            io.BytesIO(raw),
            header=None,
            skiprows=1,
            dtype=object,
            na_filter=False,
            quoting=csv.QUOTE_NONE,
            skip_blank_lines=False,
        )
    except ParserError:
        return None
    if table.shape != (rows, commas + 1):
        return None
    cells = [table[place].tolist() for place in table]
    if "" in map(str.strip, cells[0]) and any(not any(map(str.strip, row)) for row in zip(*(cells[:2]), strict=True)):
        return None
    for note in head.notes:
        findings.note(note.file, note.text)
    lines = np.arange(2, len(table) + 2, dtype=np.int64)
    del table, raw
    return lines, _values(name, lines, headings, cells, columns, to_numbers, findings)


def _values(
    name: str,
    lines: Ints,
    headings: Headings,
    cells: Sequence[Sequence[str]],
    columns: Sequence[Column],
    to_numbers: Sequence[ToNumber | None],
    findings: Findings,
) -> list[Any]:
    """Per column of the format its values."""
    made = list[Any]()
    for column, to_number, place in zip(columns, to_numbers, headings.places, strict=True):
        texts: Sequence[str] = ("",) * len(lines) if place is None else cells[place]
        if to_number is None:
            made.append(_parsed(name, column, texts, lines, findings))
            continue
        memo = Memo(to_number)
        if texts and texts[0] == texts[-1] and texts.count(texts[0]) == len(texts):
            values = np.full(len(texts), memo[texts[0]], np.int64)  # many a column is empty from first to last
        else:
            values = np.fromiter(map(memo.__getitem__, texts), np.int64, len(texts))
        if memo.bad:
            for row in np.flatnonzero(values == BAD).tolist():
                bad_cell(name, int(lines[row]), column, texts[row], memo.bad[texts[row]], findings)
        made.append(values)
    return made


def _whole_rows(name: str, some: list[Record], headings: Headings, findings: Findings) -> tuple[Ints, list[list[str]]]:
    """Rows with as many cells as there are headings; a fault for each other one, and none for an empty row."""
    width, named = headings.width, headings.named_width
    numbers, rows = [], []
    for line, cells in some:
        if not any(map(str.strip, cells)):
            findings.note(name, "row of empty cells is ignored" if len(cells) > 1 else "blank line is ignored")
        elif len(cells) not in (width, named):
            findings.fault(name, line, "", f"{named} cells", f"{len(cells)} cells", code=Code.NUMBER_OF_CELLS)
        else:
            numbers.append(line)
            rows.append([*cells, *[""] * (width - len(cells))])
    return np.array(numbers, np.int64), rows


def _parsed(name: str, column: Column, texts: Sequence[str], lines: Ints, findings: Findings) -> list[Any]:
    parse, values = column.parse, list[Any]()
    empty = parse("") if column.may_be_empty else None
    if empty is not None and not any(texts):
        return [empty] * len(texts)
    if parse is identifier and all(map(str.isalnum, texts)) and max(map(len, texts), default=0) <= LONGEST:
        return list(texts)  # as nearly all ids are: each is its own
    try:
        return list(map(parse, texts))
    except BadCellError:
        pass  # every one is told, each at its line
    for at, text in enumerate(texts):
        try:
            values.append(parse(text))
        except BadCellError as error:
            bad_cell(name, int(lines[at]), column, text, error, findings)
            values.append(None)
    return values
