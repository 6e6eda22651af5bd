"""Records as the cells of their files, and cells as records: for whoever keeps records elsewhere than in a folder.

``cells_of`` writes every value in one way, so that equal records have equal cells; ``record_of`` reads them with the parsers that
read the files, and refuses what they refuse.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

from optimiser.domain.person_records import Answer, Decision, Meanwhile
from optimiser.domain.records import (
    Contract,
    Location,
    Offer,
    Office,
    Package,
    Provider,
    Rate,
    Restriction,
    Round,
    Surgery,
    Visit,
)
from optimiser.domain.words import pounds
from optimiser.io.cells import BadCellError
from optimiser.io.csv_tables import bad_cell
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.schema import TABLES

KINDS: dict[str, type[Any]] = {
    "surgeries": Surgery,
    "providers": Provider,
    "offices": Office,
    "locations": Location,
    "contracts": Contract,
    "rates": Rate,
    "restrictions": Restriction,
    "packages": Package,
    "visits": Visit,
    "rounds": Round,
    "offers": Offer,
    "meanwhile": Meanwhile,
    "decisions": Decision,
    "answers": Answer,
}
"""The parts of a snapshot that are tables, with the record of a line. Areas have a file of their own kind."""

PRICED = ("contracts", "rates")
"""Kinds with a price for each band."""

IN_POUNDS = {"approved_weekly_pence": "approved_weekly_gbp"}
"""What a record of meanwhile holds in pence, or not at all, and the column that has it in pounds."""

Cells = dict[str, str]

EXTRA = "extra"
"""Where records are kept elsewhere than in a folder, this holds what stands in a council's own columns: an object of texts,
by heading the cells that are not empty.
"""


def id_column(kind: str) -> str:
    """What names a record of a kind: a column, or what its record makes of several."""
    return getattr(KINDS[kind], "NAMED_BY", TABLES[f"{kind}.csv"][0].name)


def cells_of(kind: str, record: Any) -> Cells:
    """A record as the cells of its line, by column."""
    values = {part.name: getattr(record, part.name) for part in fields(record)}
    if kind in PRICED:
        rates = values.pop("rates_pence")
        values |= {f"rate_band_{band}": pounds(rate) for band, rate in enumerate(rates, start=1)}
    if kind == "packages":
        values["hours_per_week"] = Fraction(values.pop("minutes_per_week"), 60)
    if kind == "meanwhile":
        pence = values.pop("approved_weekly_pence")
        values["approved_weekly_gbp"] = None if pence is None else pounds(pence)
    return {column.name: _text(values[column.name]) for column in TABLES[f"{kind}.csv"]}


def record_of(kind: str, cells: Mapping[str, str]) -> Any:
    """The record of a line. Raises ``InputRefusedError`` with every cell that is wrong; a cell that is missing is empty."""
    values: dict[str, Any] = {}
    findings = Findings()
    for column in TABLES[f"{kind}.csv"]:
        cell = cells.get(column.name, "")
        try:
            values[column.name] = column.parse(cell)
        except BadCellError as error:
            bad_cell(kind, 0, column, cell, error, findings)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    return record_from(kind, values)


def record_from(kind: str, values: dict[str, Any]) -> Any:
    """The record of a line's parsed values, by column. An empty rate means the same as band 1."""
    if kind in PRICED:
        first, second, third = (values.pop(f"rate_band_{band}") for band in (1, 2, 3))
        values["rates_pence"] = (first, first if second is None else second, first if third is None else third)
    if kind == "contracts":
        values["guarantee"] = values["guarantee"] or Fraction(0)
    if kind == "packages":
        values["minutes_per_week"] = values.pop("hours_per_week")
    if kind == "meanwhile":
        values["approved_weekly_pence"] = values.pop("approved_weekly_gbp")
    return KINDS[kind](**values)


def _decimal(value: Fraction) -> str:
    """A decimal number in full: what a cell held has at most six places, and hours at most two."""
    whole, rest = divmod(value * 10**6, 10**6)
    if rest.denominator != 1:
        raise ValueError(f"{value} is no decimal of six places")
    places = f"{int(rest):06d}".rstrip("0")
    return f"{whole}.{places}" if places else str(whole)


def _degrees(value: float) -> str:
    """All digits of a coordinate, never as a power of ten: beside the Greenwich meridian they are small."""
    return format(Decimal(repr(value)), "f")


_TEXTS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    Fraction: _decimal,
    tuple: lambda value: ";".join(map(str, value)),
    dt.datetime: dt.datetime.isoformat,
    dt.date: dt.date.isoformat,
    dt.time: dt.time.isoformat,
    float: _degrees,
}


def _text(value: Any) -> str:
    return _TEXTS.get(type(value), str)(value)


FILE_OF = {record.__name__: f"{kind}.csv" for kind, record in KINDS.items()}


class Lines:
    """Where each record came from."""

    def __init__(self) -> None:
        self._line: dict[int, int] = {}
        self._id_name: dict[type, str] = {}
        self._kept: list[Any] = []  # so that no identity is used twice

    def remember(self, record: Any, line: int) -> None:
        self._line[id(record)] = line
        self._kept.append(record)

    def of(self, record: Any) -> tuple[str, int]:
        return FILE_OF[type(record).__name__], self._line[id(record)]

    def line_of(self, record: Any) -> int:
        """0 for a record that stands on no line of its own, such as an area."""
        return self._line.get(id(record), 0)

    def id_of(self, record: Any) -> str:
        kind = type(record)
        if kind not in self._id_name:
            self._id_name[kind] = getattr(kind, "NAMED_BY", fields(kind)[0].name)
        return str(getattr(record, self._id_name[kind]))
