"""What a run has found, as it is kept: its result, and what its plan is known by."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from api.runs.kinds import KINDS
from api.runs.kinds.kind import Outcome


def plan_digest(kind: str, snapshot_digest: str, outcome: Outcome) -> str:
    """What a plan is known by: the facts that it rests on, and who goes where (of a transfer: which round when)."""
    return hashlib.sha256(orjson.dumps([kind, snapshot_digest, KINDS[kind].digest_parts(outcome)])).hexdigest()


def result_record(run_id: str, requested_by: str, outcome: Outcome, digest: str) -> dict[str, Any]:
    """The result as it is read."""
    return {
        "run_id": run_id,
        "requested_by": requested_by,
        "plan_digest": digest,
        "stopped": outcome.stopped,
        "result": outcome.record,
        "proposals": [
            {"package_id": each.package_id, "contract_id": each.contract_id, "moved": each.moved, **each.figures}
            for each in outcome.proposals
        ],
    }
