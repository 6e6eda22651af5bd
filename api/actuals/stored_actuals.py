"""Records of visits in the database: written batch by batch, read for an account, and never changed.

A record that another corrects stays, and does not count. Pseudonyms of care workers are read to tell one from another within a
visit; they are shown to nobody, and once a period is closed they are numbers that mean nothing beyond their visit.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, insert, select, update

from api.storage.row_digests import in_parts, new_salt
from api.storage.sealed_rows import seal_of
from api.storage.table_schema import actuals
from api.storage.visits_told import sealed_cells
from optimiser.domain.actuals import NUMBERED, WITHDRAWN
from optimiser.io.account_files import ACTUALS_FILE
from optimiser.io.actual_files import ACTUALS
from optimiser.io.spreadsheets import exact_table

COLUMNS = tuple(column.name for column in ACTUALS)
KEYS = "worker_keys"
KEPT = tuple(name for name in COLUMNS if name != KEYS)
"""The columns whose cells are kept as they came, in their order."""
AT_ONCE = 5_000
"""Rows written by one statement."""
Cells = Mapping[str, str]


def newest_batch(connection: Connection) -> int:
    """The number of the batch that came last; 0: none did."""
    return int(connection.execute(select(func.max(actuals.c.batch))).scalar() or 0)


def stored_cells(connection: Connection, ids: Collection[str], *, under: bool = False) -> dict[str, Cells]:
    """Of records with these ids that are there, their cells; pseudonyms as they are now. Empty where one is forgotten.

    ``under``: each with the contract that it counts under, whether it says so itself or not.
    """
    found: dict[str, Cells] = {}
    for some in in_parts(sorted(ids)):
        for row in connection.execute(select(actuals).where(actuals.c.actual_id.in_(some))):
            cells = cells_of_row(row)
            found[row.actual_id] = cells | {"contract_id": row.contract_id} if under and cells else cells
    return found


def corrected_by(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Of records with these ids that are there, the record that corrects each; "" where none does."""
    found: dict[str, str] = {}
    for some in in_parts(sorted(ids)):
        found |= dict.fromkeys(connection.execute(select(actuals.c.actual_id).where(actuals.c.actual_id.in_(some))).scalars(), "")
        rows = connection.execute(select(actuals.c.corrects, actuals.c.actual_id).where(actuals.c.corrects.in_(some)))
        found |= {row.corrects: row.actual_id for row in rows}
    return found


def write(connection: Connection, batch: int, records: Iterable[Cells], contract_of: Callable[[Cells], str]) -> list[bytes]:
    """Add records that are there for the first time; their seals. ``contract_of``: what a record counts under."""
    rows = [_row(batch, cells, contract_of(cells)) for cells in records]
    for begin in range(0, len(rows), AT_ONCE):
        connection.execute(insert(actuals), rows[begin : begin + AT_ONCE])
    return [row["seal"] for row in rows]


def _row(batch: int, cells: Cells, contract_id: str) -> dict[str, Any]:
    salt = new_salt()
    row: dict[str, Any] = {
        **{name: cells[name] for name in ("actual_id", "package_id", "date", "corrects", KEYS)},
        "batch": batch,
        "contract_id": contract_id,
        "cells": orjson.dumps([cells[name] for name in KEPT]).decode(),
        "salt": salt,
    }
    return row | {"seal": seal_of(salt, sealed_cells(actuals, row))}


def cells_of_row(row: Row[Any]) -> dict[str, str]:
    """A record's cells by column; none where whoever it was about is forgotten."""
    if row.cells is None:
        return {}
    return {**dict(zip(KEPT, orjson.loads(row.cells), strict=True)), KEYS: row.worker_keys}


def standing(*where: ColumnElement[bool]) -> Select[Any]:
    """Records that count: that no other corrects, that are not withdrawn, and that are about somebody who is not forgotten."""
    other = actuals.alias("other")
    corrected = select(other.c.actual_id).where(other.c.corrects == actuals.c.actual_id).exists()
    there = actuals.c.cells.is_not(None)
    return select(actuals).where(*where, there, ~corrected).order_by(actuals.c.date, actuals.c.actual_id)


def counting(connection: Connection, *where: ColumnElement[bool]) -> Iterator[dict[str, str]]:
    """The cells of records that count, as they stand alone: each under its contract, none a correction of another."""
    for row in connection.execute(standing(*where).execution_options(yield_per=AT_ONCE)):
        cells = cells_of_row(row)
        if cells["outcome"] != WITHDRAWN:
            yield cells | {"contract_id": row.contract_id, "corrects": ""}


def write_file(folder: Path, records: Iterable[Cells]) -> Path:
    """Records as the file that an account is read from."""
    file = folder / ACTUALS_FILE
    file.write_bytes(exact_table(COLUMNS, ([cells[name] for name in COLUMNS] for cells in records)))
    return file


def plain_rows(file: Path) -> Iterator[dict[str, str]]:
    """The records of a file that was read without a fault, with every column, in its order."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for found in csv.DictReader(lines):
            cells = {name: (found.get(name) or "").strip() for name in COLUMNS}
            if any(cells.values()):
                yield cells


def number_workers(connection: Connection, contract_id: str, since: str, until: str) -> int:
    """Pseudonyms of a contract's records of some days become numbers within each visit; of how many records.

    Who of a visit's care workers is who is still told apart, as that decides what is paid; nothing tells of another visit.
    """
    return _number(connection, actuals.c.contract_id == contract_id, actuals.c.date >= since, actuals.c.date < until)


def number_old_workers(connection: Connection, before: str) -> int:
    """The same of every record of a day before a date, whatever became of it."""
    other = actuals.alias("other")
    same = and_(other.c.package_id == actuals.c.package_id, other.c.date == actuals.c.date)
    named = select(other.c.actual_id).where(same, other.c[KEYS] != "", ~other.c[KEYS].startswith(NUMBERED)).exists()
    return _number(connection, actuals.c.date < before, named)


def _number(connection: Connection, *which: ColumnElement[bool]) -> int:
    of_visits: dict[tuple[str, ...], list[tuple[str, list[str]]]] = defaultdict(list)
    for row in connection.execute(select(actuals).where(*which, actuals.c[KEYS] != "", actuals.c.cells.is_not(None))):
        cells = cells_of_row(row)
        visit = row.package_id, row.date, cells["visit_id"] or cells["planned_start"]
        of_visits[visit].append((row.actual_id, keys_in(row.worker_keys)))
    changed = []
    for records in of_visits.values():
        known = {key for _, keys in records for key in keys}
        numbers = (number for at in count(1) if (number := f"{NUMBERED}{at}") not in known)
        place = {key: key if key.startswith(NUMBERED) else next(numbers) for key in sorted(known)}
        changed += [
            {"of": actual_id, "now": ";".join(place[key] for key in keys)}
            for actual_id, keys in records
            if any(not key.startswith(NUMBERED) for key in keys)
        ]
    if changed:
        numbered = update(actuals).where(actuals.c.actual_id == bindparam("of")).values({KEYS: bindparam("now")})
        connection.execute(numbered, changed)
    return len(changed)


def keys_in(cell: str) -> list[str]:
    """The pseudonyms that a cell holds."""
    return [key.strip() for key in cell.split(";") if key.strip()]
