"""``forget``: records, results of runs and the personal part of the audit trail, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, or_, select

from api.forgetting.mentions import names_any
from api.forgetting.people import CannotForgetError, Ended, all_ended, records_about, refuse_living
from api.forgetting.results import destroy_results
from api.state.records import RELOAD
from api.state.store import Change, Store
from api.storage import audit, tables
from api.storage.audit import Actor
from api.storage.engine import reading
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
    with reading(store.engine) as connection:
        ended = all_ended(connection)
        refuse_living(store.live.at(connection), ended, package_ids)
        searched = audit.head(connection).seq
        entries = _entries_about(connection, _ids(ended, package_ids), 0)
    with store.change(actor) as change:
        refuse_living(change.state, all_ended(change.connection), package_ids)
        _refuse_under_way(change, ended, package_ids)
        ids = _ids(ended, package_ids)
        entries |= _entries_about(change.connection, ids, searched)
        records = records_about(change.connection, change.state, package_ids, ids)
        for kind, record_id in records:
            mine = and_(tables.records.c.kind == kind, tables.records.c.id == record_id)
            change.connection.execute(delete(tables.records).where(mine))
        results = destroy_results(change.connection, ids)
        change.put(RELOAD, "forgetting", {})
        told = {"packages": len(package_ids), "records": len(records), "results": results}
        at = store.clock.instant().isoformat()
        audit.destroy(change.connection, entries, actor, at=at, rule_book=RULE_BOOK, **told)
    return Forgotten(entries=len(entries), **told)


def _ids(ended: dict[str, Ended], package_ids: Sequence[str]) -> frozenset[str]:
    return frozenset(each for package_id in package_ids for each in ended[package_id].ids)


def _refuse_under_way(change: Change, ended: dict[str, Ended], package_ids: Sequence[str]) -> None:
    """A run that began before the end of the care holds the person in memory, and would write them down again."""
    version = max(ended[each].version for each in package_ids)
    runs = tables.runs.c
    begun = or_(runs.state_version.is_(None), runs.state_version < version)
    found = change.connection.execute(select(runs.run_id).where(runs.status == "running", begun)).scalars().all()
    if found:
        raise CannotForgetError([f"run {each} began before the care ended: wait for its end, or cancel it" for each in found])


def _entries_about(connection: Connection, ids: frozenset[str], after: int) -> set[int]:
    """The entries after a number that are about any of the ids, or whose details name one."""
    column = tables.audit.c
    question = select(column.seq, column.subject, column.details).where(column.seq > after, column.salt.is_not(None))
    whole = question.where(column.action != audit.FORGET).execution_options(yield_per=1000)
    return {int(row.seq) for row in connection.execute(whole) if row.subject in ids or names_any(row.details, ids)}
