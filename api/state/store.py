"""The county's records in a database: loaded whole, read as a state, changed one transaction after the other."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, cast

import orjson
from sqlalchemy import Connection, Engine, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row

from api.clock import Clock
from api.outbox.message_kind import Happening
from api.outbox.posting import post
from api.settings import Settings
from api.state.day_close import DayClose, Figures, bring_back, close_of, keep_close, kept_close
from api.state.incremental_state import first_state, with_bodies
from api.state.state import State
from api.state.state_cache import Live
from api.state.stored_records import RELOAD, Body, KeptSettings, stock_of
from api.state.trusted_time import Judged, confirmed, heard, judge
from api.storage import audit, table_schema
from api.storage.audit import Actor, Entry
from api.storage.database import county_row, reading, writing
from api.storage.row_digests import NO_ROWS, RowDigests, came, gone, new_salt, records_there
from optimiser.domain.snapshot import Snapshot
from optimiser.rules.book import VERSION as RULE_BOOK

WRITTEN = "records.write"
"""The action of the entry of a change that has none of its own: no row is written without one."""


class NotEmptyError(Exception):
    """The database holds a county already."""


class Change:
    """What one transaction does: records to write and entries for the audit trail, against the state that it found.

    ``locked``: the county's row as it was when the transaction locked it.
    """

    def __init__(self, connection: Connection, state: State, actor: Actor, clock: Clock, locked: Row[Any] | None = None) -> None:
        self.connection, self.state, self.actor, self.clock = connection, state, actor, clock
        self._locked = locked
        self._bodies: dict[tuple[str, str], Body | None] = {}
        self._unseen: dict[tuple[str, str], Body | None] = {}
        self._after = state
        self._settings: dict[str, str] = {}
        self._entries: list[Entry] = []
        self._rows = NO_ROWS
        self._judged: Judged | None = None
        self._of_time: dict[str, Any] = {}

    def put(self, kind: str, record_id: str, body: Body) -> None:
        """Write a record: its cells by column, and whatever the service adds."""
        self._bodies[kind, record_id] = self._unseen[kind, record_id] = body

    def remove(self, kind: str, record_id: str) -> None:
        self._bodies[kind, record_id] = self._unseen[kind, record_id] = None

    def delete(self, named: Collection[tuple[str, str]]) -> None:
        """Records are deleted outright: nothing of them stays behind, and every process reads the county again."""
        there = records_there(self.connection, named)
        self._rows += gone("records", there.values())
        for kind, record_id in there:
            mine = and_(table_schema.records.c.kind == kind, table_schema.records.c.id == record_id)
            self.connection.execute(delete(table_schema.records).where(mine))
        self.put(RELOAD, "forgetting", {})

    def was_ever(self, kind: str, record_id: str) -> bool:
        """Whether there is, or was, a record of this id (unless it is forgotten): an id is given to one record alone."""
        records = table_schema.records.c
        mine = select(records.id).where(records.kind == kind, records.id == record_id)
        return (kind, record_id) in self._bodies or self.connection.execute(mine).first() is not None

    def set_up(self, title: str, settings: KeptSettings) -> None:
        """Give the county another title and other settings."""
        self._settings = {"title": title, "policy": settings.text()}
        after = self.as_if()
        self._after = first_state(self.state.version + 1, after.stock, after.as_of, title, settings)

    def remember(
        self,
        action: str,
        subject_kind: str,
        subject: str = "",
        details: Mapping[str, Any] | None = None,
        *,
        actor: Actor | None = None,
    ) -> None:
        """An entry of the audit trail, written with the change or not at all. ``actor``: where it was somebody else's act."""
        self.add(Entry(actor or self.actor, action, subject_kind, subject, details or {}))

    def add(self, entry: Entry) -> None:
        """The same for an entry that is made already."""
        self._entries.append(entry)

    def believes_the_clock(self, settings: Settings, clock: Actor) -> bool:
        """Whether things may end by time now. A doubt that is new, or a heartbeat that is due, is written with the change.

        ``clock``: in whose name the trail tells of a doubt.
        """
        if self._judged is None:
            self._judged = judge(self.connection, settings, self._locked)
            self._of_time = self._judged.write
            if self._judged.is_new:
                since = None if self._judged.heard_at is None else self._judged.heard_at.isoformat()
                self.remember("clock.doubt", "county", details={"doubt": self._judged.doubt, "heard_at": since}, actor=clock)
        return self._judged.doubt is None

    def confirm_clock(self) -> None:
        """The clock is believed from now on, and today is the day of the close that is kept, where that was one to come."""
        self._of_time = confirmed(self.clock)
        bring_back(self.connection, self.state.as_of)

    @property
    def changes_records(self) -> bool:
        return bool(self._bodies)

    def as_if(self) -> State:
        """The state that this change would lead to, to check it before it is committed."""
        if self._unseen:
            self._after = with_bodies(self._after, self._unseen, self.state.version + 1)
            self._unseen = {}
        return self._after

    @property
    def seen(self) -> State | None:
        """The state that this change leads to, where it was asked for since the last record was written.

        None where records were deleted outright as well: those have to be read again.
        """
        deleted = any(kind == RELOAD for kind, _ in self._bodies)
        return None if deleted or self._unseen else self._after

    def write(self) -> None:
        """Called once, by the store, at the end."""
        version = self.state.version + 1
        written = self._rows
        if self._bodies:
            written += write_bodies(self.connection, self._bodies, version)
        told = dict(self._of_time)
        if self._settings:
            sealed, rows = settings_written(self.connection, self._settings, version)
            told |= sealed
            written += rows
        if self._bodies or self._settings:
            told |= {"version": version}
        if written and not self._entries:
            self.remember(WRITTEN, "county", details={"rows": len(written.came)})
        now = self.clock.instant()
        post(self.connection, Happening(self._entries, self._bodies, self.state, self.as_if), now)
        entries, at = self._entries, now.isoformat()
        audit.append(self.connection, entries, at=at, rule_book=RULE_BOOK, written=written, locked=self._locked, told=told)


def write_bodies(connection: Connection, bodies: Mapping[tuple[str, str], Body | None], version: int) -> RowDigests:
    """Insert or replace records, in one statement; the digests of what came and went. Since when a record is there stays."""
    there = records_there(connection, bodies)
    rows = [
        {
            "kind": kind,
            "id": record_id,
            "body": _cells(body),
            "version": version,
            "since": there[kind, record_id]["since"] if (kind, record_id) in there else version,
            "salt": new_salt(),
        }
        for (kind, record_id), body in bodies.items()
    ]
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table_schema.records)
    given = {name: statement.excluded[name] for name in ("body", "version", "salt")}
    connection.execute(statement.on_conflict_do_update(index_elements=["kind", "id"], set_=given), rows)
    return came("records", rows, version) + gone("records", there.values())


def settings_written(connection: Connection, settings: Mapping[str, Any], version: int) -> tuple[dict[str, Any], RowDigests]:
    """What the county's row is told where its title, its settings or whether it is for practice change; and the digests."""
    (before,) = connection.execute(select(table_schema.county)).mappings()
    told = {**settings, "salt": new_salt()}
    was = gone("county", [before]) if before["salt"] is not None else NO_ROWS
    return told, came("county", [{**before, **told}], version) + was


def _cells(body: Body | None) -> str | None:
    return None if body is None else orjson.dumps(body).decode()


class Store:
    """One county in one database. ``figures``: what is kept of it as each day begins (None: nothing)."""

    def __init__(self, engine: Engine, clock: Clock, figures: Figures | None = None) -> None:
        self.engine, self.clock, self.live = engine, clock, Live(clock)
        self._figures, self._close = figures, cast(DayClose | None, None)
        self._making_ready = threading.Lock()

    def is_empty(self) -> bool:
        with reading(self.engine) as connection:
            return not connection.execute(select(func.count()).select_from(table_schema.records)).scalar_one()

    def is_for_practice(self) -> bool:
        """Whether it was loaded so that somebody may try things out."""
        with reading(self.engine) as connection:
            return bool(county_row(connection).practice)

    def load(self, snapshot: Snapshot, actor: Actor, *, practice: bool | None = None) -> None:
        """Fill an empty database from a snapshot. Raises ``NotEmptyError`` otherwise: nothing is ever overwritten.

        ``practice``: nobody's care hangs on this county, and a day may be fixed; None: it is so where one is fixed already.
        """
        with writing(self.engine) as connection:
            county_row(connection, lock=True)
            if connection.execute(select(func.count()).select_from(table_schema.records)).scalar_one():
                raise NotEmptyError
            settings = KeptSettings.of(snapshot).text()
            marked = self.clock.fixed_day is not None if practice is None else practice
            told, rows = settings_written(connection, {"title": snapshot.title, "policy": settings, "practice": marked}, 1)
            connection.execute(update(table_schema.county).values(**told, version=1, **heard(self.clock)))
            bodies = {(kind, each): body for kind, stock in stock_of(snapshot).items() for each, body in stock.items()}
            rows += write_bodies(connection, bodies, 1)
            details = {"digest": snapshot.digest(), "records": len(bodies), **({"practice": True} if marked else {})}
            entry = Entry(actor, "county.load", "county", details=details)
            at = self.clock.instant().isoformat()
            audit.append(connection, [entry], at=at, rule_book=RULE_BOOK, written=rows)

    def state(self) -> State:
        """The county as it is now."""
        with reading(self.engine) as connection:
            return self.live.at(connection)

    def day_close(self) -> DayClose:
        """The figures with which the day began, of a store that keeps any."""
        if self._figures is None:
            raise ValueError("this store keeps no figures of days")
        return self.begin_day() or close_of(self.state(), self._figures)

    def begin_day(self) -> DayClose | None:
        """Keep the figures with which the day began, where this store keeps any and they are not kept yet.

        None where there are none, or they cannot be worked out: whoever has more to do goes on.
        """
        known = self._ready()
        if self._figures is not None and (known is None or known.day < self.clock.today()):
            with writing(self.engine) as connection:
                county_row(connection, lock=True)
                known = keep_close(connection, self.live.at(connection), self._figures)
            self._close = known
        return known

    def _ready(self) -> DayClose | None:
        """What the first transaction of a day needs is made before anybody is kept waiting: the county as it is today, and the
        figures with which today begins. The transaction finds them, unless somebody was quicker, who has kept the close then.

        Returns the newest close that is kept.
        """
        if self._figures is None or self._is_known_today():
            return self._close
        with self._making_ready:
            if not self._is_known_today():
                with reading(self.engine) as connection:
                    state, kept = self.live.at(connection), kept_close(connection)
                if kept is not None and kept.day >= state.as_of:
                    self._close = kept
                elif state.version:
                    with suppress(Exception):  # whoever keeps it tries again, and says what is wrong
                        close_of(state, self._figures)
        return self._close

    def _is_known_today(self) -> bool:
        """One of a day to come is asked for again: it may have been brought back (``Change.confirm_clock``)."""
        return self._close is not None and self._close.day == self.clock.today()

    def _close_before_changes(self, connection: Connection, state: State) -> DayClose | None:
        """The close that has to be there before anything is changed on the state's day."""
        if self._figures is None or self._is_known_today():
            return self._close
        return keep_close(connection, state, self._figures)

    @contextmanager
    def trial(self, actor: Actor) -> Iterator[Change]:
        """What a change would do, of which nothing is written."""
        with reading(self.engine) as connection:
            yield Change(connection, self.live.at(connection), actor, self.clock)

    @contextmanager
    def change(self, actor: Actor) -> Iterator[Change]:
        """Change something: nobody else does at the same time, and all of it is written or nothing."""
        self._ready()
        with writing(self.engine) as connection:
            row = county_row(connection, lock=True)
            state = self.live.at(connection, row)
            close = self._close_before_changes(connection, state)
            change = Change(connection, state, actor, self.clock, row)
            yield change
            change.write()
        self._close = close  # known once it is committed: what is rolled back has to be kept again
        if change.seen is not None:
            self.live.advance(change.state, change.seen)
