"""A process per run, on both kinds of database: it ends its run, can be cancelled, killed, and told to leave."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from api.runs import acts
from api.runs.events import events_after
from api.runs.kinds import KINDS
from api.runs.kinds.kind import Outcome, Task
from api.runs.solve import NICENESS
from api.runs.stored_runs import last_succeeded
from api.runs.supervisor import Supervisor
from api.state.store import Store
from api.storage.database import reading
from optimiser.judging.checking import DisagreementError
from tests.api.runs.test_queue import names_of_events
from tests.api.runs.working import asked_for, calling, claimed, run, settings_of, supervised, until, work_here

SLOW = "tests.api.runs.slow"


def searching(store: Store, supervisor: Supervisor, run_id: str) -> int:
    """The process of a run, once it searches."""
    until(store, run_id, "running")
    ends = time.monotonic() + 120
    while run(store, run_id).changes < 3:  # queued, started, progress
        assert time.monotonic() < ends
        time.sleep(0.05)
    return supervisor.pids[0]


def stands_back(pid: int) -> bool:
    """Whether a process takes of the processor what others leave, of its own session's share and of all (where there is one)."""
    group = Path(f"/proc/{pid}/autogroup")
    shares = group.read_text(encoding="ascii").split()[-1] if group.exists() else str(NICENESS)
    return (os.getpriority(os.PRIO_PROCESS, pid), shares) == (min(19, os.nice(0) + NICENESS), str(NICENESS))


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_a_run_is_worked_on_and_one_that_searches_is_cancelled(store: Store) -> None:
    with supervised(settings_of(store), store):
        run_id = asked_for(store)
        assert until(store, run_id, "succeeded").row.plan_digest
    with reading(store.engine) as connection:
        found = last_succeeded(connection, "allocate", store.state().version)
    assert found is not None
    assert found.run_id == run_id
    with supervised(settings_of(store), store, SLOW) as supervisor:
        endless = asked_for(store)
        pid = searching(store, supervisor, endless)
        assert stands_back(pid), "planners come first"
        acts.cancel(calling(store), endless)
        assert until(store, endless, "cancelled").row.plan_digest
        assert names_of_events(store, endless) == ["queued", "started", "cancelling", "cancelled"]
    assert is_gone(pid)


def test_a_killed_solver_is_tried_again_and_a_server_that_stops_gives_its_run_back(store: Store) -> None:
    with supervised(settings_of(store, run_lease_seconds=3), store, SLOW) as supervisor:
        run_id = asked_for(store)
        os.kill(searching(store, supervisor, run_id), signal.SIGKILL)
        ends = time.monotonic() + 120
        while run(store, run_id).row.attempts < 2:
            assert time.monotonic() < ends
            time.sleep(0.05)
        time.sleep(3.5)  # longer than a lease: it is renewed, so nobody takes the run
        assert run(store, run_id).row.fence == 2
        pid = supervisor.pids[0]
    assert is_gone(pid)
    given_back = run(store, run_id)
    assert (given_back.status, given_back.row.attempts) == ("queued", 1)
    assert names_of_events(store, run_id) == ["queued", "started", "interrupted", "started", "interrupted"]
    with reading(store.engine) as connection:
        told = [event.data.get("exit_code") for event in events_after(connection, run_id, 0) if event.name == "interrupted"]
    assert told == [-signal.SIGKILL, None]


def test_a_file_called_like_ours_where_the_server_runs_ends_no_run(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("api", "optimiser", "numpy", "types"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a stray file was imported')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with supervised(settings_of(store), store):
        assert until(store, asked_for(store), "succeeded", "failed").status == "succeeded"


def test_a_solver_that_cannot_start_is_said_to_and_one_that_fails_is_said_to_fail(store: Store) -> None:
    with supervised(settings_of(store, run_attempts=1), store, "tests.api.runs.no_such_module"):
        never = until(store, asked_for(store), "failed")
    assert "The last time it ended with exit code 1: what it wrote itself" in never.row.problem
    with supervised(settings_of(store, run_attempts=1), store, "tests.api.runs.failing"):
        fails = until(store, asked_for(store), "failed")
    assert "The last time it failed with an error that the service's log names." in fails.row.problem
    assert "memory" not in never.row.problem + fails.row.problem


def test_a_defect_ends_a_run_and_says_nothing_of_anybody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def disagrees(_: Task) -> Outcome:
        raise DisagreementError("model and check disagree on package N1")

    monkeypatch.setitem(KINDS, "allocate", replace(KINDS["allocate"], work=disagrees))
    run_id = asked_for(store)
    work_here(store, claimed(store))
    failed = run(store, run_id)
    assert failed.status == "failed"
    assert "check_disagrees" in failed.row.problem
    assert "N1" not in failed.row.problem
