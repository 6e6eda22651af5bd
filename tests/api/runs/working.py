"""Runs in tests: asked for, and worked on in the test's own process or by a supervisor."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from api.acts.act import Caller
from api.runs import acts, queue
from api.runs.leases import Leases
from api.runs.process import SOLVER
from api.runs.queue import ENDED, Claim
from api.runs.schemas import RunRequest, RunSettings
from api.runs.solve import work
from api.runs.stored_runs import Run, run_of
from api.runs.supervisor import Supervisor
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import reading

PLANNER = Actor("Ada Planner", "planner")
_numbers = itertools.count()


def asked_for(store: Store, actor: Actor | None = None, **settings: Any) -> str:
    """A run of these settings, queued; its id."""
    asked = RunRequest(kind="allocate", settings=RunSettings(**settings))
    return acts.start(calling(store, actor or PLANNER), f"key-{next(_numbers)}", asked).run.run_id


def calling(store: Store, actor: Actor = PLANNER) -> Caller:
    """Somebody who does an act on a store."""
    return Caller(Service.of(settings_of(store), store), actor)


def run(store: Store, run_id: str) -> Run:
    with reading(store.engine) as connection:
        found = run_of(connection, run_id)
    assert found is not None
    return found


def settings_of(store: Store, **more: Any) -> Settings:
    address = store.engine.url.render_as_string(hide_password=False)
    return Settings(database_url=address, as_of=store.clock.fixed_day, **more)


def next_claim(store: Store, leases: Leases | None = None, most_attempts: int = 3) -> Claim | None:
    """The next run for a worker that has heard of nobody yet."""
    return queue.claim_next(store.engine, store.clock.instant(), leases or Leases(60), most_attempts)


def claimed(store: Store, leases: Leases | None = None, most_attempts: int = 3) -> Claim:
    claim = next_claim(store, leases, most_attempts)
    assert claim is not None
    return claim


def worked_on(store: Store, **settings: Any) -> str:
    """A run that was worked on to its end, in this process; its id."""
    run_id = asked_for(store, **settings)
    assert work_here(store, claimed(store)) == ENDED
    return run_id


def work_here(store: Store, claim: Claim, *, leaving: bool = False) -> int:
    """Work on a claimed run in this process; the exit code."""
    gone = threading.Event()
    if leaving:
        gone.set()
    return work(claim, settings_of(store), gone)


@contextmanager
def supervised(settings: Settings, store: Store, solver: str = SOLVER) -> Iterator[Supervisor]:
    supervisor = Supervisor(store.engine, settings, solver)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()


def until(store: Store, run_id: str, *statuses: str, seconds: float = 120) -> Run:
    """The run, once it has one of these statuses."""
    ends = time.monotonic() + seconds
    while (found := run(store, run_id)).status not in statuses:
        assert time.monotonic() < ends, f"still {found.status}"
        time.sleep(0.05)
    return found


def start(client: httpx.Client, key: str = "", **body: Any) -> dict[str, Any]:
    """A run asked for over HTTP."""
    headers = {"Idempotency-Key": key or f"key-{next(_numbers)}"}
    answer = client.post("/v1/runs", json={"kind": "allocate", **body}, headers=headers)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found
