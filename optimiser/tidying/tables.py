"""The tables that a spreadsheet may hold: those of a snapshot, its areas without outlines, and its settings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from optimiser.io.area_files import MAY_BE_MISSING, PROPERTIES
from optimiser.io.cells import Column
from optimiser.io.schema import TABLES

AREAS = "areas"
SETTINGS = "settings"
SETTINGS_ROWS = ("as_of", "title")
_AREAS = tuple(Column(name, parse, optional=name in MAY_BE_MISSING) for name, parse in PROPERTIES)


@cache
def known_tables() -> tuple[str, ...]:
    """By name, without an ending."""
    return (*(name.removesuffix(".csv") for name in TABLES), AREAS)


def columns_of(table: str) -> Sequence[Column]:
    """The columns of one of these."""
    return _AREAS if table == AREAS else TABLES[f"{table}.csv"]
