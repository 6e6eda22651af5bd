"""``forget``: records, results of runs and the personal part of the audit trail, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, or_, select, update

from api.forgetting.mentions import names_any
from api.forgetting.people import ENDED, CannotForgetError, records_about, refuse_living
from api.state import RELOAD
from api.storage import audit, tables
from api.storage.audit import Actor
from api.storage.engine import reading
from api.storage.store import Change, Store
from optimiser.rules.book import VERSION as RULE_BOOK


@dataclass(frozen=True)
class Forgotten:
    """How much was destroyed."""

    packages: int
    records: int
    entries: int
    results: int


def forget(store: Store, actor: Actor, package_ids: Sequence[str]) -> Forgotten:
    """Destroy what is personal of ended packages. Raises ``CannotForgetError`` when any of them has not ended: then of none.

    The audit trail is searched before the county is locked; inside the lock only what was added since.
    """
    state = store.state()
    refuse_living(state, package_ids)
    with reading(store.engine) as connection:
        searched = audit.head(connection).seq
        entries = _entries_about(connection, _ids(records_about(state, package_ids), package_ids), 0)
    with store.change(actor) as change:
        refuse_living(change.state, package_ids)
        _refuse_under_way(change, package_ids)
        records = records_about(change.state, package_ids)
        ids = _ids(records, package_ids)
        entries = entries | _entries_about(change.connection, ids, searched)
        for kind, record_id in records:
            mine = and_(tables.records.c.kind == kind, tables.records.c.id == record_id)
            change.connection.execute(delete(tables.records).where(mine))
        _delete_traces(change.connection, package_ids)
        results = _destroy_results(change.connection, package_ids)
        change.put(RELOAD, "forgetting", {})
        done = Forgotten(len(package_ids), len(records), len(entries), results)
        told = {"packages": done.packages, "records": done.records, "results": done.results}
        at = store.clock.instant().isoformat()
        audit.destroy(change.connection, entries, actor, at=at, rule_book=RULE_BOOK, **told)
    return done


def _ids(records: Collection[tuple[str, str]], package_ids: Collection[str]) -> frozenset[str]:
    """The packages, and what names them elsewhere: their offers, visits and the service's own records."""
    return frozenset(package_ids) | {record_id for _, record_id in records}


def _refuse_under_way(change: Change, package_ids: Sequence[str]) -> None:
    """A run that began before the end of the care holds the person in memory, and would write them down again."""
    ended = max(change.state.stock[ENDED][each].version for each in package_ids)
    runs = tables.runs.c
    begun = or_(runs.state_version.is_(None), runs.state_version < ended)
    found = change.connection.execute(select(runs.run_id).where(runs.status == "running", begun)).scalars().all()
    if found:
        raise CannotForgetError([f"run {each} began before the care ended: wait for its end, or cancel it" for each in found])


def _entries_about(connection: Connection, ids: frozenset[str], after: int) -> set[int]:
    """The entries after a number that are about any of the ids, or whose details name one."""
    column = tables.audit.c
    question = select(column.seq, column.subject, column.details).where(column.seq > after, column.salt.is_not(None))
    whole = question.where(column.action != audit.FORGET).execution_options(yield_per=1000)
    return {int(row.seq) for row in connection.execute(whole) if row.subject in ids or names_any(row.details, ids)}


def _delete_traces(connection: Connection, package_ids: Collection[str]) -> None:
    """Empty records of these ids, which earlier removals left behind, go too."""
    for package_id in package_ids:
        connection.execute(delete(tables.records).where(tables.records.c.id == package_id, tables.records.c.body.is_(None)))


def _destroy_results(connection: Connection, package_ids: Collection[str]) -> int:
    """Explanations of these packages are deleted; a result that names one is destroyed whole, since it cannot be changed without
    belying its digest. Returns how many results that were."""
    explanations = tables.run_explanations
    for row in connection.execute(select(explanations)).all():
        if row.package_id in package_ids or names_any(row.body, package_ids):
            mine = and_(explanations.c.run_id == row.run_id, explanations.c.package_id == row.package_id)
            connection.execute(delete(explanations).where(mine))
    events = tables.run_events
    for row in connection.execute(select(events)).all():
        if names_any(row.body, package_ids):
            mine = and_(events.c.run_id == row.run_id, events.c.seq == row.seq)
            connection.execute(update(events).where(mine).values(body="{}"))
    runs, destroyed = tables.runs, 0
    for row in connection.execute(select(runs.c.run_id, runs.c.settings, runs.c.result, runs.c.problem)).all():
        names = [name for name in ("settings", "result", "problem") if names_any(getattr(row, name), package_ids)]
        if names:
            empty = {name: "{}" if name == "settings" else None for name in names}
            connection.execute(update(runs).where(runs.c.run_id == row.run_id).values(**empty))
            destroyed += "result" in names
    return destroyed
