"""A run is asked for: written into the queue, in the transaction of whoever asks, with its entry in the trail."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import insert

from api.runs.events import add_event, moment
from api.state.store import Change
from api.storage.table_schema import runs


def request_hash(kind: str, settings: Mapping[str, Any]) -> str:
    """What a request is known by: the same one again asks for the same run."""
    return hashlib.sha256(orjson.dumps({"kind": kind, "settings": settings}, option=orjson.OPT_SORT_KEYS)).hexdigest()


def queue_run(change: Change, key: str, kind: str, settings: Mapping[str, Any], known_by: str = "") -> str:
    """A run of these settings, as a run keeps them, waits in the queue; its id. ``key``: nobody has used it in this name.

    ``known_by``: what the request is known by, where that is more than its settings.
    """
    now, run_id = change.clock.instant(), secrets.token_hex(16)
    change.connection.execute(
        insert(runs).values(
            run_id=run_id,
            kind=kind,
            settings=orjson.dumps(settings).decode(),
            requested_by=change.actor.name,
            idempotency_key=key,
            request_hash=known_by or request_hash(kind, settings),
            created_at=moment(now),
            status="queued",
            cancel=False,
            attempts=0,
            fence=0,
        )
    )
    add_event(change.connection, run_id, "queued", now)
    change.remember("run.request", "runs", run_id, {"kind": kind, "settings": settings})
    return run_id
