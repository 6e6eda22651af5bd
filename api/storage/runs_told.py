"""Whether the runs are there that the audit trail tells of, each with all that happened to it and the result that it ended with.

Who asked for a run was told that there is one, so none may be missing; what happened is counted without a gap. What a run left is
destroyed with those whom it names, or once it is old: then all of it is gone, and the run stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from api.storage import table_schema
from api.storage.row_ledger import OR_AN_ENTRY, Break, apart, named, why

RUNS, EVENTS = table_schema.runs, table_schema.run_events


REQUEST = "run.request"
"""The action of an entry by which a run was asked for, its subject."""
ENDS = ("run.succeeded", "run.cancelled")
"""The actions of entries by which one ended with a result."""
RUNS_FORGET = "run.forget"
"""The action of one by which what old runs left was destroyed: of those that ended before the moment in its details."""
FORGET = "audit.forget"
"""The action of an entry that lists the entries whose personal part was destroyed with it, and how many results were too."""
RESULT_DIGEST = "result_sha256"
"""In the details of an entry by which a run ended. Whom a result names cannot be guessed by it: it is of all of it."""


def digest_of_result(packed: bytes) -> str:
    """Of a result as it is stored."""
    return hashlib.sha256(packed).hexdigest()


@dataclass
class RunsTold:
    """Told entry by entry what became of runs; then asked to compare it with what is there."""

    asked: dict[str, int] = field(default_factory=dict)
    """Per run the entry by which it was asked for."""
    results: dict[str, tuple[int, str | None]] = field(default_factory=dict)
    """Per run the entry by which it ended, and the digest in it; None: it is from before there were digests."""
    forgotten_before: str = ""
    """What runs left that ended before this moment may have been destroyed; empty: nothing was."""
    results_forgotten: int = 0
    """How many other results were destroyed, as they named somebody."""
    _ends_destroyed: bool = False

    def take(self, action: str, seq: int, subject: str | None, details: str | None) -> None:
        """Raises ``TypeError``, ``ValueError`` or ``KeyError`` where an entry does not say before when results were destroyed."""
        if action == REQUEST and subject:
            self.asked[subject] = seq
        elif action in ENDS:
            if subject and details:
                digest = _said(details, RESULT_DIGEST)
                self.results[subject] = seq, None if digest is None else str(digest)
            else:
                self._ends_destroyed = True
        elif action == RUNS_FORGET and details:
            self.forgotten_before = max(self.forgotten_before, str(orjson.loads(details)["ended_before"]))
        elif action == FORGET and details:
            count = _said(details, "results")
            self.results_forgotten += count if isinstance(count, int) else 0

    def compare(self, connection: Connection, *, chain_holds: bool) -> list[Break]:
        """What does not hold; whose fault that may be where the chain of entries does not."""
        or_an_entry = "" if chain_holds else OR_AN_ENTRY
        return runs_missed(connection, self.asked, self.forgotten_before) + self._results_changed(connection, or_an_entry)

    def _results_changed(self, connection: Connection, or_an_entry: str) -> list[Break]:
        found, gone = list[Break](), list[Break]()
        of_the_county = RUNS.c.kind != table_schema.ON_WHAT_WAS_SENT
        question = select(RUNS.c.run_id, RUNS.c.finished_at, RUNS.c.result).where(of_the_county).execution_options(yield_per=10)
        try:
            with apart(connection):
                for run_id, ended, result in connection.execute(question.order_by(RUNS.c.run_id)):
                    seq, digest = self.results.get(str(run_id), (0, None))
                    if result is not None:
                        found += self._wrong(seq, digest, run_id, result, or_an_entry)
                    elif digest is not None and not (isinstance(ended, str) and ended < self.forgotten_before):
                        gone.append(Break(seq, "the result of a run is not there any more", "runs", named(run_id)))
        except SQLAlchemyError as error:
            return [Break(0, f"cannot be read: {why(error)}", "runs")]
        return found + (gone if len(gone) > self.results_forgotten else [])

    def _wrong(self, seq: int, digest: str | None, run_id: Any, result: Any, or_an_entry: str) -> list[Break]:
        if seq == 0:
            problem = None if self._ends_destroyed else "has a result that no entry tells of: it was written past the service"
        elif digest is None or (isinstance(result, bytes) and digest_of_result(result) == digest):
            problem = None
        else:
            problem = "its result is not as the entry tells of it: it was written past the service"
        return [] if problem is None else [Break(seq, problem + or_an_entry, "runs", named(run_id))]


def _said(details: str, name: str) -> Any:
    """What details say under a name; None where they do not, or are damaged, which is told of their entry."""
    try:
        told = orjson.loads(details)
    except ValueError:
        return None
    return told.get(name) if isinstance(told, dict) else None


def runs_missed(connection: Connection, told: Mapping[str, int], forgotten_before: str) -> list[Break]:
    """What does not hold. ``told``: per run the entry by which it was asked for. ``forgotten_before``: what runs left that ended
    before this moment may have been destroyed; empty: nothing was.
    """
    of_each = select(EVENTS.c.run_id, func.count(), func.max(EVENTS.c.seq)).group_by(EVENTS.c.run_id)
    try:
        with apart(connection):
            rows = connection.execute(select(RUNS.c.run_id, RUNS.c.finished_at, RUNS.c.kind)).all()
            ended = {str(run_id): at for run_id, at, _ in rows}
            short_lived = {str(run_id) for run_id, at, kind in rows if kind == table_schema.ON_WHAT_WAS_SENT and at is not None}
            events = {str(run_id): (int(count), int(last)) for run_id, count, last in connection.execute(of_each)}
    except (SQLAlchemyError, TypeError, ValueError) as error:
        return [Break(0, f"cannot be read: {why(error)}" if isinstance(error, SQLAlchemyError) else "are damaged", "runs")]
    missed = [
        Break(seq, "a run is not there that was asked for", "runs", run_id) for run_id, seq in told.items() if run_id not in ended
    ]
    for run_id, at in ended.items():
        count, last = events.get(run_id, (0, 0))
        is_forgotten = not count and ((isinstance(at, str) and at < forgotten_before) or run_id in short_lived)
        if count != last or (not count and not is_forgotten):
            missed.append(
                Break(told.get(run_id, 0), "some of what happened to a run is not there any more", "runs", named(run_id))
            )
    return missed
