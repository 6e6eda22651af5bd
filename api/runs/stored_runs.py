"""Runs as they are read: one, or a page of them."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, or_, select

from api.runs.events import ENDINGS, last_events
from api.storage import table_schema

runs = table_schema.runs
NO_SUCH_RUN = "There is no run of this name."
COLUMNS = [column for column in runs.c if column.name != "result"]
"""A result may be large: it is read only where it is asked for."""


@dataclass(frozen=True)
class Run:
    """One run. ``changes`` counts its events: it is the run's ETag."""

    row: Row[Any]
    changes: int

    def __repr__(self) -> str:
        return f"<Run {self.run_id}>"

    @property
    def run_id(self) -> str:
        return str(self.row.run_id)

    @property
    def status(self) -> str:
        return str(self.row.status)

    @property
    def ended(self) -> bool:
        return self.status in ENDINGS

    @property
    def settings(self) -> dict[str, Any]:
        kept: dict[str, Any] = {"effort": {}, "wall_seconds": 0, "policy": {}} | orjson.loads(self.row.settings)
        return kept  # what names a person who was forgotten is empty

    @property
    def is_forgotten(self) -> bool:
        """Whether what was asked for is destroyed, as it named a person who was forgotten."""
        return not orjson.loads(self.row.settings)

    @property
    def is_of_the_county(self) -> bool:
        """Whether it was for the county as it is: with its own policy, neither for a part of it nor with pins."""
        return not (self.is_forgotten or self.settings["policy"] or self.row.kind in self.settings)


def run_of(connection: Connection, run_id: str) -> Run | None:
    row = connection.execute(select(*COLUMNS).where(runs.c.run_id == run_id)).one_or_none()
    return None if row is None else Run(row, last_events(connection, [run_id]).get(run_id, 0))


def run_with_key(connection: Connection, requested_by: str, idempotency_key: str) -> Run | None:
    """The run that somebody asked for under a key of theirs."""
    mine = (runs.c.requested_by == requested_by) & (runs.c.idempotency_key == idempotency_key)
    row = connection.execute(select(*COLUMNS).where(mine)).one_or_none()
    return None if row is None else Run(row, last_events(connection, [row.run_id]).get(row.run_id, 0))


def page_of_runs(
    connection: Connection, before: tuple[str, str] | None, limit: int, kinds: Collection[str] = (), name: str = ""
) -> Sequence[Run]:
    """Runs, newest first; ``before``: those after the one with this ``created_at`` and id; ``kinds``: of these alone.

    Runs on a snapshot that was sent are listed where their kind is named, to whoever sent it (``name``).
    """
    question = select(*COLUMNS).order_by(runs.c.created_at.desc(), runs.c.run_id.desc()).limit(limit)
    sent = runs.c.kind == table_schema.ON_WHAT_WAS_SENT
    question = question.where(or_(~sent, runs.c.requested_by == name) if table_schema.ON_WHAT_WAS_SENT in kinds else ~sent)
    if kinds:
        question = question.where(runs.c.kind.in_(sorted(kinds)))
    if before is not None:
        at, run_id = before
        question = question.where((runs.c.created_at < at) | ((runs.c.created_at == at) & (runs.c.run_id < run_id)))
    rows = connection.execute(question).all()
    changes = last_events(connection, [row.run_id for row in rows])
    return [Run(row, changes.get(row.run_id, 0)) for row in rows]


def last_succeeded(connection: Connection, kind: str, state_version: int) -> Run | None:
    """The newest run of a kind that ended well on a version of the county, for the county as it is."""
    question = (
        select(*COLUMNS)
        .where(runs.c.kind == kind, runs.c.status == "succeeded", runs.c.state_version == state_version)
        .order_by(runs.c.finished_at.desc(), runs.c.run_id.desc())
    )
    for row in connection.execute(question):
        run = Run(row, 0)
        if run.is_of_the_county:
            return run
    return None


def newest_result(connection: Connection, kind: str) -> bytes | None:
    """The result of the run of a kind that ended well last, with the county's own policy; None where none is still there."""
    question = (
        select(*COLUMNS)
        .where(runs.c.kind == kind, runs.c.status == "succeeded", runs.c.result.is_not(None))
        .order_by(runs.c.finished_at.desc(), runs.c.run_id.desc())
    )
    own = (row.run_id for row in connection.execute(question) if not Run(row, 0).settings["policy"])
    run_id = next(own, None)
    return None if run_id is None else result_of(connection, run_id)


def result_of(connection: Connection, run_id: str) -> bytes | None:
    """The result as JSON, as it was written; None where there is none."""
    packed = connection.execute(select(runs.c.result).where(runs.c.run_id == run_id)).scalar_one_or_none()
    return None if packed is None else unpack(packed)


def explanation_of(connection: Connection, run_id: str, package_id: str) -> bytes | None:
    """The engine's record of a package as JSON."""
    table = table_schema.run_explanations
    question = select(table.c.body).where(table.c.run_id == run_id, table.c.package_id == package_id)
    packed = connection.execute(question).scalar_one_or_none()
    return None if packed is None else unpack(packed)


def pack(record: Any) -> bytes:
    """JSON, compressed: an explanation shrinks to a tenth."""
    return zlib.compress(orjson.dumps(record), 6)


def unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed)
