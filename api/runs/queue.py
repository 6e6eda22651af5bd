"""The queue, as workers see it: claim a run, keep it, end it or give it back.

Whoever claims a run gets a fence token, a number that grows with every claim. Each later step names it, and does nothing once
somebody else holds the run: a solver that was thought dead can never write over the one that took its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Engine, or_, select, update

from api.runs.events import add_event, last_event, moment
from api.runs.leases import Held, Leases
from api.runs.share import in_turn, next_turn
from api.storage.database import reading, writing
from api.storage.table_schema import runs
from optimiser.processes import how_it_ended

# How a solver process ends, by its exit code. 1 and 2 are Python's own, where it cannot even begin.
ENDED = 0
"""The run has ended, or is another's."""
LEFT = 3
"""It had to leave."""
FAILED = 4
"""This attempt failed."""


@dataclass(frozen=True)
class Claim:
    """A run that is ours until somebody else claims it. ``attempt`` counts from one."""

    run_id: str
    fence: int
    attempt: int


def _open(silent: Sequence[Held]) -> ColumnElement[bool]:
    """Queued, or held by somebody who has not been heard of."""
    return or_(runs.c.status == "queued", *(each.still() for each in silent))


def _held(claim: Claim) -> ColumnElement[bool]:
    return (runs.c.run_id == claim.run_id) & (runs.c.fence == claim.fence) & (runs.c.status == "running")


def claim_next(engine: Engine, now: dt.datetime, leases: Leases, most_attempts: int) -> Claim | None:
    """The next run, if any, in turn between those who ask. One that was tried too often is ended here instead."""
    with reading(engine) as connection:  # most often there is none: then nothing is locked
        is_open = _open(leases.silent(connection))
        if connection.execute(select(runs.c.run_id).where(is_open).limit(1)).first() is None:
            return None
    with writing(engine) as connection:
        following = select(runs.c.run_id).where(is_open).order_by(*in_turn()).limit(1)
        row = connection.execute(
            update(runs)
            .where(runs.c.run_id == following.with_for_update(skip_locked=True, of=runs).scalar_subquery())
            .values(status="running", fence=runs.c.fence + 1, attempts=runs.c.attempts + 1, turn=next_turn())
            .returning(runs.c.run_id, runs.c.fence, runs.c.attempts)
        ).one_or_none()
        if row is None:
            return None
        claim = Claim(str(row.run_id), int(row.fence), int(row.attempts))
        if claim.attempt > most_attempts:
            _end_tried_too_often(connection, claim, now)
            return None
        started = runs.c.started_at.is_(None) & (runs.c.run_id == claim.run_id)
        connection.execute(update(runs).where(started).values(started_at=moment(now)))
        add_event(connection, claim.run_id, "started", now, attempt=claim.attempt)
    return claim


def renew(engine: Engine, claim: Claim) -> bool:
    """Tell that the run is still worked on; False when it is no longer ours."""
    with writing(engine) as connection:
        return bool(connection.execute(update(runs).where(_held(claim)).values(beats=runs.c.beats + 1)).rowcount)


def begin(engine: Engine, claim: Claim, state_version: int | None) -> bool:
    """Write down which version of the county is worked on (None: none); False when the run is no longer ours."""
    with writing(engine) as connection:
        return bool(connection.execute(update(runs).where(_held(claim)).values(state_version=state_version)).rowcount)


def should_go_on(engine: Engine, claim: Claim) -> tuple[bool, bool]:
    """Whether the run is still ours, and whether somebody asked to cancel it."""
    with reading(engine) as connection:
        row = connection.execute(select(runs.c.cancel).where(_held(claim))).one_or_none()
    return row is not None, row is not None and bool(row.cancel)


def tell(engine: Engine, claim: Claim, now: dt.datetime, progress: Mapping[str, Any]) -> bool:
    """A line of progress; False, and nothing written, when the run is no longer ours."""
    with writing(engine) as connection:
        # Touching the row locks it, so that this event and those of others get numbers of their own.
        if not connection.execute(update(runs).where(_held(claim)).values(fence=claim.fence)).rowcount:
            return False
        add_event(connection, claim.run_id, "progress", now, **progress)
    return True


def end(connection: Connection, claim: Claim, now: dt.datetime, status: str, **values: Any) -> bool:
    """End a run in the caller's transaction; False, and nothing changed, when it is no longer ours."""
    ended = {"status": status, "finished_at": moment(now), **values}
    if not connection.execute(update(runs).where(_held(claim)).values(**ended)).rowcount:
        return False
    add_event(connection, claim.run_id, status, now)
    return True


def fail(engine: Engine, claim: Claim, now: dt.datetime, problem: Mapping[str, Any]) -> bool:
    """End a run that cannot succeed, and say why."""
    with writing(engine) as connection:
        return end(connection, claim, now, "failed", problem=orjson.dumps(dict(problem)).decode())


def give_back(engine: Engine, claim: Claim, now: dt.datetime, *, counts: bool, exit_code: int | None = None) -> bool:
    """Back to the queue; ``counts``: as an attempt that failed (otherwise the worker had to leave). False: not ours."""
    tried = runs.c.attempts - (0 if counts else 1)
    with writing(engine) as connection:
        values = {"status": "queued", "attempts": tried}
        if not connection.execute(update(runs).where(_held(claim)).values(**values)).rowcount:
            return False
        said = {} if exit_code is None else {"exit_code": exit_code}
        add_event(connection, claim.run_id, "interrupted", now, attempt=claim.attempt, **said)
    return True


def _end_tried_too_often(connection: Connection, claim: Claim, now: dt.datetime) -> None:
    row = connection.execute(select(runs.c.cancel).where(runs.c.run_id == claim.run_id)).one()
    tried = claim.attempt - 1
    how = _last_end(connection, claim.run_id, tried)
    said = f"Its solver ended {tried} times before it had a result. The last time it {how}."
    problem = {"code": "solver_died", "detail": said}
    connection.execute(update(runs).where(_held(claim)).values(attempts=tried))
    end(connection, claim, now, "cancelled" if row.cancel else "failed", problem=orjson.dumps(problem).decode())


def _last_end(connection: Connection, run_id: str, attempt: int) -> str:
    """How an attempt ended, as far as whoever started it could tell."""
    last = last_event(connection, run_id, "interrupted")
    code = last.data.get("exit_code") if last is not None and last.data.get("attempt") == attempt else None
    if code == FAILED:
        return "failed with an error that the service's log names"
    return how_it_ended(code)
