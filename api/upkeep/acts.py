"""What keeps the service going: keys, the county loaded and exported, tables, backups, its figures, and the audit trail: who
reads it is written down in it first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
from prometheus_client import generate_latest
from sqlalchemy import ColumnElement, RowMapping, and_, or_, select

from api.acts.act import Caller, act, only
from api.clock import LONDON
from api.security import keys
from api.security.keys import DEFAULT_DAYS, Key
from api.security.roles import ADMIN, JOB, PLANNER, TRANSITION, VIEWER
from api.state.store import Store
from api.storage import audit, migrating, table_schema
from api.storage.audit import Actor, Checked, Head
from api.storage.database import reading
from api.upkeep.backing_up import Backup, back_up
from api.upkeep.metrics import Metrics
from api.upkeep.schemas import Me
from optimiser.domain.snapshot import Snapshot

ANYBODY = Actor("whoever reaches the port", JOB)
"""Who reads figures where the setting ``metrics_open`` says that nobody is asked for a key."""


@act("me.read", only(VIEWER, PLANNER, TRANSITION, JOB, ADMIN))
def who_am_i(by: Caller) -> Me:
    """Who you are here."""
    return Me(name=by.actor.name, role=by.actor.role)


@act("service.figures", only(JOB, ADMIN))
def read_figures(_: Caller, metrics: Metrics) -> bytes:
    """Figures for Prometheus: counts and times, nothing of a person."""
    return generate_latest(metrics.registry)


@act("keys.create", only(ADMIN), writes=("key.create",), changes=True)
def create_key(by: Caller, name: str, role: str, days: int = DEFAULT_DAYS) -> str:
    """A key is made for a named person or job, and shown this once."""
    return keys.create_key(by.store.engine, by.actor, name, role, by.settings.clock.instant(), days)


@act("keys.list", only(ADMIN))
def list_keys(by: Caller) -> list[Key]:
    """The keys, without their secrets."""
    return keys.list_keys(by.store.engine)


@act("keys.revoke", only(ADMIN), writes=("key.revoke",), changes=True)
def revoke_key(by: Caller, key_id: str) -> bool:
    """A key opens nothing any more; whether there was such a key."""
    return keys.revoke_key(by.store.engine, by.actor, key_id, by.settings.clock.instant())


@act("county.load", only(ADMIN), writes=("county.load",), changes=True)
def load(by: Caller, snapshot: Snapshot) -> None:
    """An empty database is filled from a snapshot."""
    by.store.load(snapshot, by.actor)


@act("county.export", only(ADMIN), writes=("county.export",))
def export(by: Caller) -> Snapshot:
    """The county as a snapshot, to be written to a folder."""
    with by.change() as change:
        snapshot = change.state.snapshot
        change.remember("county.export", "county", details={"digest": snapshot.digest(), "packages": len(snapshot.packages)})
    return snapshot


@act("county.backup", only(ADMIN), writes=("county.backup",))
def write_backup(by: Caller, file: Path) -> Backup:
    """A verified copy of a SQLite database, while it is in use."""
    return back_up(by.store, by.actor, file)


@act("tables.migrate", only(ADMIN), changes=True)
def migrate(by: Caller, down_to: str | None = None) -> str | None:
    """The tables as this version needs them, or the way back; the form that they have then."""
    engine = by.store.engine
    if down_to:
        migrating.downgrade(engine, down_to)
    else:
        migrating.upgrade(engine)
    return migrating.revision_of(engine)


@act("audit.show", only(ADMIN), writes=("audit.show",))
def show_audit(by: Caller, wanted: Wanted) -> Iterator[RowMapping]:
    """Entries of the audit trail, the oldest first."""
    return entries(by.store, by.actor, wanted)


@act("audit.verify", only(ADMIN))
def verify_audit(by: Caller, noted: Head | None = None) -> Checked:
    """The audit trail is walked: every place where it does not hold."""
    with reading(by.store.engine) as connection:
        return audit.check(connection, noted)


@act("audit.head", only(ADMIN))
def audit_head(by: Caller) -> Head:
    """Where the audit trail ends: to be noted elsewhere."""
    with reading(by.store.engine) as connection:
        return audit.head(connection)


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
