"""What ``run.json`` says of every kind of run."""

from __future__ import annotations

import datetime as dt

import pytest

from optimiser.io.folders import run_record

STARTED = dt.datetime(2026, 11, 23, 6, 0, 0, 123, tzinfo=dt.UTC)


@pytest.mark.parametrize(("stopped", "repeatable"), [("no", True), ("work", True), ("wall", False), ("cancelled", False)])
def test_a_run_ended_by_the_clock_or_by_somebody_need_not_repeat(stopped: str, repeatable: bool) -> None:
    told = run_record(stopped, STARTED, 1.23456)
    assert (told["started_at"], told["seconds"]) == ("2026-11-23T06:00:00+00:00", 1.235)
    assert (told["stopped"], told["repeatable"]) == (stopped, repeatable)
    assert told.keys() == {
        "started_at", "seconds", "stopped", "repeatable", "peak_memory_mb", "software", "python", "machine", "system",
    }  # fmt: skip
