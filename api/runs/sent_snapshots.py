"""Runs on a snapshot that was sent with them: it is destroyed as soon as they have ended, what they found after an hour.

Nothing of them is in the county, and in the trail stands only that they were asked for, so that nothing is left of the people in
them once they are destroyed. That there was such a run, who asked for it and when, stays.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, Connection, Engine, delete, exists, insert, or_, select, update

from api.runs.events import ENDINGS, moment
from api.runs.stored_runs import Run
from api.storage.database import reading, writing
from api.storage.table_schema import ON_WHAT_WAS_SENT, run_events, run_explanations, runs, sent_snapshots


def keep(connection: Connection, run_id: str, body: bytes) -> None:
    """What a run that waits is to work on."""
    connection.execute(insert(sent_snapshots).values(run_id=run_id, body=body))


def sent_with(connection: Connection, run_id: str) -> bytes | None:
    """What a run is to work on; None where it is destroyed."""
    found = connection.execute(select(sent_snapshots.c.body).where(sent_snapshots.c.run_id == run_id)).scalar()
    return None if found is None else bytes(found)


def destroy_sent(connection: Connection, run_id: str) -> None:
    """What a run worked on, as it has ended."""
    connection.execute(delete(sent_snapshots).where(sent_snapshots.c.run_id == run_id))


def is_on_what_was_sent(run: Run) -> bool:
    return str(run.row.kind) == ON_WHAT_WAS_SENT


def is_over(run: Run, now: dt.datetime, minutes: int) -> bool:
    """Whether what such a run found is to be there no longer, destroyed already or not."""
    return is_on_what_was_sent(run) and run.row.finished_at is not None and run.row.finished_at <= _before(now, minutes)


def destroy_old(engine: Engine, now: dt.datetime, minutes: int) -> int:
    """Destroy what such runs found that ended so many minutes ago, and what ended ones worked on; of how many runs.

    What is destroyed: results, explanations, events, why one failed, and the key that it was asked for with.
    """
    of_sent = runs.c.kind == ON_WHAT_WAS_SENT
    old = of_sent & (runs.c.finished_at <= _before(now, minutes)) & _has_any()
    solved = of_sent & runs.c.status.in_(ENDINGS) & exists().where(sent_snapshots.c.run_id == runs.c.run_id)
    with reading(engine) as connection:  # most often there is none: then nothing is locked
        if connection.execute(select(runs.c.run_id).where(or_(old, solved)).limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        for run_id in connection.execute(select(runs.c.run_id).where(solved)).scalars().all():
            destroy_sent(connection, run_id)
        found = connection.execute(select(runs.c.run_id).where(old)).scalars().all()
        for run_id in found:
            for table in (run_explanations, run_events):
                connection.execute(delete(table).where(table.c.run_id == run_id))
            emptied = {"result": None, "problem": None, "plan_digest": None, "idempotency_key": f"destroyed {run_id}"}
            connection.execute(update(runs).where(runs.c.run_id == run_id).values(**emptied))
    return len(found)


def _has_any() -> ColumnElement[bool]:
    return exists().where(run_events.c.run_id == runs.c.run_id)


def _before(now: dt.datetime, minutes: int) -> str:
    return moment(now - dt.timedelta(minutes=minutes))
