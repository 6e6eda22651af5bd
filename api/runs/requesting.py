"""Asking for a run, and asking to cancel one. Both stand in the audit trail."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import insert, update

from api.http.errors import Problem, declare
from api.runs.events import add_event, moment
from api.runs.run_policy import refuse_wrong_policy
from api.runs.stored_runs import Run, run_of, run_with_key
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.tables import runs

KEY_REUSED = declare("idempotency_key_reused", 409, "This Idempotency-Key came with another body before")
NO_SUCH_RUN = "There is no run of this name."


def request_run(store: Store, actor: Actor, key: str, kind: str, settings: Mapping[str, Any]) -> Run:
    """The run that was asked for; the same one when the same person asks again with the same key and body.

    Raises ``Problem`` when the key came with another body before, or a setting is out of its bounds.
    """
    asked = orjson.dumps({"kind": kind, "settings": dict(settings)}, option=orjson.OPT_SORT_KEYS)
    request_hash = hashlib.sha256(asked).hexdigest()
    with store.change(actor) as change:
        earlier = run_with_key(change.connection, actor.name, key)
        if earlier is not None:
            if earlier.row.request_hash != request_hash:
                raise Problem(KEY_REUSED, "Send a new Idempotency-Key with a new request; repeat a request as it was.")
            return earlier
        if not change.state.stock["areas"]:
            raise Problem("not_ready", "The database is empty: run 'optimiser load FOLDER'.")
        refuse_wrong_policy(change.state.snapshot.policy, settings["policy"])
        now, run_id = store.clock.instant(), secrets.token_hex(16)
        change.connection.execute(
            insert(runs).values(
                run_id=run_id,
                kind=kind,
                settings=orjson.dumps(dict(settings)).decode(),
                requested_by=actor.name,
                idempotency_key=key,
                request_hash=request_hash,
                created_at=moment(now),
                status="queued",
                cancel=False,
                attempts=0,
                fence=0,
            )
        )
        add_event(change.connection, run_id, "queued", now)
        change.remember("run.request", "runs", run_id, {"kind": kind, "settings": dict(settings)})
        made = run_of(change.connection, run_id)
    assert made is not None
    return made


def cancel_run(store: Store, actor: Actor, run_id: str) -> Run:
    """A queued run ends at once; a running one is asked to stop and keeps the best plan so far; an ended one stays."""
    with store.change(actor) as change:
        now = store.clock.instant()
        this = runs.c.run_id == run_id
        ended = {"status": "cancelled", "finished_at": moment(now), "cancel": True}
        asked = runs.c.cancel.is_(False)
        if change.connection.execute(update(runs).where(this, runs.c.status == "queued").values(**ended)).rowcount:
            add_event(change.connection, run_id, "cancelled", now)
            change.remember("run.cancel", "runs", run_id)
        elif change.connection.execute(update(runs).where(this, runs.c.status == "running", asked).values(cancel=True)).rowcount:
            add_event(change.connection, run_id, "cancelling", now)
            change.remember("run.cancel", "runs", run_id)
        run = run_of(change.connection, run_id)
        if run is None:
            raise Problem("not_found", NO_SUCH_RUN)
    return run
