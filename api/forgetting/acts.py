"""People whose care has ended are forgotten: their records, the results of runs, the personal part of the audit trail. What was
deleted is gone from the database's files as well, as far as a database lets us.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, or_, select, text, update

from api.acts.act import Caller, act, only
from api.actuals.stored_actuals import number_old_workers
from api.forgetting.mentions import destroy_old_runs, destroy_results, search
from api.forgetting.who_is_due import CannotForgetError, due, records_about, refuse_living, texts_about
from api.http.errors import Problem, declare
from api.runs.events import moment
from api.security.roles import ADMIN
from api.settings import Settings
from api.state.known_people import Ended, all_ended
from api.state.naming import names_any, says
from api.state.store import Change, Store
from api.state.trusted_time import judge
from api.storage import audit, table_schema
from api.storage.audit import Actor
from api.storage.database import reading
from api.storage.row_digests import in_parts
from api.storage.who_is_in_it import people_in

CLOCK_DOUBTED = declare("clock_doubted", 409, "The service's clock is not believed, so nothing is done because of a date")


@dataclass(frozen=True)
class Forgotten:
    """How much was destroyed."""

    packages: int
    records: int
    texts: int
    """Records of others of which a text was emptied that named somebody."""
    entries: int
    results: int
    visits: int = 0
    """Records of their visits, and lines of statements that were made of these."""


@act("people.due", only(ADMIN))
def due_to_be_forgotten(by: Caller) -> list[str]:
    """Who ended so long ago that what is personal of them is to be destroyed; refused while the clock is not believed."""
    with reading(by.store.engine) as connection:
        refuse_doubted(connection, by.settings)
        return due(all_ended(connection), by.settings.clock.today(), by.settings.forget_after_days)


@act("people.forget", only(ADMIN), writes=(audit.FORGET,), changes=True)
def forget(by: Caller, package_ids: Sequence[str]) -> Forgotten:
    """What is personal of people whose care has ended is destroyed, everywhere.

    Raises ``CannotForgetError`` when any of them has not ended: then of none.
    """
    return _destroy(by.store, by.actor, package_ids)


@act("runs.forget_due", only(ADMIN), writes=("run.forget",), changes=True)
def forget_old_runs(by: Caller) -> int:
    """What runs have left that ended long ago is destroyed: results, explanations, events; how many runs that were."""
    before = by.settings.clock.instant() - dt.timedelta(days=by.settings.forget_runs_after_days)
    with by.change() as change:
        refuse_doubted(change.connection, by.settings)
        found = destroy_old_runs(change.connection, moment(before))
        if found:
            change.remember("run.forget", "runs", details={"ended_before": moment(before), "runs": found})
    return found


@act("actuals.forget_workers", only(ADMIN), writes=("actuals.forget_workers",), changes=True)
def forget_old_workers(by: Caller) -> int:
    """Pseudonyms of care workers in records of long ago become numbers within their visit; of how many records."""
    before = by.settings.clock.today() - dt.timedelta(days=by.settings.forget_worker_keys_after_days)
    with by.change() as change:
        refuse_doubted(change.connection, by.settings)
        found = number_old_workers(change.connection, before.isoformat())
        if found:
            change.remember("actuals.forget_workers", "actuals", details={"before": before.isoformat(), "records": found})
    return found


@act("people.sweep", only(ADMIN), writes=("people.sweep",), changes=True)
def sweep_files(by: Caller) -> bool:
    """What was destroyed leaves the database's files too, as far as it lets us; whether all of it has."""
    gone = sweep(by.store.engine)
    if gone or by.store.engine.dialect.name != "sqlite":
        with by.change() as change:
            change.remember("people.sweep", "county", details={"nothing_left_in_files": gone})
    return gone


@act("people.left", only(ADMIN))
def left_in_files(by: Caller) -> bool:
    """Whether something was destroyed that may still be in the database's files: whoever did so was killed, or others read."""
    entry = table_schema.audit.c
    last = select(func.max(entry.seq))
    with reading(by.store.engine) as connection:
        destroyed = connection.execute(last.where(entry.action.in_((audit.FORGET, "run.forget")))).scalar() or 0
        swept = connection.execute(last.where(entry.action == "people.sweep")).scalar() or 0
    return destroyed > swept


def refuse_doubted(connection: Connection, settings: Settings) -> None:
    """Raises ``Problem`` while the clock is not believed: what it says to be old may be of today."""
    if judge(connection, settings).doubt is not None:
        raise Problem(CLOCK_DOUBTED, "The service's clock is not believed: see 'optimiser clock'.")


def _destroy(store: Store, actor: Actor, package_ids: Sequence[str]) -> Forgotten:
    """Destroy what is personal of ended packages. Raises ``CannotForgetError`` when any of them has not ended: then of none.

    The trail and what runs have written are searched before the county is locked; inside the lock only what was added since.
    """
    with reading(store.engine) as connection:
        ended = all_ended(connection)
        refuse_living(store.live.at(connection), ended, package_ids)
        searched, ids = audit.head(connection).seq, _ids(ended, package_ids)
        entries, mentions = _entries_about(connection, ids, 0), search(connection, ids)
    with store.change(actor) as change:
        refuse_living(change.state, all_ended(change.connection), package_ids)
        _refuse_under_way(change, ended, package_ids)
        entries |= _entries_about(change.connection, ids, searched)
        records = records_about(change.connection, change.state, package_ids, ids)
        change.delete(records)
        results = destroy_results(change.connection, ids, mentions)
        destroy_messages(change.connection, ids)
        visits = destroy_visits(change.connection, package_ids)
        texts = {name: body for name, body in texts_about(change.state, ids).items() if name not in records}
        for (kind, record_id), body in texts.items():
            change.put(kind, record_id, body)
        told = {"packages": len(package_ids), "records": len(records), "texts": len(texts), "results": results, "visits": visits}
        change.add(audit.destroy(change.connection, entries, actor, **told))
    return Forgotten(entries=len(entries), **told)


def destroy_messages(connection: Connection, ids: frozenset[str]) -> None:
    """What was told of somebody's care, or waits to be: whoever is told is led to a page on which they are no longer."""
    message = table_schema.outbox.c
    columns = (message.message_id, message.package_id, message.about, message.diary, message.facts)
    found = [
        row.message_id
        for row in connection.execute(select(*columns))
        if row.package_id in ids or says(f"{row.about} {row.diary}", ids) or names_any(row.facts, ids)
    ]
    for some in in_parts(found):
        connection.execute(delete(table_schema.outbox).where(message.message_id.in_(some)))


def destroy_visits(connection: Connection, package_ids: Sequence[str]) -> int:
    """What records of visits and lines of statements tell of people; how many there were.

    What a line pays stays, as does the seal of each: what is left is still known to be what was written.
    """
    found, emptied = 0, {"package_id": "", "cells": None, "salt": None}
    for some in in_parts(sorted(package_ids)):
        lines, visits = table_schema.statement_lines, table_schema.actuals
        found += connection.execute(update(lines).where(lines.c.package_id.in_(some)).values(**emptied)).rowcount
        for actual_id, seal in connection.execute(select(visits.c.actual_id, visits.c.seal).where(visits.c.package_id.in_(some))):
            nobodys = {**emptied, "actual_id": f"forgotten {seal.hex()}", "corrects": "", "worker_keys": ""}
            found += connection.execute(update(visits).where(visits.c.actual_id == actual_id).values(**nobodys)).rowcount
    return found


def _ids(ended: dict[str, Ended], package_ids: Sequence[str]) -> frozenset[str]:
    return frozenset(each for package_id in package_ids for each in ended[package_id].ids)


def _refuse_under_way(change: Change, ended: dict[str, Ended], package_ids: Sequence[str]) -> None:
    """A run that began before the end of the care holds the person in memory, and would write them down again."""
    version = max(ended[each].version for each in package_ids)
    runs = table_schema.runs.c
    of_the_county = runs.kind != table_schema.ON_WHAT_WAS_SENT
    begun = or_(runs.state_version.is_(None), runs.state_version < version)
    found = change.connection.execute(select(runs.run_id).where(runs.status == "running", begun, of_the_county)).scalars().all()
    if found:
        raise CannotForgetError([f"run {each} began before the care ended: wait for its end, or cancel it" for each in found])


def _entries_about(connection: Connection, ids: frozenset[str], after: int) -> set[int]:
    """The entries after a number that are about any of the ids, or whose details name one."""
    column = table_schema.audit.c
    question = select(column.seq, column.subject, column.details).where(column.seq > after, column.salt.is_not(None))
    whole = question.where(column.action != audit.FORGET).execution_options(yield_per=1000)
    return {int(row.seq) for row in connection.execute(whole) if row.subject in ids or names_any(row.details, ids)}


TRIES, PAUSE_SECONDS = 20, 0.25


def sweep(engine: Engine) -> bool:
    """Whether the bytes are gone: on SQLite once the file is written anew and the log beside it is emptied.

    PostgreSQL only gives the space free: the bytes go when it is used again, and its log and any archive of it keep them longer.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "sqlite":
            for table in table_schema.metadata.sorted_tables:
                if people_in(table):
                    connection.execute(text(f"VACUUM {table.name}"))
            return False
    return _sweep_sqlite(engine)


def _sweep_sqlite(engine: Engine) -> bool:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA temp_store = MEMORY")  # the copy that VACUUM makes on the way is on no disk
        cursor.execute("VACUUM")
        for _ in range(TRIES):
            if cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
                return True
            time.sleep(PAUSE_SECONDS)  # somebody is reading what was there before
        return False
    finally:
        raw.close()
