"""The three deeds of every kind of record: one is added, changed or ended.

Each is judged as a snapshot's files are, whole, in one transaction with its reason and its entry in the audit trail; offers that
may no longer be waited for are stopped with it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from api.acts.act import Caller
from api.acts.who_may_set import actors_of
from api.http.errors import ALREADY_THERE, Problem, declare
from api.http.responses import Shown, require, shown, tag, tags_of
from api.offers.lapsing import sweep
from api.packages.acts import area_around
from api.records.answers import record_json, written_json
from api.records.record_kinds import RecordKind
from api.records.schemas import Ended, given_cells
from api.state.accepting import put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Stored, as_before, with_given
from api.storage.audit import Actor
from optimiser.io.record_cells import EXTRA

Cells = dict[str, Any]

STILL_NEEDED = declare("still_needed", 409, "Something still rests on this record as it is; `faults` says what")
NOT_AHEAD = declare("not_ahead", 422, "The format has no day for this: it holds from today")


def add_record(by: Caller, kind: RecordKind, asked: Any, dry_run: bool) -> Shown:
    """A new record. Raises a ``Problem``, or ``InputRefusedError`` with every fault."""
    with changing(by, dry_run) as change:
        (record_id,) = add_inside(change, kind, [asked])
        return answer(by, change, kind, record_id, dry_run=dry_run)


def add_inside(change: Change, kind: RecordKind, asked: Iterable[Any]) -> list[str]:
    """Add records inside a change, judged together, each with its entry in the trail; returns their ids. Raises as above."""
    written: dict[tuple[str, str], Cells | None] = {}
    made: list[tuple[str, Cells, Any]] = []
    by_whom: list[dict[Actor, tuple[str, ...]]] = []
    for one in asked:
        cells: Cells = with_given(dict.fromkeys(kind.columns, "") | dict(kind.begins_as), kind.cells(one))
        record_id = kind.id_of(cells)
        refuse_there_already(change.state, kind, record_id)
        by_whom.append(_who_sets(change, kind, cells, one))
        if "latitude" in cells and "area_id" in cells:
            cells["area_id"] = cells["area_id"] or area_around(change.state, one.latitude, one.longitude)
        with_it = kind.comes_with(one, record_id)
        cells |= kind.usual_cells(change.state, cells)
        more = {(kind.kind, record_id): cells | kind.more_cells(one), **dict(with_it)}
        if len(more) <= len(with_it) or any(change.state.get(*name) for name, _ in with_it):
            raise Problem(ALREADY_THERE, "An office_id is given twice, or there is an office with it already.")
        if not written.keys().isdisjoint(more):
            raise Problem(ALREADY_THERE, f"{kind.id_name} {record_id} is given twice.")
        written |= more
        made.append((record_id, cells, one))
    _put(change, kind, written, {record_id: one.reason for record_id, _, one in made})
    for (record_id, cells, one), actors in zip(made, by_whom, strict=True):
        for number, (actor, names) in enumerate(actors.items()):
            after = {name: cells[name] for name in ((*kind.columns, EXTRA) if number == 0 else names) if name in cells}
            told = {"after": after, "reason": one.reason}
            change.remember(f"{kind.kind}.add", kind.kind, record_id, told, actor=actor)
    return [record_id for record_id, _, _ in made]


def _who_sets(change: Change, kind: RecordKind, cells: Cells, asked: Any) -> dict[Actor, tuple[str, ...]]:
    """Who sets what of a new record. Raises the problem ``forbidden``."""
    usual = {name for name in kind.columns if cells[name] == kind.begins_as.get(name, "")}
    chosen = given_cells(asked, kind.changeable) - usual
    return actors_of(change.actor, kind.may_set(), chosen) if chosen else {change.actor: ()}


def change_record(by: Caller, kind: RecordKind, record_id: str, asked: Any, if_match: str | None, dry_run: bool) -> Shown:
    """Other values of some columns."""
    columns = given_cells(asked, kind.changeable)
    actors = actors_of(by.actor, kind.may_set(), columns) if columns else {by.actor: ()}
    with changing(by, dry_run) as change:
        stored = found_record(change.state, kind, record_id, if_match)
        _refuse_hindered(kind.change_hindered(change.state, stored.record, change.state.as_of))
        _refuse_hindered(kind.set_hindered(change.state, record_id, columns))
        given = asked.cells("reason", *kind.beside)
        if end := given.get(kind.ends_column):  # it is an end however it is sent
            _refuse_hindered(kind.end_hindered(change.state, stored.record, dt.date.fromisoformat(end)))
        written = {(kind.kind, record_id): with_given(stored.body, given) | kind.more_cells(asked)}
        _put(change, kind, written, {record_id: asked.reason})
        beside = dict.fromkeys((name for name in kind.beside if name in asked.model_fields_set), "another")
        for actor, names in actors.items():
            after = {name: given[name] for name in names}
            told: Cells = {"before": as_before(stored.body, after), "after": after, "reason": asked.reason}
            change.remember(f"{kind.kind}.change", kind.kind, record_id, told | beside, actor=actor)
        return answer(by, change, kind, record_id, dry_run=dry_run)


def end_record(by: Caller, kind: RecordKind, record_id: str, asked: Ended, if_match: str | None, dry_run: bool) -> Shown:
    """A record ends: its day is written down where the format has one, else it leaves the county and the trail keeps it."""
    with changing(by, dry_run) as change:
        state = change.state
        stored = found_record(state, kind, record_id, if_match)
        if not kind.ends_column and asked.ends > state.as_of:
            raise Problem(NOT_AHEAD, f"{kind.a} ends today, {state.as_of}, or has ended before: end it on its day.")
        _refuse_hindered(kind.end_hindered(state, stored.record, asked.ends))
        told: Cells = {"ends": asked.ends.isoformat(), "reason": asked.reason}
        if kind.ends_column:
            before = {kind.ends_column: stored.body.get(kind.ends_column) or ""}
            put_checked(change, {(kind.kind, record_id): stored.body | {kind.ends_column: asked.ends.isoformat()}})
        else:
            before = {
                name: stored.body.get(name) or "" for name in (*kind.columns, EXTRA) if name != EXTRA or EXTRA in stored.body
            }
            _put(change, kind, {(kind.kind, record_id): None}, {record_id: asked.reason})
        change.remember(f"{kind.kind}.end", kind.kind, record_id, {"before": before, **told}, actor=by.actor)
        return answer(by, change, kind, record_id, dry_run=dry_run, gone=not kind.ends_column)


def _put(change: Change, kind: RecordKind, written: Mapping[tuple[str, str], Cells | None], reasons: Mapping[str, str]) -> None:
    """Write records, of which those of ``kind`` have ``reasons``, with what comes with them, and what follows for others, each of
    those with an entry of its own."""
    follows = [
        (name, after, reason)
        for record_id, reason in reasons.items()
        for name, after in kind.changes_others(change.state, record_id, written[kind.kind, record_id])
    ]
    put_checked(change, {**written, **{name: change.state.stock[name[0]][name[1]].body | after for name, after, _ in follows}})
    for (other, other_id), after, reason in follows:
        before = as_before(change.state.stock[other][other_id].body, after)
        change.remember(f"{other}.change", other, other_id, {"before": before, "after": after, "reason": reason})


def changing(by: Caller, dry_run: bool) -> AbstractContextManager[Change]:
    """A change, or only what it would do."""
    return by.trial() if dry_run else by.change()


def refuse_there_already(state: State, kind: RecordKind, record_id: str) -> None:
    """Raises the problem ``already_there``."""
    if state.get(kind.kind, record_id):
        raise Problem(ALREADY_THERE, f"{kind.a} with this {kind.id_name} is there already.")


def found_record(state: State, kind: RecordKind, record_id: str, if_match: str | None) -> Stored:
    """The record as its caller has read it. Raises the problems ``not_found`` and ``changed_since``."""
    stored = state.get(kind.kind, record_id)
    if stored is None:
        raise Problem("not_found", f"There is no {kind.one} of this id.")
    if not (kind.shown_with_county and if_match is not None and _seen_since(if_match, stored.version)):
        require(if_match, tag(stored.version))
    return stored


def _seen_since(if_match: str, version: int) -> bool:
    """Whether the county of this version, or a later one, has been seen."""
    seen = (re.match(r'"(\d{1,18})-', each) for each in tags_of(if_match))
    return any(int(found[1]) >= version for found in seen if found)


def _refuse_hindered(sentences: Iterable[str]) -> None:
    if faults := list(sentences):
        raise Problem(STILL_NEEDED, f"{len(faults)} thing(s) stand in the way.", faults=faults)


def answer(
    by: Caller,
    change: Change,
    kind: RecordKind,
    record_id: str,
    *,
    dry_run: bool,
    gone: bool = False,
    more: Mapping[str, Any] | None = None,
) -> Shown:
    """What is there now, once offers that may no longer be waited for are stopped. ``gone``: the record as it last was; ``more``:
    members that an answer has beside those of its kind.
    """
    after = sweep(change, by.settings, change.as_if())
    body = record_json(change.state if gone else after, kind, record_id)
    follows = written_json(change.state, after, kind, record_id, dry_run=dry_run)
    stored = after.get(kind.kind, record_id)
    return shown(body | follows | dict(more or {}), "" if dry_run or stored is None else tag(stored.version))
