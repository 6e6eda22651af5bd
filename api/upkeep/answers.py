"""Reading the audit trail itself. Who does is written down in it first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, RowMapping, and_, or_, select

from api.clock import LONDON
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.audit import Actor
from api.storage.database import reading


@dataclass(frozen=True)
class Wanted:
    """Which entries: all conditions that are given hold together. ``since``: a day in London."""

    subject: str | None = None
    actor: str | None = None
    since: dt.date | None = None

    def condition(self) -> ColumnElement[bool]:
        column, conditions = table_schema.audit.c, [table_schema.audit.c.seq > 0]
        if self.subject is not None:
            quoted = orjson.dumps(self.subject).decode()
            conditions.append(or_(column.subject == self.subject, column.details.contains(quoted, autoescape=True)))
        if self.actor is not None:
            # Actors stand in the trail as NAME (KEY): a name finds all keys of its holder.
            conditions.append(or_(column.actor == self.actor, column.actor.startswith(f"{self.actor} (", autoescape=True)))
        if self.since is not None:
            midnight = dt.datetime.combine(self.since, dt.time(), LONDON).astimezone(dt.UTC)
            conditions.append(column.at >= midnight.replace(tzinfo=None).isoformat())
        return and_(*conditions)


def entries(store: Store, actor: Actor, wanted: Wanted) -> Iterator[RowMapping]:
    """The entries that are wanted, oldest first, once it is written down that they were asked for."""
    with store.change(actor) as change:
        details: dict[str, Any] = {name: value for name, value in asdict(wanted).items() if value is not None}
        change.remember("audit.show", "audit", wanted.subject or "", details)
        before = audit.head(change.connection).seq
    with reading(store.engine) as connection:
        question = (
            select(table_schema.audit)
            .where(wanted.condition(), table_schema.audit.c.seq <= before)
            .order_by(table_schema.audit.c.seq)
        )
        yield from connection.execute(question.execution_options(yield_per=1000)).mappings()


def line_of(row: RowMapping) -> str:
    """An entry as a line to read; moments in London's time."""
    at = dt.datetime.fromisoformat(row["at"]).astimezone(LONDON)
    about = f"{row['subject_kind']} {row['subject']} {row['details']}" if row["salt"] else f"{row['subject_kind']} (destroyed)"
    line = f"{row['seq']}  {at:%Y-%m-%d %H:%M:%S}  {row['actor']}, {row['role']}: {row['action']} {about}"
    return "".join(each if each.isprintable() else "?" for each in line)
