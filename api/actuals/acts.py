"""Records of visits are taken in bulk, whole or not at all; they are read, and the odd ones among them listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import ColumnElement, select

from api.acts.act import Caller, Size, act, only
from api.actuals.odd_records import OddRecord, odd_records
from api.actuals.schemas import ActualsQuery, NewActuals, OddQuery
from api.actuals.stored_actuals import (
    COLUMNS,
    cells_of_row,
    corrected_by,
    newest_batch,
    write_file,
)
from api.actuals.taking import judged, taken
from api.http.paging import Page
from api.http.responses import Shown, shown
from api.http.zipped_folder import HIDDEN
from api.security.roles import ADMIN, FINANCE, JOB
from api.storage.database import reading
from api.storage.table_schema import actuals
from optimiser.domain.accounts import PERIOD_DAYS
from optimiser.domain.dates import days_after
from optimiser.io.leftovers import hidden_folder

WHO_TAKES = only(FINANCE, JOB, ADMIN)
WHO_READS = only(FINANCE, ADMIN)
TAKEN = "actuals.take"
"""The action of the entry of a batch, with its number and the digest over its records; it names nobody."""
WHOLE_NUMBERS = ("planned_minutes", "workers")


@act("actuals.take", WHO_TAKES, writes=(TAKEN,), changes=True, takes=Size.VISITS)
def take(by: Caller, given: NewActuals) -> Shown:
    """Records of visits are taken, such as call monitoring sends them; what was taken before, just as it is, is no new record."""
    with hidden_folder(HIDDEN) as folder:
        write_file(folder, [{**dict.fromkeys(COLUMNS, ""), **each.as_cells()} for each in given.items])
        return _take(by, folder)


@act("actuals.take_file", WHO_TAKES, writes=(TAKEN,), changes=True, takes=Size.VISITS)
def take_file(by: Caller, folder: Path) -> Shown:
    """The same as a CSV file."""
    return _take(by, folder)


def _take(by: Caller, folder: Path) -> Shown:
    with reading(by.store.engine) as connection:
        batch = judged(connection, folder)
    if not batch.records:
        return shown({"batch": None, "taken": 0, "same": batch.same})
    with by.change() as change:
        now = judged(change.connection, folder) if newest_batch(change.connection) != batch.newest else batch
        number, digest = taken(change.connection, change.state, now)
        told = {"batch": number, "records": len(now.records), "same": now.same, "digest": digest}
        change.remember(TAKEN, "actuals", details=told)
    return shown({"batch": number, "taken": len(now.records), "same": now.same})


@act("actuals.list", WHO_READS, writes=("actuals.read",))
def list_actuals(by: Caller, query: ActualsQuery) -> Page[bytes]:
    """Records of one person or of one day, corrected ones too, without pseudonyms."""
    where: list[ColumnElement[bool]] = [actuals.c.cells.is_not(None)]
    where += [] if query.package_id is None else [actuals.c.package_id == query.package_id]
    where += [] if query.date is None else [actuals.c.date == query.date.isoformat()]
    with reading(by.store.engine) as connection:
        rows = connection.execute(select(actuals).where(*where)).all()
        page = by.page(rows, lambda row: (row.date, row.package_id, row.actual_id), query.limit, query.cursor)
        corrections = corrected_by(connection, [row.actual_id for row in page.items])
    by.read("actuals.read", "packages", details={"package_ids": sorted({row.package_id for row in page.items})})
    return Page([orjson.dumps(_line(row, corrections.get(row.actual_id, ""))) for row in page.items], page.next_cursor)


def _line(row: Any, correction: str) -> dict[str, Any]:
    cells: dict[str, Any] = {name: cell or None for name, cell in cells_of_row(row).items() if name != "worker_keys"}
    cells |= {name: int(cells[name]) for name in WHOLE_NUMBERS if cells[name]}
    return cells | {"contract_id": row.contract_id or None, "corrected_by": correction or None, "batch": row.batch}


@act("actuals.odd", WHO_READS, writes=("actuals.odd",))
def list_odd(by: Caller, query: OddQuery) -> Page[bytes]:
    """Records that somebody should look at, by kind: all of them, none is dropped, each with what it does to the money."""
    tomorrow = days_after(by.settings.clock.today(), 1)
    until = query.until or (tomorrow if query.since is None else days_after(query.since, PERIOD_DAYS))
    since = query.since or days_after(until, -PERIOD_DAYS)
    with reading(by.store.engine) as connection:
        every = odd_records(connection, by.store.live.at(connection), since, until)
    found = [
        each
        for each in every
        if query.kind in (None, each.odd.kind) and (query.contract_id is None or each.contract_id == query.contract_id)
    ]
    page = by.page(found, lambda each: (each.odd.kind, each.odd.actual_id), query.limit, query.cursor)
    by.read("actuals.odd", "packages", details={"package_ids": sorted({each.package_id for each in page.items})})
    return Page([orjson.dumps(_odd(each)) for each in page.items], page.next_cursor)


def _odd(each: OddRecord) -> dict[str, Any]:
    of = {"actual_id": each.odd.actual_id, "package_id": each.package_id, "date": each.date}
    told = {"contract_id": each.contract_id or None, "effect": each.odd.effect, "what": each.odd.words}
    return {"kind": each.odd.kind, **of, **told}
