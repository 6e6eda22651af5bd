"""The end of a run that has a plan: result, proposals and explanations, all together or not at all."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from sqlalchemy import Engine, insert

from api.clock import Clock
from api.runs import queue
from api.runs.kinds import KINDS
from api.runs.kinds.kind import Outcome
from api.runs.queue import Claim
from api.runs.stored_runs import pack
from api.storage import audit, table_schema
from api.storage.audit import Actor, Entry
from api.storage.database import county_row, writing
from optimiser.rules.book import VERSION as RULE_BOOK

SOLVER = Actor("solver", "job")


class _NotOursError(Exception):
    """Another worker holds the run: nothing of ours is written."""


def plan_digest(kind: str, snapshot_digest: str, outcome: Outcome) -> str:
    """What a plan is known by: the facts that it rests on, and who goes where (of a transfer: which round when)."""
    return hashlib.sha256(orjson.dumps([kind, snapshot_digest, KINDS[kind].digest_parts(outcome)])).hexdigest()


def finish(engine: Engine, clock: Clock, claim: Claim, kind: str, outcome: Outcome) -> bool:
    """Write everything and end the run; False, and nothing written, when the run is no longer ours."""
    digest = plan_digest(kind, str(outcome.record["snapshot_digest"]), outcome)
    result = pack(_result(claim, outcome, digest))
    explanations = [
        {"run_id": claim.run_id, "package_id": package_id, "body": packed} for package_id, packed in outcome.explanations
    ]
    status = "cancelled" if outcome.stopped == "cancelled" else "succeeded"
    entry = Entry(SOLVER, f"run.{status}", "runs", claim.run_id, {"plan_digest": digest, "attempt": claim.attempt})
    try:
        with writing(engine) as connection:
            if explanations:
                connection.execute(insert(table_schema.run_explanations), explanations)
            county_row(connection, lock=True)  # late, so that nobody waits for the explanations; before the run's own row
            now = clock.instant()
            if not queue.end(connection, claim, now, status, result=result, plan_digest=digest):
                raise _NotOursError
            audit.append(connection, [entry], at=now.isoformat(), rule_book=RULE_BOOK)
    except _NotOursError:
        return False
    return True


def _result(claim: Claim, outcome: Outcome, digest: str) -> dict[str, Any]:
    return {
        "run_id": claim.run_id,
        "plan_digest": digest,
        "stopped": outcome.stopped,
        "result": outcome.record,
        "proposals": [
            {"package_id": each.package_id, "contract_id": each.contract_id, "moved": each.moved, **each.figures}
            for each in outcome.proposals
        ],
    }
