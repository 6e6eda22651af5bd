"""How much of the queue one person or key may take, and whose turn is next."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from sqlalchemy import ColumnElement, Connection, func, select

from api.http.errors import Problem, declare
from api.settings import Settings
from api.storage.table_schema import runs

QUEUE_SHARE = declare("queue_share", 429, "Whoever asks has as many runs waiting, or as long ones, as one may have")
A_WHILE = 60
"""Seconds after which asking again may help: runs end, and waiting ones can be cancelled."""


def refuse_more_than_a_share(connection: Connection, asks: str, wall_seconds: float, settings: Settings) -> None:
    """Raises ``Problem`` where another run of so many seconds is more than one may have waiting and at work at once."""
    mine = select(runs.c.settings).where(runs.c.requested_by == asks, runs.c.status.in_(("queued", "running")))
    kept = [orjson.loads(each) for each in connection.execute(mine).scalars()]
    asked = wall_seconds + sum(float(each.get("wall_seconds", 0)) for each in kept)
    if len(kept) >= settings.most_runs_waiting:
        why = f"You have {len(kept)} runs waiting or at work, and may have {settings.most_runs_waiting}."
    elif asked > settings.most_run_seconds:
        why = f"With this run you would have asked for {asked:.0f} seconds, and may for {settings.most_run_seconds}."
    else:
        return
    raise Problem(
        QUEUE_SHARE, f"{why} Wait for their end, or cancel what waits: DELETE /v1/runs.", headers={"Retry-After": str(A_WHILE)}
    )


def in_turn() -> Sequence[ColumnElement[object]]:
    """The order in which runs are taken on: whoever was served longest ago first, of one person the one that waits longest."""
    others = runs.alias("others")
    last = select(func.max(others.c.turn)).where(others.c.requested_by == runs.c.requested_by).scalar_subquery()
    return (func.coalesce(last, 0), runs.c.created_at, runs.c.run_id)


def next_turn() -> ColumnElement[int]:
    """The number of the next run that is taken on."""
    others = runs.alias("all_runs")
    return select(func.coalesce(func.max(others.c.turn), 0) + 1).scalar_subquery()
