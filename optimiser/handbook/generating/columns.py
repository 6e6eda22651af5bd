"""Every column of a snapshot at a glance, from the schema that reads it."""

from __future__ import annotations

from optimiser.handbook.generating.markdown import table
from optimiser.io.cells import Column
from optimiser.io.schema import MAY_BE_ABSENT, TABLES
from optimiser.io.staffing import COLUMNS as WORKER_COLUMNS
from optimiser.io.staffing import WORKERS

ABOUT = """# Columns at a glance

Made from the schema that reads a snapshot. What each column means, with units and an example:
[Data, file by file](data.md). Values of personal columns are never shown in a message: only their kind is told.
"""
HEADER = ("column", "must be there", "personal")


def columns_page() -> str:
    files = {**TABLES, WORKERS: WORKER_COLUMNS}
    return ABOUT + "".join(_part(name, columns) for name, columns in files.items())


def _part(file: str, columns: tuple[Column, ...]) -> str:
    absent = " (may be left out)" if file in MAY_BE_ABSENT or file == WORKERS else ""
    rows = [(f"`{each.name}`", "no" if each.optional else "yes", "yes" if each.personal else "") for each in columns]
    return f"\n## `{file}`{absent}\n\n{table(HEADER, rows)}"
