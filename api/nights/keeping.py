"""A night's plan as a run that has ended, so that its steps can be applied without another; and the failures of the next night.

The run is known by what it rests on, the county's version and the plan: the same night made again is the same run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import insert, select

from api.runs.events import add_event, moment
from api.runs.kinds.kind import Outcome
from api.runs.outcomes import plan_digest, result_record
from api.runs.requesting import queue_run, request_hash
from api.runs.schemas import RunSettings
from api.runs.stored_runs import pack, run_of, run_with_key
from api.state.known_people import all_ended
from api.state.store import Change
from api.storage.runs_told import RESULT_DIGEST, digest_of_result
from api.storage.table_schema import run_explanations, runs
from optimiser.nightly.watch import StoredAs

KIND = "reoptimise"
STRESS = "stress"


@dataclass(frozen=True)
class Asked:
    """What a night was asked for beside the county's settings. None: the county's own."""

    max_moves: int | None = None
    step_moves: int | None = None
    wall_seconds: float | None = None
    history_given: bool = False
    if_others_move: bool = False

    def as_kept(self) -> dict[str, Any]:
        """As a run keeps its settings; ``nightly`` says that the report of a night made it."""
        own = {"max_moves": self.max_moves, "step_moves": self.step_moves}
        return {
            **RunSettings().as_kept(),
            "wall_seconds": self.wall_seconds,
            "policy": {name: value for name, value in own.items() if value is not None},
            "nightly": {"moved_share_limited": self.history_given, "if_others_move": self.if_others_move},
        }


class NotKeptError(Exception):
    """A night is not kept; says why, and names nobody."""


def keep_run(change: Change, outcome: Outcome, version: int, asked: Asked) -> StoredAs:
    """The run of a night, made on a version of the county. Raises ``NotKeptError``: somebody whom it names is forgotten since."""
    digest = plan_digest(KIND, str(outcome.record["snapshot_digest"]), outcome)
    run_id = hashlib.sha256(f"night\x1f{version}\x1f{digest}".encode()).hexdigest()[:32]
    if run_of(change.connection, run_id) is not None:
        return StoredAs(run_id, digest)
    explanations = dict(outcome.explanations)
    if _somebody_is_forgotten(change, explanations):
        raise NotKeptError("somebody in it was forgotten meanwhile")
    now, settings = change.clock.instant(), asked.as_kept()
    result = pack(result_record(run_id, change.actor.name, outcome, digest))
    status = "cancelled" if outcome.stopped == "cancelled" else "succeeded"
    change.connection.execute(
        insert(runs).values(
            run_id=run_id,
            kind=KIND,
            settings=orjson.dumps(settings).decode(),
            requested_by=change.actor.name,
            idempotency_key=f"night {run_id}",
            request_hash=request_hash(KIND, settings),
            created_at=moment(now),
            started_at=moment(now),
            finished_at=moment(now),
            status=status,
            cancel=status == "cancelled",
            attempts=1,
            fence=1,
            state_version=version,
            result=result,
            plan_digest=digest,
        )
    )
    rows = [{"run_id": run_id, "package_id": package_id, "body": body} for package_id, body in explanations.items()]
    if rows:
        change.connection.execute(insert(run_explanations), rows)
    add_event(change.connection, run_id, status, now)
    change.remember("run.request", "runs", run_id, {"kind": KIND, "settings": settings})
    told = {"plan_digest": digest, "attempt": 1, RESULT_DIGEST: digest_of_result(result)}
    change.remember(f"run.{status}", "runs", run_id, told)
    return StoredAs(run_id, digest)


def _somebody_is_forgotten(change: Change, package_ids: Collection[str]) -> bool:
    """Whether anybody of the plan is neither there nor has ended: what is destroyed is not written down again."""
    gone = set(package_ids) - set(change.state.stock["packages"])
    return bool(gone) and not gone <= all_ended(change.connection).keys()


def queue_stress(change: Change) -> None:
    """The failures of the county are tried by a run of their own, once a day, unless one waits or works already.

    The next report shows what it has found.
    """
    key = f"stress of {change.state.as_of}"
    under_way = select(runs.c.run_id).where(runs.c.kind == STRESS, runs.c.status.in_(("queued", "running"))).limit(1)
    if run_with_key(change.connection, change.actor.name, key) is None and not change.connection.execute(under_way).first():
        queue_run(change, key, STRESS, RunSettings().as_kept())
