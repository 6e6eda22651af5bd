"""A county is brought to what a snapshot folder says, or told how it differs from it."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import orjson
from sqlalchemy import Connection, select

from api.acts.act import Caller, Size, act
from api.acts.who_may_set import actors_of
from api.http.errors import Problem, declare
from api.http.responses import require, tag
from api.imports.folder_differences import Differences, Wanted, differences, people_of, settings_of
from api.imports.schemas import Synced, TableSynced, Touched
from api.offers.lapsing import sweep
from api.packages.acts import DECISIONS, needed, supersede_declines
from api.packages.lapsing_decisions import lapse_decisions
from api.records.record_kinds import RATINGS, RECORD_KINDS
from api.security.roles import ADMIN, CONTRACTS, SOCIAL_WORK
from api.state.accepting import faults_of_all
from api.state.incremental_state import first_state, with_bodies
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import COLUMNS, RESERVE, Body, KeptSettings, opening_body
from api.storage import table_schema
from api.storage.audit import WHOLE_COUNTY
from api.storage.database import reading
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import InputRefusedError
from optimiser.io.reading import Reading
from optimiser.io.schema import OF_PEOPLE

IMPORT_WITHOUT_REASON = declare("import_without_reason", 422, "What an import writes needs a reason, which the audit trail keeps")


OF_CONTRACTS = tuple(kind.kind for kind in RECORD_KINDS if CONTRACTS in kind.added_by)
"""Kinds that contract officers keep; of providers all but the ratings."""


@act(
    "county.sync",
    {CONTRACTS: f"{', '.join(OF_CONTRACTS)} alone, and no ratings", ADMIN: ""},
    writes=("county.sync", "county.compare", "offer.supersede", "decision.lapse"),
    changes=True,
    takes=Size.FOLDER,
)
def sync(by: Caller, folder: Reading, wanted: Wanted, reason: str = "", *, dry_run: bool, seen: str | None = None) -> Synced:
    """What a snapshot folder says otherwise is listed, or written: all of it, with a reason, or nothing.

    ``seen``: the tag of the list that the caller has seen; None: of none. Raises ``InputRefusedError`` with every fault that the
    county would have, and a ``Problem`` where it is empty, the list has become another, or a reason is missing.
    """
    if wanted.decisions:
        actors_of(by.actor, {SOCIAL_WORK: DECISIONS}, DECISIONS)
    if dry_run:
        return _look(by, folder, wanted)
    if not reason:
        raise Problem(IMPORT_WITHOUT_REASON, "Say why: a contract's variation, the yearly uplift.")
    with by.change() as change:
        found = _found(change.connection, change.state, folder.snapshot, wanted)
        if seen is not None:
            require(seen, tag(found.digest))
        _refuse_what_others_keep(by, change.state, found)
        _write(by, change, folder.snapshot, found, reason)
    return _told(by, folder, found, dry_run=False)


def _look(by: Caller, folder: Reading, wanted: Wanted) -> Synced:
    with reading(by.store.engine) as connection:
        state = by.store.live.at(connection)
        found = _found(connection, state, folder.snapshot, wanted)
    _judge(state, _after(state, folder.snapshot, found))
    told = {kind: each.counts() for kind, each in found.of.items()}
    seen = {"digest": folder.snapshot.digest(), "differences": found.digest, "tables": told, WHOLE_COUNTY: state.version}
    by.read("county.compare", "county", details=seen)
    return _told(by, folder, found, dry_run=True)


def _refuse_what_others_keep(by: Caller, state: State, found: Differences) -> None:
    """A contract officer takes of a folder what contract officers keep. Raises the problem ``forbidden`` with all else."""
    if by.actor.role != CONTRACTS:
        return
    others = {record_id if kind == COLUMNS else kind for kind, record_id in found.bodies} - set(OF_CONTRACTS)
    for (kind, record_id), body in found.bodies.items():
        if kind == "providers" and body is not None:
            stored = state.get(kind, record_id)
            before = stored.body if stored else {"cqc_rating": "not_rated"}
            others |= {f"providers' {name}" for name in RATINGS if (body.get(name) or "") != (before.get(name) or "")}
    if others | set(found.settings):
        told = ", ".join(sorted({*others, *(f"the setting {name}" for name in found.settings)}))
        raise Problem("forbidden", f"The folder has others of {told}, which need an admin. List the differences, or export anew.")


def _found(connection: Connection, state: State, folder: Snapshot, wanted: Wanted) -> Differences:
    if not state.snapshot.areas:
        raise Problem("not_ready", "The database is empty: run 'optimiser load FOLDER'.")
    record = table_schema.records.c
    gone = select(record.id).where(record.kind == "packages", record.body.is_(None))
    return differences(state, folder, wanted, {str(each) for each in connection.execute(gone).scalars()})


def _after(state: State, folder: Snapshot, found: Differences) -> State:
    after = with_bodies(state, found.bodies)
    if not found.settings:
        return after
    return first_state(after.version, after.stock, after.as_of, folder.title, KeptSettings.of(folder))


def _judge(before: State, after: State) -> None:
    """The whole county as a snapshot is judged. What was wrong before is nobody's fault now."""
    faults = faults_of_all(after)
    known = set(faults_of_all(before)) if faults else set()
    if new := [fault for fault in faults if fault not in known]:
        raise InputRefusedError(new)


def _write(by: Caller, change: Change, folder: Snapshot, found: Differences, reason: str) -> None:
    before = change.state
    for (kind, record_id), body in found.bodies.items():
        if body is None:
            change.remove(kind, record_id)
        elif kind == RESERVE:  # a folder holds the areas alone
            change.put(kind, record_id, opening_body(record_id, before.as_of, by.actor.name, reason))
        else:
            change.put(kind, record_id, body)
    if found.settings:
        change.set_up(folder.title, KeptSettings.of(folder))
    after = change.as_if()
    _judge(before, after)
    _remember(change, folder, found, reason)
    for package_id in people_of(found, before):
        if needed(*_needs(before, package_id)) != needed(*_needs(after, package_id)):
            supersede_declines(change, package_id, by.settings.clock.now().isoformat())
            lapse_decisions(change, package_id)
    if found.writes:
        sweep(change, by.settings, change.as_if())  # offers that may no longer be waited for are stopped


def _needs(state: State, package_id: str) -> tuple[Any, Any]:
    return state.stock["packages"][package_id].record, state.visits_of.get(package_id, ())


def _remember(change: Change, folder: Snapshot, found: Differences, reason: str) -> None:
    """An entry for the whole, which names nobody, and one for each record with what of it was and is."""
    told: dict[str, Any] = {"reason": reason, "digest": folder.digest(), "as_of": str(folder.as_of), "differences": found.digest}
    told["tables"] = {kind: each.counts() for kind, each in found.of.items()}
    told["settings_before"], told["settings_after"] = (
        {name: settings_of(snapshot)[name] for name in found.settings} for snapshot in (change.state.snapshot, folder)
    )
    change.remember("county.sync", "county", details=told)
    for (kind, record_id), body in found.bodies.items():
        if kind == COLUMNS:
            continue
        stored = change.state.get(kind, record_id)
        before = stored.body if stored else {}
        names = [name for name in {**before, **(body or {})} if before.get(name) != (body or {}).get(name)]
        # Who is forgotten later is found by the id of the package.
        about = (body or before).get("package_id") if kind in OF_PEOPLE and kind != "packages" else None
        details = {"before": _cells(before, names), "after": _cells(body or {}, names), "reason": reason}
        details |= {"id": record_id} if about else {}
        decided = stored is not None and kind == "packages" and not set(names).isdisjoint(DECISIONS)
        actor = change.actor.using(SOCIAL_WORK) if decided else change.actor
        change.remember("county.sync", "packages" if about else kind, about or record_id, details, actor=actor)


def _cells(body: Body, names: list[str]) -> Body:
    """These of a body; an outline, which may have thousands of corners, by its digest."""
    found = {name: body[name] for name in names if name in body}
    if found.get("geometry"):
        found["geometry"] = hashlib.sha256(orjson.dumps(found["geometry"])).hexdigest()
    return found


def _told(by: Caller, folder: Reading, found: Differences, *, dry_run: bool) -> Synced:
    today = by.settings.clock.today()
    return Synced(
        dry_run=dry_run,
        digest=found.digest,
        writes=found.writes,
        as_of=folder.snapshot.as_of,
        today=today,
        tables=[
            TableSynced(
                table=kind,
                added=each.added,
                changed=_touched(each.changed),
                ended=_touched(each.ended),
                removed=each.removed,
                missing=each.missing,
                kept=_touched(each.kept),
                own_columns=each.own_columns,
                untouched=each.untouched,
            )
            for kind, each in found.of.items()
        ],
        settings=list(found.settings),
        notes=[note.message() for note in folder.notes] + _of_another_day(folder.snapshot.as_of, today),
    )


def _touched(records: dict[str, list[str]]) -> list[Touched]:
    return [Touched(id=record_id, columns=columns) for record_id, columns in records.items()]


def _of_another_day(as_of: dt.date, today: dt.date) -> list[str]:
    return [f"the folder is of {as_of}, the service goes by today, {today}"] if as_of != today else []
