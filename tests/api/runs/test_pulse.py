"""Who works is heard of; who is stuck, or was stopped, is not, and is ended within a minute."""

from __future__ import annotations

import os
import signal
import time
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import create_engine

from api.runs import supervisor
from api.runs.process import SolverProcess
from api.runs.queue import Claim
from api.runs.supervisor import Supervisor
from api.settings import Settings

STATES = ("works now and then", "at the database", "stuck", "stopped")


def until_silent(processes: dict[str, SolverProcess], name: str) -> None:
    """Listen to all, as a supervisor does, until nothing was heard of one for a while."""
    ends = time.monotonic() + 60
    while {each: process.silent_seconds(time.monotonic()) for each, process in processes.items()}[name] < 1.2:
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_who_works_or_waits_for_the_database_is_heard_of_and_nobody_else() -> None:
    processes = {name: SolverProcess(Claim(name, 1, 1), Settings(), "tests.api.runs.pulsing") for name in STATES}
    try:
        until_silent(processes, "stuck")
        assert processes["stopped"].silent_seconds(time.monotonic()) < 1.0, "it has worked so far"
        os.kill(processes["stopped"].pid, signal.SIGSTOP)
        until_silent(processes, "stopped")
        silent = {name: each.silent_seconds(time.monotonic()) for name, each in processes.items()}
        assert silent["works now and then"] < 1.0
        assert silent["at the database"] < 1.0
        assert silent["stopped"] > 1.0
        processes["stuck"].we_were_away(2.0)
        assert processes["stuck"].silent_seconds(time.monotonic()) < silent["stuck"]
    finally:
        for each in processes.values():
            each.kill()


@pytest.mark.parametrize(("silent", "ended"), [(44.0, False), (46.0, True)])
def test_a_stuck_solver_is_ended_within_a_minute(silent: float, ended: bool) -> None:
    process: Any = Mock(spec=SolverProcess)
    process.exit_code.return_value, process.silent_seconds.return_value = None, silent
    at_work = Supervisor(create_engine("sqlite://"), Settings(run_lease_seconds=3_600))
    at_work._working.append(supervisor._Work(Claim("0" * 32, 1, 1), process, time.monotonic() + 3_600))
    at_work._look_after()
    assert process.kill.called is ended
    at_work._looked_at -= supervisor.AWAY_SECONDS + 1
    at_work._look_after()
    assert process.we_were_away.called, "what we did not see ourselves is held against nobody"
