"""What keeps the service going: keys, the county loaded and exported, tables, backups, its figures, and the audit trail: who
reads it is written down in it first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from prometheus_client import generate_latest
from sqlalchemy import ColumnElement, RowMapping, and_, or_, select

from api.acts.act import Caller, act, only
from api.clock import LONDON
from api.http.paging import MOST_TIMES, Page, cursor_of, key_of
from api.http.responses import Shown, shown
from api.security import keys
from api.security.keys import DEFAULT_DAYS, Key
from api.security.roles import ADMIN, AUDITOR, COUNCIL, JOB, PROVIDER, ROLES, VIEWER, ours
from api.state.known_people import people
from api.state.naming import names_any
from api.state.state import State
from api.state.store import Store
from api.state.stored_records import KeptSettings
from api.storage import audit, migrating, table_schema
from api.storage.audit import WHOLE_COUNTY, WHOLE_TRAIL, Actor, Checked, Head
from api.storage.database import county_row, reading, writing
from api.storage.noted_head import acknowledged_over
from api.storage.only_reading import looking
from api.storage.signed_heads import Verifier, verifier_of
from api.storage.whatever_the_bytes import whatever_the_bytes
from api.upkeep.answers import TELLS_OF_NOBODY, entry_json, tells_of
from api.upkeep.backing_up import Backup, back_up
from api.upkeep.metrics import Metrics
from api.upkeep.schemas import CountyVersion, EntriesQuery, Me
from api.upkeep.seen import Stay, may_show_everybody, stay_of
from api.upkeep.settings_told import service_settings
from optimiser.domain.snapshot import Snapshot
from optimiser.rules.book import VERSION as RULE_BOOK

UnfitKeyError = keys.UnfitKeyError
"""What ``create_key`` raises: what of a key is wrong, by the name of its part."""
ANYBODY = Actor("whoever reaches the port", JOB)
"""Who reads figures where the setting ``metrics_open`` says that nobody is asked for a key."""


@act("me.read", only(*ROLES))
def who_am_i(by: Caller) -> Me:
    """Who you are here, and what you may do."""
    return Me(name=by.actor.name, roles=list(ours(by.actor.roles)))


@act("county.version", only(*(role for role in COUNCIL if role not in (VIEWER, AUDITOR))))
def county_version(by: Caller) -> CountyVersion:
    """Whether the county has changed since: not for those who read it as it was when the day began."""
    return CountyVersion(version=by.store.state().version)


@act("service.figures", only(JOB, ADMIN))
def read_figures(_: Caller, metrics: Metrics) -> bytes:
    """Figures for Prometheus: counts and times, nothing of a person."""
    return generate_latest(metrics.registry)


@act("keys.create", only(ADMIN), writes=("key.create",), changes=True)
def create_key(
    by: Caller,
    name: str,
    roles: Sequence[str],
    days: int = DEFAULT_DAYS,
    keep: Callable[[str], None] = lambda _: None,
    *,
    first: bool = False,
    provider_id: str = "",
) -> str:
    """A key is made for a named person or job, and shown this once; or kept in a file, which is written before the key stands."""
    if provider_id and (by.store.is_empty() or by.store.state().get("providers", provider_id) is None):
        said = f"provider: there is none of the id {provider_id} to bind a key of the role {PROVIDER} to"
        raise UnfitKeyError("provider_id", said)
    now = by.settings.clock.instant()
    return keys.create_key(by.store.engine, by.actor, name, roles, now, days, keep, first=first, provider_id=provider_id)


@act("keys.list", only(ADMIN))
def list_keys(by: Caller) -> list[Key]:
    """The keys, without their secrets."""
    return keys.list_keys(by.store.engine)


@act("keys.revoke", only(ADMIN), writes=("key.revoke",), changes=True)
def revoke_key(by: Caller, key_id: str) -> bool:
    """A key opens nothing any more; whether there was such a key."""
    return keys.revoke_key(by.store.engine, by.actor, key_id, by.settings.clock.instant())


@act("settings.read", only(ADMIN))
def read_settings(by: Caller) -> Shown:
    """The settings of the service and those of the county, as they are; of what is secret only whether it is given."""
    kept = KeptSettings.of(by.store.state().snapshot)
    county = [{"name": part.name, "value": str(getattr(table, part.name))} for table in kept for part in fields(table)]
    return shown({"service": service_settings(by.settings), "county": county})


@act("county.load", only(ADMIN), writes=("county.load",), changes=True)
def load(by: Caller, snapshot: Snapshot, *, practice: bool = False) -> None:
    """An empty database is filled from a snapshot, for practice or for people."""
    by.store.load(snapshot, by.actor, practice=practice)


@act("county.export", only(ADMIN), writes=("county.export",))
def export(by: Caller) -> Snapshot:
    """The county as a snapshot, to be written to a folder."""
    with by.change() as change:
        snapshot = change.state.snapshot
        told = {"digest": snapshot.digest(), "packages": len(snapshot.packages), WHOLE_COUNTY: change.state.version}
        change.remember("county.export", "county", details=told)
    return snapshot


@act("county.report", only(ADMIN), writes=("county.report",))
def read_for_report(by: Caller, report: str) -> State:
    """The county as a report of the night is made of it, named by its command; whom it shows is worked out when asked."""
    with by.change() as change:
        change.remember("county.report", "county", details={"report": report, WHOLE_COUNTY: change.state.version})
        return change.state


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


WITHOUT_IDS = "the ids of people's records are withheld"
WITHOUT_PEOPLE = "entries about people without subject and details"


@act("audit.show", {ADMIN: "", AUDITOR: WITHOUT_PEOPLE}, writes=("audit.show",))
def show_audit(by: Caller, wanted: Wanted) -> Iterator[RowMapping]:
    """Entries of the audit trail, the oldest first."""
    return entries(by.store, by.actor, wanted)


@act("audit.page", {ADMIN: "", AUDITOR: WITHOUT_PEOPLE}, writes=("audit.show",))
def page_of_audit(by: Caller, query: EntriesQuery) -> Page[bytes]:
    """A page of the audit trail, the oldest entries first; asking for it is an entry too."""
    without = None if by.actor.role == ADMIN else _people(by)
    (after,) = (0,) if query.cursor is None else key_of(query.cursor, (0,))
    size = min(query.limit or by.settings.page_size, MOST_TIMES * by.settings.page_size)
    wanted = Wanted(query.subject, query.actor, query.since)
    found = entries(by.store, by.actor, wanted, after)
    if without is not None and query.subject is not None:
        found = (row for row in found if not tells_of(row, without))  # else it would tell whether somebody is known
    rows = list(islice(found, size + 1))
    following = cursor_of((rows[size - 1]["seq"],)) if len(rows) > size else None
    return Page([orjson.dumps(entry_json(row, without)) for row in rows[:size]], following)


def _people(by: Caller) -> frozenset[str]:
    with reading(by.store.engine) as connection:
        return people(connection, by.store.live.at(connection))


@act("audit.verify", {ADMIN: "", AUDITOR: WITHOUT_IDS})
def verify_audit(by: Caller, noted: Head | None = None, signed_by: Verifier | None = None) -> Checked:
    """The audit trail is walked, and rows compared with what it says of them: every place where it does not hold.

    ``signed_by``: whose signature its head must bear; None: that of the key in the settings, where there is one.
    """
    signed_by = signed_by or verifier_of(by.store.engine)
    behind = dt.timedelta(seconds=by.settings.clock_behind_seconds)
    acknowledged = acknowledged_over(by.store.engine)  # before anything is read: what is read then has it
    with looking(by.store.engine) as connection:
        found = audit.check(connection, noted, behind, signed_by, acknowledged)
    if by.actor.role == ADMIN:
        return found
    return replace(found, breaks=[each if each.table in TELLS_OF_NOBODY else replace(each, row_id="") for each in found.breaks])


@act("audit.head", only(AUDITOR, ADMIN))
def audit_head(by: Caller) -> Head:
    """Where the audit trail ends: to be noted elsewhere."""
    with reading(by.store.engine) as connection:
        return audit.head(connection)


class NotSignedError(Exception):
    """The head cannot be signed; says why."""


@act("audit.sign", only(ADMIN), writes=("audit.sign",), changes=True)
def sign_audit(by: Caller) -> Head:
    """The head of the audit trail is signed by the key of the settings, though the one before it was not: from here on again.

    Raises ``NotSignedError`` where there is no key, or the chain does not hold. What is said of rows stays said.
    """
    engine = by.store.engine
    if verifier_of(engine) is None:
        raise NotSignedError("there is no key: name one in OPTIMISER_AUDIT_SIGNING_KEY")
    with writing(engine) as connection:
        county_row(connection, lock=True)
        if any(not each.table for each in audit.check(connection).breaks):
            raise NotSignedError("the trail does not hold: see 'optimiser audit verify'")
        at = by.settings.clock.instant().isoformat()
        audit.append(connection, [by.entry("audit.sign", "audit")], at=at, rule_book=RULE_BOOK, sign_anew=True)
        return audit.head(connection)


@dataclass(frozen=True)
class Wanted:
    """Which entries: all conditions that are given hold together. ``since``: a day in London."""

    subject: str | None = None
    actor: str | None = None
    since: dt.date | None = None

    def condition(self, stay: Stay | None) -> ColumnElement[bool]:
        """All that is wanted, and of a subject what may name or show it: see ``is_about``."""
        column, conditions = table_schema.audit.c, [table_schema.audit.c.seq > 0]
        if self.subject is not None:
            written = orjson.dumps(self.subject).decode()[1:-1]
            named = or_(column.subject == self.subject, column.details.contains(written, autoescape=True))
            conditions.append(named if stay is None else or_(named, may_show_everybody()))
        if self.actor is not None:
            # Actors stand in the trail as NAME (KEY): a name finds all keys of its holder.
            conditions.append(or_(column.actor == self.actor, column.actor.startswith(f"{self.actor} (", autoescape=True)))
        if self.since is not None:
            midnight = dt.datetime.combine(self.since, dt.time(), LONDON).astimezone(dt.UTC)
            conditions.append(column.at >= midnight.replace(tzinfo=None).isoformat())
        return and_(*conditions)

    def is_about(self, row: RowMapping, stay: Stay | None) -> bool:
        """Whether an entry is about the subject, any text of its details names it as a word, or everybody was shown in it."""
        if self.subject is None or row["subject"] == self.subject or names_any(row["details"], [self.subject]):
            return True
        return stay is not None and stay.shown_by(row)


def entries(store: Store, actor: Actor, wanted: Wanted, after: int = 0) -> Iterator[RowMapping]:
    """The entries that are wanted, oldest first, once it is written down that they were asked for.

    ``after``: those that are later than this one. Who is told of no people is not told which readings showed somebody, either:
    it would tell whether there is such a person.
    """
    tells_people = actor.role == ADMIN
    with store.change(actor) as change:
        details: dict[str, Any] = {name: value for name, value in asdict(wanted).items() if value is not None}
        if wanted.subject is None and tells_people:
            details[WHOLE_TRAIL] = change.state.version
        stay = None if wanted.subject is None or not tells_people else stay_of(change.connection, wanted.subject)
        change.remember("audit.show", "audit", wanted.subject or "", details)
        before = audit.head(change.connection).seq
    with reading(store.engine) as connection, whatever_the_bytes(connection):
        question = (
            select(*table_schema.TOLD)
            .where(wanted.condition(stay), table_schema.audit.c.seq <= before, table_schema.audit.c.seq > after)
            .order_by(table_schema.audit.c.seq)
        )
        found = connection.execute(question.execution_options(yield_per=1000)).mappings()
        yield from (row for row in found if wanted.is_about(row, stay))
