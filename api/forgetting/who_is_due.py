"""Who may be forgotten: people whose care has ended, named or due; and which records are about them.

A package that has ended is no longer among the records: an empty record says that it was there, and the entry of the audit trail
that tells of its end (``package.end``) keeps its cells, its visits and its offers as they were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from api.clock import LONDON
from api.forgetting.mentions import names_any
from api.state.state import State
from api.state.stored_records import CALL_OFFS, IN_SNAPSHOT, RELOAD
from api.storage import table_schema
from optimiser.domain.dates import days_after
from optimiser.io.record_cells import id_column
from optimiser.io.schema import OF_PEOPLE

END = "package.end"
"""The action of the entry that tells of an end."""
WITH_A_PERSON = {kind: id_column(kind) for kind in OF_PEOPLE}
"""The kinds of records that are about a person, each with the column that names one."""


class CannotForgetError(Exception):
    """Nobody was forgotten; ``faults`` says of each why."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} cannot be forgotten")


@dataclass(frozen=True)
class Ended:
    """A package whose care has ended. ``on``: the day in London, None where no entry tells; ``ids``: also of visits, offers."""

    version: int
    on: dt.date | None
    ids: frozenset[str]


def all_ended(connection: Connection) -> dict[str, Ended]:
    """Every package that has ended and is not forgotten."""
    record, entry = table_schema.records.c, table_schema.audit.c
    gone = select(record.id, record.version).where(record.kind == "packages", record.body.is_(None))
    found = {row.id: Ended(int(row.version), None, frozenset({row.id})) for row in connection.execute(gone)}
    ends = select(entry.subject, entry.at, entry.details).where(entry.action == END, entry.subject.is_not(None))
    for row in connection.execute(ends.order_by(entry.seq)):
        if row.subject in found:
            on = dt.datetime.fromisoformat(row.at).astimezone(LONDON).date()
            ids = found[row.subject].ids | _ids_in(orjson.loads(row.details))
            found[row.subject] = Ended(found[row.subject].version, on, ids)
    return found


def _ids_in(details: Mapping[str, object]) -> frozenset[str]:
    """The visits and offers that left with a package."""
    found = set()
    for kind, column in WITH_A_PERSON.items():
        bodies = details.get(kind)
        if isinstance(bodies, list):
            found |= {str(body[column]) for body in bodies}
    return frozenset(found)


def due(ended: Mapping[str, Ended], today: dt.date, after_days: int) -> list[str]:
    """The packages that ended so many days ago or earlier."""
    last = days_after(today, -after_days)
    return sorted(package_id for package_id, each in ended.items() if each.on is not None and each.on <= last)


def refuse_living(state: State, ended: Mapping[str, Ended], package_ids: Iterable[str]) -> None:
    """Raises ``CannotForgetError`` with everybody who is waiting or cared for, or whom the service does not know."""
    faults = []
    for package_id in package_ids:
        running = state.get("packages", package_id)
        if running is not None:
            doing = "waiting for care" if running.record.status == "new" else "cared for"
            faults.append(f"{package_id}: {doing}; only a package that has ended can be forgotten")
        elif package_id not in ended:
            faults.append(f"{package_id}: there is no such package, or it is forgotten already")
    if faults:
        raise CannotForgetError(faults)


def records_about(
    connection: Connection, state: State, package_ids: Collection[str], ids: Collection[str]
) -> set[tuple[str, str]]:
    """Kind and id of every record about these packages, the empty ones of ``ids`` as well; of the service's own kinds, whatever
    names one.
    """
    found = set()
    for kind, stock in state.stock.items():
        for record_id, stored in stock.items():
            if kind in WITH_A_PERSON:
                about = stored.body["package_id"] in package_ids
            else:
                own = kind not in IN_SNAPSHOT and kind not in (RELOAD, CALL_OFFS)  # call-offs hold nothing of people
                about = own and (record_id in ids or names_any(orjson.dumps(stored.body), ids))
            if about:
                found.add((kind, record_id))
    record = table_schema.records.c
    for row in connection.execute(select(record.kind, record.id).where(record.body.is_(None))):
        if row.id in ids and row.kind in WITH_A_PERSON:
            found.add((row.kind, row.id))
    return found
