"""A snapshot is sent to be solved: it waits among the runs, and is followed, read and cancelled as they are."""

from __future__ import annotations

import hashlib

from api.acts.act import Caller, Size, act
from api.http.errors import Problem
from api.runs.acts import KEY_REUSED, STARTERS, TaggedRun, tagged
from api.runs.requesting import queue_run, request_hash
from api.runs.sent_snapshots import keep
from api.runs.share import refuse_more_than_a_share
from api.runs.stored_runs import run_of, run_with_key
from api.solves.schemas import SolveQuery
from api.storage.table_schema import ON_WHAT_WAS_SENT


@act("solves.start", STARTERS, writes=("run.request",), changes=True, takes=Size.FOLDER)
def start(by: Caller, key: str, asked: SolveQuery, body: bytes) -> TaggedRun:
    """A snapshot that is no county of this service is to be solved; the same run when the same is sent with the same key.

    ``body``: the zip of a folder that was read without a fault. It is destroyed once the run has ended, what was found after
    ``solve_result_minutes``. In the trail stands only that it was asked for.
    """
    settings = asked.as_kept()
    known_by = request_hash(ON_WHAT_WAS_SENT, settings | {"sent": hashlib.sha256(body).hexdigest()})
    with by.change() as change:
        earlier = run_with_key(change.connection, by.actor.name, key)
        if earlier is None:
            refuse_more_than_a_share(change.connection, by.actor.name, asked.wall_seconds, by.settings)
            run_id = queue_run(change, key, ON_WHAT_WAS_SENT, settings, known_by)
            keep(change.connection, run_id, body)
            made = run_of(change.connection, run_id)
            assert made is not None
        elif earlier.row.request_hash != known_by:
            raise Problem(KEY_REUSED, "Send a new Idempotency-Key with a new snapshot or settings; repeat a request as it was.")
        else:
            made = earlier
    return tagged(by, made)
