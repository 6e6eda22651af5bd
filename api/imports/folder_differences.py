"""What a snapshot folder says otherwise than the service's county, and what of it would be written.

A row that the folder does not have is listed and left: things end by their ``ends``, or where that is asked for. People and
offers are never removed. Of running care the service's own record stands, unless the folder's is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import orjson

from api.packages.acts import DECISIONS
from api.state.state import State
from api.state.stored_records import COLUMNS, IN_SNAPSHOT, Body, KeptSettings, Stored, body_of, id_of
from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.io.record_cells import EXTRA

THINGS_THAT_END = ("contracts", "restrictions")
"""Kinds of which what the folder does not have may be ended."""
CARE = ("status", "contract_id", "care_started", "previous_contract_id", "held_until", "priority_set_on")
"""Columns of a package that the service itself writes as care begins, is held and begins again."""
WITH_CARE = ("round_id", "start_by", "requested_at")
"""Columns that it writes as well where it has given a package another status or contract."""

OF_THE_SERVICE = ("offers", "meanwhile", "decisions", "answers")
"""Kinds of which, for people who are there already, the service's own records stand."""

Name = tuple[str, str]
"""The kind and the id of a record."""


@dataclass(frozen=True)
class Wanted:
    """What of a folder is taken beside what is new or has other facts."""

    end_missing: bool = False
    """Contracts and restrictions that the folder does not have end on its date."""
    care: bool = False
    """Status, contract and holds of packages are the folder's, too."""
    decisions: bool = False
    """So are protection and transfer decisions of people who are there already; for social work alone."""


@dataclass
class OfOneKind:
    """The differences in one kind of record, by id; with the columns where some differ."""

    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    ended: dict[str, list[str]] = field(default_factory=dict)
    """Given an ``ends``, or an earlier one."""
    removed: list[str] = field(default_factory=list)
    """Visits in place of which the folder has others for the same package."""
    missing: list[str] = field(default_factory=list)
    """Not in the folder: left as they are."""
    kept: dict[str, list[str]] = field(default_factory=dict)
    """Where the folder says otherwise and the service's own record stands; no columns: the folder's record is not taken."""
    own_columns: list[str] = field(default_factory=list)
    """All columns of the council's own, where they or their order become others."""
    untouched: int = 0

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {
            name: value if isinstance(value, int) else len(value) for name, value in asdict(self).items() if name != "own_columns"
        }

    @property
    def differs(self) -> bool:
        return any(value for name, value in asdict(self).items() if name != "untouched")


@dataclass(frozen=True)
class Differences:
    """All differences, and the bodies that would be written (None: taken out)."""

    of: Mapping[str, OfOneKind]
    settings: tuple[str, ...]
    """The title and settings that are others."""
    bodies: Mapping[Name, Body | None]
    digest: str
    """Of all that would be written and all that is listed: equal for what is equal."""

    def __repr__(self) -> str:
        return f"<Differences, {len(self.bodies)} records>"

    @property
    def writes(self) -> bool:
        return bool(self.bodies or self.settings)


def differences(state: State, folder: Snapshot, wanted: Wanted, ended_here: Collection[str]) -> Differences:
    """``ended_here``: the ids of packages whose care the service has ended; they are not asked for again."""
    looked = _Comparison(state, folder, wanted, frozenset() if wanted.care else frozenset(ended_here))
    for kind in IN_SNAPSHOT:
        looked.compare(kind)
    told = {kind: found for kind, found in looked.of.items() if found.differs or found.untouched}
    settings = _other_settings(state.snapshot, folder)
    listed = [[kind, asdict(found) | {"untouched": 0}] for kind, found in told.items()]
    given = settings_of(folder)
    after = [given["title"], [given[name] for name in settings if name != "title"]]
    written = [[*name, body] for name, body in sorted(looked.bodies.items())]
    digest = hashlib.sha256(orjson.dumps([listed, after, written, asdict(wanted)])).hexdigest()
    return Differences(told, settings, looked.bodies, digest)


def settings_of(snapshot: Snapshot) -> dict[str, str]:
    """The title and every setting that is kept with a county, by name, as a text."""
    kept = KeptSettings.of(snapshot)
    return {"title": snapshot.title} | {part.name: str(getattr(each, part.name)) for each in kept for part in fields(each)}


def _other_settings(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    known, given = settings_of(before), settings_of(after)
    return tuple(name for name in given if given[name] != known[name])


class _Comparison:
    """Kind after kind; packages before their visits and offers, as ``IN_SNAPSHOT`` has them."""

    def __init__(self, state: State, folder: Snapshot, wanted: Wanted, ended_here: frozenset[str]) -> None:
        self._state, self._folder, self._wanted, self._ended_here = state, folder, wanted, ended_here
        self.of: dict[str, OfOneKind] = {kind: OfOneKind() for kind in IN_SNAPSHOT}
        self.bodies: dict[Name, Body | None] = {}
        self._with_visits = {visit.package_id for visit in folder.visits}
        self._people = {package.package_id for package in folder.packages}

    def compare(self, kind: str) -> None:
        ours, found = self._state.stock[kind], self.of[kind]
        own = self._folder.extra.get(kind, OwnColumns((), {}))
        theirs = {id_of(kind, record): record for record in getattr(self._folder, kind)}
        for record_id, record in theirs.items():
            stored, extra = ours.get(record_id), dict(own.cells.get(record_id, {}))
            if stored is None:
                self._add(kind, record_id, record, extra)
            else:
                others = {name: text for name, text in stored.body.get(EXTRA, {}).items() if name not in own.columns}
                self._change(kind, record_id, record, stored, others | extra)
        for record_id in sorted(ours.keys() - theirs.keys()):
            self._missing(kind, record_id, ours[record_id])
        self._columns(kind, own, found)

    def _add(self, kind: str, record_id: str, record: Any, extra: dict[str, str]) -> None:
        person = getattr(record, "package_id", None)
        late = kind in OF_THE_SERVICE and person not in self.of["packages"].added
        if person in self._ended_here or late:
            self.of[kind].kept[record_id] = []
            return
        self.of[kind].added.append(record_id)
        self.bodies[kind, record_id] = body_of(kind, record) | ({EXTRA: extra} if extra else {})

    def _change(self, kind: str, record_id: str, record: Any, stored: Stored, extra: dict[str, str]) -> None:
        found, own_before = self.of[kind], stored.body.get(EXTRA, {})
        if stored.record == record and own_before == extra:
            found.untouched += 1
            return
        before, after = _plain(body_of(kind, stored.record)), _plain(body_of(kind, record))
        columns = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        own = [name for name in {**own_before, **extra} if own_before.get(name) != extra.get(name)]
        kept = columns + own if kind in OF_THE_SERVICE else self._kept(kind, columns)
        if kept:
            found.kept[record_id] = kept
        taken = [name for name in columns + own if name not in kept]
        if not taken:
            found.untouched += not kept
            return
        rest = {name: value for name, value in stored.body.items() if name != EXTRA and name not in taken}
        body = rest | {name: after[name] for name in taken if name in after}
        self.bodies[kind, record_id] = body | ({EXTRA: extra} if extra else {})
        day, was = getattr(record, "ends", None), getattr(stored.record, "ends", None)
        (found.ended if day and (was is None or day < was) else found.changed)[record_id] = taken

    def _kept(self, kind: str, columns: list[str]) -> list[str]:
        if kind != "packages":
            return []
        elsewhere = "status" in columns or "contract_id" in columns
        care = () if self._wanted.care else (*CARE, *WITH_CARE) if elsewhere else CARE
        return [name for name in columns if name in care or (name in DECISIONS and not self._wanted.decisions)]

    def _missing(self, kind: str, record_id: str, stored: Stored) -> None:
        found, day = self.of[kind], self._folder.as_of
        person = getattr(stored.record, "package_id", None)
        if kind in OF_THE_SERVICE or (kind == "visits" and person not in self._people):
            found.untouched += 1  # the service's own, or of somebody who is listed
        elif kind == "visits" and person in self._with_visits:
            found.removed.append(record_id)
            self.bodies[kind, record_id] = None
        elif kind in THINGS_THAT_END and self._wanted.end_missing and not (stored.record.ends and stored.record.ends <= day):
            found.ended[record_id] = ["ends"]
            self.bodies[kind, record_id] = stored.body | {"ends": str(max(day, stored.record.starts or day))}
        else:
            found.missing.append(record_id)

    def _columns(self, kind: str, own: OwnColumns, found: OfOneKind) -> None:
        """In the order of the folder where it has all that there are, else those that are new behind the others."""
        known = self._state.snapshot.extra[kind].columns if kind in self._state.snapshot.extra else ()
        listed = own.columns if set(known) <= set(own.columns) else (*known, *(c for c in own.columns if c not in known))
        if listed != known:
            found.own_columns = list(listed)
            self.bodies[COLUMNS, kind] = {"columns": list(listed)}


def _plain(body: Body) -> Body:
    """A body as the database gives it back."""
    plain: Body = orjson.loads(orjson.dumps(body))
    return plain


def people_of(changed: Differences, state: State) -> Iterator[str]:
    """The packages that were there before and whose own records or visits would be others."""
    names = {record_id for kind, record_id in changed.bodies if kind == "packages"}
    for kind, record_id in changed.bodies:
        if kind == "visits":
            found, body = state.get(kind, record_id), changed.bodies[kind, record_id]
            names |= {found.record.package_id} if found else set()
            names |= {body["package_id"]} if body else set()
    yield from sorted(name for name in names if state.get("packages", name))
