"""What a run has found as a workbook: no more than its reader is told otherwise."""

from __future__ import annotations

import orjson

from api.acts.act import Caller, act
from api.runs import acts as runs
from api.runs.acts import OF_ITS_OWN, STARTERS
from api.security.roles import JOB


@act("runs.workbook", {**STARTERS, JOB: OF_ITS_OWN}, writes=("run.result.read",))
def read_workbook(by: Caller, run_id: str) -> bytes:
    """The plan of a run as one workbook: what it is, its levels, its proposals and every table of it, a sheet each."""
    from optimiser.io.result_workbook import record_workbook

    told = orjson.loads(runs.read_result(by, run_id).body)
    return record_workbook(told["result"], {"proposals": told["proposals"]})
