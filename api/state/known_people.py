"""The people of a county, those whose care has ended included: what names them, and when and with what they left.

A package that has ended is no longer among the records: an empty record says that it was there, and the entry of the audit trail
that tells of its end (``package.end``) keeps its cells, its visits and its offers as they were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from api.clock import LONDON
from api.state.state import State
from api.storage import table_schema
from optimiser.io.record_cells import id_column
from optimiser.io.schema import OF_PEOPLE

END = "package.end"
"""The action of the entry that tells of an end."""
WITH_A_PERSON = {kind: id_column(kind) for kind in OF_PEOPLE}
"""The kinds of records that are about a person, each with the column that names one."""


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


def people(connection: Connection, state: State) -> frozenset[str]:
    """The ids of every package that is there or has ended, of its visits and of its offers."""
    gone = (each.ids for each in all_ended(connection).values())
    return frozenset().union(*(state.stock[kind] for kind in WITH_A_PERSON), *gone)


def was_known(connection: Connection, package_id: str) -> bool:
    """Whether there is, or was, such a package, and it is not forgotten."""
    record = table_schema.records.c
    mine = select(record.id).where(record.kind == "packages", record.id == package_id)
    return connection.execute(mine).first() is not None


def _ids_in(details: Mapping[str, object]) -> frozenset[str]:
    """The visits and offers that left with a package."""
    found = set()
    for kind, column in WITH_A_PERSON.items():
        bodies = details.get(kind)
        if isinstance(bodies, list):
            found |= {str(body[column]) for body in bodies}
    return frozenset(found)
