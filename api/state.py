"""The county as it is now, in memory: a snapshot of the database's records with all that follows from it.

A state is never changed. When the database has a newer version, a new state is made from the old one and from what was
written since, so that a change of an offer costs milliseconds and not the reading of a county.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

import orjson
from sqlalchemy import Connection, select

from api.clock import Clock
from api.holds import Hold, holds_of, with_holds
from api.storage import tables
from api.storage.engine import county_row
from api.storage.policies import policy_from
from optimiser.cascade import Cascade
from optimiser.checking import VerifiedPlan, verify
from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import Area
from optimiser.domain.snapshot import Snapshot
from optimiser.io.records import KINDS, cells_of, id_column, record_of
from optimiser.rules.book import RuleBook, standard_rules
from optimiser.usage import Usage, entry_plan

Body = dict[str, Any]
"""A record as it is stored: its cells by column, and what the service adds to them (names that no column has)."""


@dataclass(frozen=True)
class Stored:
    """A record in the database. ``version`` is its ETag; ``record`` what the engine sees of it."""

    body: Body
    version: int
    record: Any


OWN_KINDS = ("alerts",)
"""Kinds of record that the service keeps for itself: versioned like the others, no part of a snapshot."""

Stock = Mapping[str, Mapping[str, Stored]]
"""Per kind the records by id: ``areas``, those of ``optimiser.io.records``, and the service's own, whose ``record`` is None."""

IN_SNAPSHOT = ("areas", *KINDS)
RELOAD = "reload"
"""A record of this kind says that others were deleted outright: whoever knows an older version reads everything again."""


@dataclass(frozen=True)
class State:
    """The county at one version, on one day."""

    version: int
    stock: Stock
    county: County
    rules: RuleBook

    @property
    def snapshot(self) -> Snapshot:
        return self.county.snapshot

    @property
    def as_of(self) -> dt.date:
        return self.county.as_of

    @cached_property
    def entry(self) -> Plan:
        """Where everybody is before anything is decided: running care and accepted offers."""
        return entry_plan(self.county)

    @cached_property
    def standing_plan(self) -> VerifiedPlan:
        """Where everybody is before anything is decided, with the use of every limit."""
        return verify(self.county, self.rules, self.entry)

    @cached_property
    def holds(self) -> tuple[Hold, ...]:
        """The hours that are kept free for somebody, in the order in which they were asked for."""
        return holds_of(self.county, {each: stored.version for each, stored in self.stock["offers"].items()})

    @cached_property
    def usage(self) -> Usage:
        """How much of every limit is used, all that is held included."""
        return with_holds(Usage.of(self.county, self.rules, self.entry), self.county, self.holds)

    @cached_property
    def cascade(self) -> Cascade:
        """Read it, or order with a copy: ordering changes it for a moment."""
        return Cascade(self.county, self.entry)

    @cached_property
    def making(self) -> threading.Lock:
        """Held while an answer is made, so that it is made once."""
        return threading.Lock()

    @cached_property
    def bodies(self) -> dict[Any, bytes]:
        """Answers made from this state already: whoever asks again gets the same bytes."""
        return {}

    def get(self, kind: str, record_id: str) -> Stored | None:
        return self.stock[kind].get(record_id)

    def with_bodies(self, bodies: Mapping[tuple[str, str], Body | None]) -> State:
        """The state with some records written or gone, as the next version. Raises ``InputRefusedError`` for a wrong cell."""
        stock = _ByKind({kind: dict(each) for kind, each in self.stock.items()})
        for (kind, record_id), body in bodies.items():
            if body is None:
                stock[kind].pop(record_id, None)
            else:
                stock.setdefault(kind, {})[record_id] = Stored(body, self.version + 1, _record(kind, body))
        return _next(self.version + 1, stock, self)


class _ByKind(dict[str, dict[str, Stored]]):
    """A kind that has no records yet is empty, and asking for it changes nothing."""

    def __missing__(self, kind: str) -> dict[str, Stored]:
        return {}


class Live:
    """The newest state, brought up to date from a transaction."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._state: State | None = None

    def at(self, connection: Connection) -> State:
        """The state as this transaction sees it."""
        with self._lock:
            row, today, known = county_row(connection), self._clock.today(), self._state
            if known is not None and (known.version, known.as_of) == (row.version, today):
                return known
            if known is not None and known.version > row.version:
                known = None  # this transaction began before what we know was written
            if known is not None and _was_deleted_from(connection, known.version):
                known = None
            stock = _newer(connection, known)
            version = int(row.version)
            if known is None:
                self._state = _first(version, stock, today, str(row.title), str(row.policy))
            else:
                self._state = _next(version, stock, known, today)
            return self._state


def _was_deleted_from(connection: Connection, version: int) -> bool:
    """Whether records were deleted since a version: they left nothing behind that would say which."""
    newer = (tables.records.c.kind == RELOAD) & (tables.records.c.version > version)
    return connection.execute(select(tables.records.c.id).where(newer)).first() is not None


def _newer(connection: Connection, known: State | None) -> _ByKind:
    """The stock of what is known, with all that was written since."""
    stock = _ByKind({kind: {} for kind in (*IN_SNAPSHOT, *OWN_KINDS)})
    stock |= {kind: dict(each) for kind, each in known.stock.items()} if known else {}
    question = select(tables.records).where(tables.records.c.version > (known.version if known else -1))
    for row in connection.execute(question):
        if row.body is None:
            stock[row.kind].pop(row.id, None)
        else:
            body = orjson.loads(row.body)
            stock.setdefault(row.kind, {})[row.id] = Stored(body, int(row.version), _record(row.kind, body))
    return stock


def _record(kind: str, body: Body) -> Any:
    if kind not in IN_SNAPSHOT:
        return None
    if kind != "areas":
        return record_of(kind, body)
    go_live = body["go_live"]
    return Area(
        body["area_id"], body["name"], body["region"], dt.date.fromisoformat(go_live) if go_live else None, body["geometry"]
    )


def _first(version: int, stock: Stock, today: dt.date, title: str, policy: str) -> State:
    parts: dict[str, Any] = {kind: _tuple(stock[kind]) for kind in IN_SNAPSHOT}
    snapshot = Snapshot(as_of=today, title=title, policy=policy_from(policy), **parts)
    return State(version, stock, County.of(snapshot), standard_rules())


def _next(version: int, stock: Stock, known: State, today: dt.date | None = None) -> State:
    """A later state, with all that holds of an earlier one."""
    changed = {kind: _tuple(stock[kind]) for kind in IN_SNAPSHOT if known.stock[kind] != stock[kind]}
    snapshot = replace(known.snapshot, as_of=today or known.as_of, **changed)
    county = County.of(snapshot, like=known.county)
    _keep_what_holds(known.county, county)
    return State(version, stock, county, known.rules)


def _tuple(stock: Mapping[str, Stored]) -> Any:
    return tuple(stock[each].record for each in sorted(stock))


def _keep_what_holds(before: County, after: County) -> None:
    """Facts worked out already, where they rest on the same records: a change of an offer moves nobody."""
    if _same_homes(before, after) and after.snapshot.areas is before.snapshot.areas:
        for name in ("base_metres", "package_area", "demand_minutes", "package_index", "area_of"):
            if name in before.__dict__ and after.office_metres is before.office_metres:
                after.__dict__[name] = before.__dict__[name]


def _same_homes(before: County, after: County) -> bool:
    """The same people in the same areas with the same need, cared for under the same contracts."""
    if after.snapshot.packages is before.snapshot.packages:
        return True
    facts = attrgetter("package_id", "area_id", "minutes_per_week", "contract_id")
    return list(map(facts, after.packages)) == list(map(facts, before.packages))


def stock_of(snapshot: Snapshot) -> dict[str, dict[str, Body]]:
    """Every record of a snapshot as it is stored."""
    stock: dict[str, dict[str, Body]] = defaultdict(dict)
    for area in snapshot.areas:
        stock["areas"][area.area_id] = {
            "area_id": area.area_id,
            "name": area.name,
            "region": area.region,
            "go_live": area.go_live.isoformat() if area.go_live else None,
            "geometry": area.geometry,
        }
    for kind in KINDS:
        for record in getattr(snapshot, kind):
            cells: Body = dict(cells_of(kind, record))
            stock[kind][cells[id_column(kind)]] = cells
    return dict(stock)
