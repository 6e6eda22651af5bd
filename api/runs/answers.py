"""Runs as they are answered, and the cursor of their pages."""

from __future__ import annotations

import orjson
from sqlalchemy import Connection

from api.http.etags import tag
from api.http.paging import cursor_of, key_of
from api.runs.events import last_progress
from api.runs.schemas import Progress, RunBody, RunProblem
from api.runs.stored_runs import Run


def body_of(connection: Connection, run: Run) -> RunBody:
    """A run with its newest progress."""
    row, progress = run.row, last_progress(connection, run.run_id)
    return RunBody(
        run_id=run.run_id,
        kind=row.kind,
        status=row.status,
        settings=run.settings,
        requested_by=row.requested_by,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        cancel_requested=row.cancel,
        attempts=row.attempts,
        state_version=row.state_version,
        plan_digest=row.plan_digest,
        progress=None if progress is None else Progress(**progress.data),
        problem=None if row.problem is None else RunProblem(**orjson.loads(row.problem)),
    )


def etag(run: Run) -> str:
    """Every change of a run is an event: their number tells whether it is what it was."""
    return tag(run.changes)


def cursor_after(run: Run) -> str:
    return cursor_of((run.row.created_at, run.run_id))


def place_of(cursor: str) -> tuple[str, str]:
    """Where a page begins. Raises ``Problem`` for what is no cursor of ours."""
    at, run_id = key_of(cursor, like=("", ""))
    return at, run_id
