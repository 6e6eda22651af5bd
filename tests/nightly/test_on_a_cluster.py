"""The search of a night by a cluster's worker, with a stand-in for the scheduler: the same report, and a death that is told."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from pathlib import Path
from types import ModuleType

import pytest

from optimiser import exits
from optimiser.in_parallel.cluster import Cluster
from optimiser.in_parallel.cluster_parts import Killed
from optimiser.in_parallel.on_a_worker import Answer, Sealed
from optimiser.io.reading import read_snapshot
from optimiser.nightly.night_search import Search, found
from tests.commands.running import run
from tests.in_parallel.test_cluster import HERE, VILLAGES, Scheduler

LINK = "optimiser.in_parallel.scheduler_link"


def reached_by(monkeypatch: pytest.MonkeyPatch, scheduler: Scheduler) -> None:
    """Commands meet the stand-in at any address."""
    stand_in = ModuleType(LINK)
    stand_in.SchedulerLink = scheduler  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, LINK, stand_in)


def report_in(shelf: Path) -> dict[str, bytes]:
    """All that a report says, but for when and how long."""
    latest = shelf / "latest"
    return {each.name: each.read_bytes() for each in sorted(latest.iterdir()) if each.name != "run.json"}


def test_the_report_is_the_same_to_the_byte_wherever_its_plan_was_searched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there, scheduler = tmp_path / "here", tmp_path / "there", Scheduler()
    reached_by(monkeypatch, scheduler)
    ran = run(capsys, "nightly", VILLAGES, "--out", here, "--quiet")
    asked = run(capsys, "nightly", VILLAGES, "--out", there, "--quiet", "--cluster", HERE)
    assert (asked.code, asked.out.replace(str(there), str(here))) == (ran.code, ran.out)
    assert scheduler.answered == [0]
    assert report_in(there) == report_in(here)
    again = run(capsys, "nightly", VILLAGES, "--out", there, "--quiet", "--cluster", HERE)
    assert again.code == exits.NOTHING_NEW
    assert scheduler.answered == [0], "where nothing is new, nobody searches"


def test_workers_that_die_at_it_leave_the_latest_report_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "reports"
    run(capsys, "nightly", VILLAGES, "--out", out, "--quiet")
    before = report_in(out)
    reached_by(monkeypatch, Scheduler(outcome=lambda _: Killed()))
    ran = run(capsys, "nightly", VILLAGES, "--out", out, "--quiet", "--max-moves", "1", "--cluster", HERE)
    assert ran.code == exits.REFUSED
    assert "searches a night's plan ended before it was done, 4 times over" in ran.err
    assert "The latest report is as it was." in ran.err
    assert report_in(out) == before
    assert [each.name for each in out.iterdir() if each.name.startswith("000002")] == []


def test_after_ctrl_c_there_is_the_plan_that_a_worker_had_or_none() -> None:
    snapshot = read_snapshot(VILLAGES).snapshot
    asked = Search(snapshot, None, None, None, None, if_others_move=False)
    assert "P-" not in repr(asked)

    def interrupted(_: int) -> Sealed:
        os.kill(os.getpid(), signal.SIGINT)
        return Sealed(pickle.dumps(Answer(stopped=True)))

    with Cluster(HERE, Scheduler(outcome=interrupted)) as cluster, pytest.raises(KeyboardInterrupt):
        found(asked, cluster)
    stopped = asked.made(should_stop=lambda: True)
    assert stopped.allocation.stopped == "cancelled"
