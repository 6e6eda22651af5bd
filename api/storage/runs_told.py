"""Whether the runs are there that the audit trail tells of, each with all that happened to it.

Who asked for a run was told that there is one, so none may be missing; what happened is counted without a gap. What a run left is
destroyed with those whom it names, or once it is old: then all of it is gone, and the run stays.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from api.storage import table_schema
from api.storage.row_ledger import Break, apart, named, why

RUNS, EVENTS = table_schema.runs, table_schema.run_events


def runs_missed(connection: Connection, told: Mapping[str, int], forgotten_before: str) -> list[Break]:
    """What does not hold. ``told``: per run the entry by which it was asked for. ``forgotten_before``: what runs left that ended
    before this moment may have been destroyed; empty: nothing was.
    """
    of_each = select(EVENTS.c.run_id, func.count(), func.max(EVENTS.c.seq)).group_by(EVENTS.c.run_id)
    try:
        with apart(connection):
            ended = {str(run_id): at for run_id, at in connection.execute(select(RUNS.c.run_id, RUNS.c.finished_at))}
            events = {str(run_id): (int(count), int(last)) for run_id, count, last in connection.execute(of_each)}
    except (SQLAlchemyError, TypeError, ValueError) as error:
        return [Break(0, f"cannot be read: {why(error)}" if isinstance(error, SQLAlchemyError) else "are damaged", "runs")]
    missed = [
        Break(seq, "a run is not there that was asked for", "runs", run_id) for run_id, seq in told.items() if run_id not in ended
    ]
    for run_id, at in ended.items():
        count, last = events.get(run_id, (0, 0))
        is_forgotten = not count and isinstance(at, str) and at < forgotten_before
        if count != last or (not count and not is_forgotten):
            missed.append(
                Break(told.get(run_id, 0), "some of what happened to a run is not there any more", "runs", named(run_id))
            )
    return missed
