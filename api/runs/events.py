"""What happened to a run, in order: written with every change of it, read by whoever follows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select

from api.storage import table_schema

ENDINGS = ("succeeded", "failed", "cancelled")
"""The events by which a run ends: they are called like the status that they lead to."""
OUT_OF_DATE = "out_of_date"
"""The one event that may come after: what a plan rests on has been changed by an act, which its data names."""


@dataclass(frozen=True)
class Event:
    """One event. ``name``: queued, started, progress, cancelling, interrupted, one of ``ENDINGS``, or ``out_of_date``."""

    seq: int
    at: str
    name: str
    data: dict[str, Any]


def moment(now: dt.datetime) -> str:
    """A moment in UTC as the run tables keep it: always as long, so that texts sort as moments do."""
    return now.isoformat(timespec="microseconds")


def add_event(connection: Connection, run_id: str, name: str, now: dt.datetime, **data: Any) -> None:
    """In a writing transaction that has changed (and so locked) the run's row: numbers then have no gaps and no doubles."""
    of_run = table_schema.run_events.c.run_id == run_id
    last = connection.execute(select(func.max(table_schema.run_events.c.seq)).where(of_run)).scalar() or 0
    body = orjson.dumps({"event": name, **data}).decode()
    connection.execute(insert(table_schema.run_events).values(run_id=run_id, seq=last + 1, at=moment(now), body=body))


def events_after(connection: Connection, run_id: str, seq: int, limit: int = 500) -> Sequence[Event]:
    """The events of a run after a number, in order."""
    events = table_schema.run_events
    question = select(events).where(events.c.run_id == run_id, events.c.seq > seq).order_by(events.c.seq).limit(limit)
    return [event_of(row) for row in connection.execute(question)]


def last_events(connection: Connection, run_ids: Sequence[str]) -> dict[str, int]:
    """Per run the number of its last event: a run has changed exactly when it has a new one."""
    events = table_schema.run_events
    question = select(events.c.run_id, func.max(events.c.seq)).where(events.c.run_id.in_(run_ids)).group_by(events.c.run_id)
    return {str(run_id): int(seq) for run_id, seq in connection.execute(question)}


def last_progress(connection: Connection, run_id: str) -> Event | None:
    """The newest line of progress, if there was any."""
    return last_event(connection, run_id, "progress")


def progress_of(connection: Connection, run_id: str) -> Sequence[Event]:
    """Every line of progress of a run, in order."""
    events = table_schema.run_events
    told = (events.c.run_id == run_id) & events.c.body.like('{"event":"progress"%')
    return [event_of(row) for row in connection.execute(select(events).where(told).order_by(events.c.seq))]


def last_event(connection: Connection, run_id: str, name: str) -> Event | None:
    """The newest event of a name, if there was any."""
    events = table_schema.run_events
    question = (
        select(events)
        .where(events.c.run_id == run_id, events.c.body.like(f'{{"event":"{name}"%'))
        .order_by(events.c.seq.desc())
        .limit(1)
    )
    row = connection.execute(question).one_or_none()
    return None if row is None else event_of(row)


def event_of(row: Any) -> Event:
    """A line of the table."""
    data = orjson.loads(row.body)
    return Event(int(row.seq), str(row.at), str(data.pop("event", "forgotten")), data)
