"""How a council's own export is named: which sheet is which table, which heading which column, what its words mean. A file in
TOML, checked before anything is read, and kept beside what came of it.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optimiser.io.cells import BadCellError, Column
from optimiser.io.csv_tables import MAX_BYTES, read_text
from optimiser.io.faults import Findings, InputRefusedError, in_words
from optimiser.io.headings import folded
from optimiser.io.toml import at_line
from optimiser.tidying.ids import namespace
from optimiser.tidying.tables import columns_of, known_tables

AS_THEY_STAND = "as_they_stand"
_PARTS = ("day_first", "id_digits", "ignored", "tables")
_OF_TABLE = ("columns", "fixed", "from", "values")


@dataclass(frozen=True)
class TableMap:
    """Of one table of ours."""

    source: str = ""
    """The sheet or file that holds it; empty: the one of its own name."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """By column of ours, the heading that it has."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Columns that the export does not have, with the one value that every row gets."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By column of ours, what its words mean: theirs to ours."""


@dataclass(frozen=True)
class ColumnMap:
    """The whole of it; empty where none was given."""

    day_first: bool = False
    id_widths: Mapping[str, int | None] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    """Sheets and files that are none of ours, whatever they look like."""
    tables: Mapping[str, TableMap] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    """What the file said, to be kept."""
    digest: str = ""

    def table(self, name: str) -> TableMap:
        return self.tables.get(name, TableMap())


NO_MAP = ColumnMap()


def read_map(path: Path) -> ColumnMap:
    """The map in a file. Raises ``InputRefusedError`` with every fault of it."""
    findings = Findings()
    content = read_text(path.parent, path.name, findings)
    if content is None:
        raise InputRefusedError(findings.faults)
    return map_of(content, path.name)


def map_of(content: str, file: str) -> ColumnMap:
    """The map of its text. ``file``: what faults call it. Raises ``InputRefusedError``."""
    findings = Findings()
    if len(content) > MAX_BYTES // 64:
        findings.fault(file, 0, "", "a map of at most 1 MB", "a larger one")
        raise InputRefusedError(findings.faults)
    try:
        given = tomllib.loads(content.replace("\r\n", "\n"))
    except (ValueError, ArithmeticError, RecursionError) as error:
        line, problem = at_line(str(error)[:200])
        findings.fault(file, line, "", "well-formed TOML", problem)
        raise InputRefusedError(findings.faults) from None
    reader = _Reader(file, findings)
    made = reader.map(given, hashlib.sha256(content.encode()).hexdigest())
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return made


class _Reader:
    """Reads the parts; faults name the place by the names above it."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file, self._findings = file, findings

    def map(self, given: dict[str, Any], digest: str) -> ColumnMap:
        self._names("", given, _PARTS)
        day_first = given.get("day_first", False)
        if not isinstance(day_first, bool):
            self._fault("day_first", "true or false", day_first)
        ignored = given.get("ignored", [])
        if not isinstance(ignored, list) or not all(isinstance(each, str) for each in ignored):
            self._fault("ignored", "a list of sheets' or files' names", ignored)
            ignored = []
        widths = {name: self._width(name, width) for name, width in self._table("id_digits", given.get("id_digits", {})).items()}
        tables = {}
        for name, table in self._table("tables", given.get("tables", {})).items():
            if name not in known_tables():
                self._fault(f"tables.{name}", f"a table: {', '.join(known_tables())}", name)
            else:
                tables[name] = self._of_table(name, self._table(f"tables.{name}", table))
        self._once_each(tables)
        return ColumnMap(day_first is True, widths, tuple(ignored), tables, given, digest)

    def _width(self, name: str, width: Any) -> int | None:
        kinds = sorted(
            {namespace(column.name) for table in known_tables() for column in columns_of(table) if "_id" in column.name}
        )
        if name not in kinds:
            self._fault(f"id_digits.{name}", f"an id: {', '.join(kinds)}", name)
        elif width != AS_THEY_STAND and (isinstance(width, bool) or not isinstance(width, int) or not 1 <= width <= 30):
            self._fault(f"id_digits.{name}", f"a number of digits from 1 to 30, or {AS_THEY_STAND!r}", width)
        elif isinstance(width, int):
            return width
        return None

    def _of_table(self, name: str, given: dict[str, Any]) -> TableMap:
        where = f"tables.{name}"
        self._names(f"{where}.", given, _OF_TABLE)
        source = given.get("from", "")
        if not isinstance(source, str):
            self._fault(f"{where}.from", "the name of a sheet or file", source)
        known = {column.name: column for column in columns_of(name)}
        columns = self._texts(f"{where}.columns", given.get("columns", {}), known)
        headings: dict[str, str] = {}
        for column, heading in columns.items():
            if (other := headings.setdefault(folded(heading), column)) != column:
                self._fault(f"{where}.columns.{column}", f"a heading of its own, which {other} has", heading)
        fixed = self._texts(f"{where}.fixed", given.get("fixed", {}), known)
        for column, value in fixed.items():
            self._fits(f"{where}.fixed.{column}", known[column], value)
            if column in columns:
                self._fault(f"{where}.fixed.{column}", "a heading or a fixed value, not both", column)
        values = {}
        for column, words in self._table(f"{where}.values", given.get("values", {})).items():
            if column not in known:
                self._fault(f"{where}.values.{column}", f"a column: {', '.join(known)}", column)
                continue
            values[column] = self._texts(f"{where}.values.{column}", words, None)
            for word, meant in values[column].items():
                self._fits(f"{where}.values.{column}.{word}", known[column], meant)
        return TableMap(source if isinstance(source, str) else "", columns, fixed, values)

    def _fits(self, where: str, column: Column, value: str) -> None:
        try:
            column.parse(value)
        except BadCellError as error:
            self._fault(where, error.expected, value or "empty")

    def _once_each(self, tables: Mapping[str, TableMap]) -> None:
        taken: dict[str, str] = {}
        for name, table in tables.items():
            if table.source and (other := taken.setdefault(folded(table.source), name)) != name:
                self._fault(f"tables.{name}.from", f"a sheet of its own, which {other} has", table.source)

    def _names(self, where: str, given: dict[str, Any], known: tuple[str, ...]) -> None:
        for name in given:
            if name not in known:
                self._fault(f"{where}{name}", f"one of {', '.join(known)}", name)

    def _table(self, where: str, given: Any) -> dict[str, Any]:
        if isinstance(given, dict):
            return given
        self._fault(where, "a table", given)
        return {}

    def _texts(self, where: str, given: Any, known: Mapping[str, Column] | None) -> dict[str, str]:
        """A table of texts, whose names are columns where they are ``known``."""
        made = {}
        for name, value in self._table(where, given).items():
            if known is not None and name not in known:
                self._fault(f"{where}.{name}", f"a column: {', '.join(known)}", name)
            elif not isinstance(value, str):
                self._fault(f"{where}.{name}", "a text", value)
            else:
                made[name] = value
        return made

    def _fault(self, where: str, expected: str, found: Any) -> None:
        self._findings.fault(self._file, 0, where, expected, in_words(found))
