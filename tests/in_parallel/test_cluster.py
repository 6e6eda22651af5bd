"""An engine on a cluster, with a stand-in for the connection to its scheduler: the tests' lock has no Dask. With a real one:
``python -m tests.campaigns.cluster``.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser import exits
from optimiser.__main__ import main
from optimiser.commands import parser
from optimiser.exits import RefusedError
from optimiser.in_parallel import cluster as of_cluster
from optimiser.in_parallel import on_a_worker, on_cluster
from optimiser.in_parallel.cluster import Cluster
from optimiser.in_parallel.cluster_parts import ClusterError, Killed, LostError, Outcome, Unfit
from optimiser.in_parallel.on_a_worker import Answer, Sealed, version
from optimiser.in_parallel.piece_of_work import MOST_DEATHS, Work
from optimiser.in_parallel.story import Done, InParallel
from optimiser.processes import ProcessEndedError
from tests.commands.test_help import commands_below
from tests.in_parallel.tasks import as_told, squared

HERE = "tcp://127.0.0.1:8786"
VILLAGES = Path(__file__).parents[2] / "data" / "three_villages"


@dataclass
class Scheduler:
    """In place of Dask's. It does a task whenever it is listened to; its connections end as a test says."""

    ends_after: list[int] = field(default_factory=list)
    """Of each connection in turn: after so many answers; below 0: it is not to be had. Those after them hold."""
    workers: list[str] = field(default_factory=lambda: ["tcp://127.0.0.1:40000"])
    versions: list[str] = field(default_factory=lambda: [version()])
    outcome: Callable[[int], Outcome | None] = lambda _: None
    """What comes of a task in place of its answer."""
    lots: list[str] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)

    def __call__(self, _: str, __: float) -> Connection:
        ends = self.ends_after.pop(0) if self.ends_after else sys.maxsize
        if ends < 0:
            raise LostError("OSError")
        return Connection(self, ends)


@dataclass
class Connection:
    """To the stand-in."""

    scheduler: Scheduler
    ends: int
    given: dict[int, tuple[Sealed, Sealed, str, str]] = field(default_factory=dict)

    def workers(self) -> list[str]:
        return self.scheduler.workers

    def versions(self) -> list[str]:
        return self.scheduler.versions

    def give(self, run: str, lot: str, context: Sealed, tasks: Mapping[int, Sealed], asked_by: str) -> None:
        self.scheduler.lots.append(lot)
        self.given = {number: (task, context, run, asked_by) for number, task in tasks.items()}

    def hear(self, _: float) -> Mapping[int, Outcome]:
        if self.ends == 0:
            raise LostError("the connection ended")
        if not self.given:
            return {}
        self.ends -= 1
        number = max(self.given)
        outcome = self.scheduler.outcome(number) or on_a_worker.do(*self.given[number])
        del self.given[number]
        self.scheduler.answered.append(number)
        return {number: outcome}

    def stop(self, run: str) -> None:
        on_a_worker.stop(run)

    def forget(self, numbers: list[int] | None = None) -> None:
        self.given.clear()

    @property
    def wanted(self) -> set[int]:
        return set(self.given)

    def close(self) -> None:
        """It holds nothing."""


def told(scheduler: Scheduler, folder: Path, *hows: str) -> Done[str]:
    with (
        Cluster(HERE, scheduler) as cluster,
        InParallel(Work(as_told, folder, "does as told", lambda how: f"'{how}'"), engine=cluster) as tasks,
    ):
        return tasks.do(hows)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_cluster, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(of_cluster, "LOOK_SECONDS", 0.001)


@given(st.lists(st.integers(-1, 3), max_size=MOST_DEATHS - 1))
@settings(max_examples=10, deadline=None)
def test_a_scheduler_that_goes_away_is_given_what_is_not_done_and_nothing_is_done_twice(ends_after: list[int]) -> None:
    scheduler = Scheduler([9, *ends_after])
    with Cluster(HERE, scheduler) as cluster, InParallel(Work(squared, 5, "squares", str), engine=cluster) as tasks:
        lots = [tasks.do(range(8)), tasks.do(range(3))]
    assert [list(lot.results.items()) for lot in lots] == [[(n, squared(5, n, bool)) for n in range(of)] for of in (8, 3)]
    assert len(scheduler.answered) == 8 + 3
    assert len(set(scheduler.lots)) == len(scheduler.lots), "a name was used for two tasks"


def test_a_scheduler_that_stays_away_is_waited_for_no_longer_than_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ClusterError, match=r"went away 4 times over before a task was done: 2 of 3 tasks are not done"):
        told(Scheduler([1] + [0] * MOST_DEATHS), tmp_path, "first", "second", "third")
    monkeypatch.setattr(on_cluster, "AWAY_SECONDS", 0.05)
    with pytest.raises(ClusterError, match=r"1 of 2 tasks are not done"):
        told(Scheduler([1] + [-1] * 1_000), tmp_path, "first", "second")
    monkeypatch.setattr(on_cluster, "LOOK_AFTER_SECONDS", 0.0)
    scheduler = Scheduler()

    def leave(_: int) -> None:
        scheduler.workers.clear()

    scheduler.outcome = leave
    with pytest.raises(ClusterError, match=r"The cluster has had no worker for"):
        told(scheduler, tmp_path, *map(str, range(400)))


def test_what_a_task_raises_and_what_becomes_of_its_worker_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="refused") as raised:
        told(Scheduler(), tmp_path, "refused", "last")
    assert "as_told" in raised.value.__notes__[0]
    killed = Scheduler(outcome=lambda number: Killed() if number == 1 else None)
    with pytest.raises(ProcessEndedError, match=r"does as told ended .* 4 times over at the same task \(2 of 2: 'last'\)"):
        told(killed, tmp_path, "first", "last")
    with pytest.raises(ClusterError, match=r"has ModuleNotFoundError, and this machine optimiser 0"):
        told(Scheduler(outcome=lambda _: Unfit("ModuleNotFoundError")), tmp_path, "first")


def test_ctrl_c_leaves_out_what_is_not_begun(tmp_path: Path) -> None:
    def interrupt(_: int, __: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with Cluster(HERE, Scheduler()) as cluster, InParallel(Work(as_told, tmp_path, "does as told", str), engine=cluster) as tasks:
        done = tasks.do([f"{n}" for n in range(1_000)], heard=interrupt)
    assert not done.complete
    assert 0 < len(done.results) < 1_000
    assert all(result == f"{place} done" for place, result in done.results.items())


def test_a_worker_says_nothing_of_what_it_is_given_begins_nothing_after_a_stop_and_knows_other_versions(tmp_path: Path) -> None:
    context, task = Sealed(pickle.dumps((as_told, tmp_path))), Sealed(pickle.dumps("EXAMPLE-ID"))
    assert "EXAMPLE" not in f"{task!r} {task} {pickle.loads(on_a_worker.do(task, context, 'one', version()).content)!r}"
    other = pickle.loads(on_a_worker.do(task, context, "one", "optimiser 0.0.1").content)
    assert str(other.error) == version()
    with pytest.raises(ClusterError, match=r"has optimiser .* and this machine optimiser .*: install the same on both"):
        told(Scheduler(outcome=lambda _: Sealed(pickle.dumps(other))), tmp_path, "first")
    on_a_worker.stop("one")
    assert pickle.loads(on_a_worker.do(task, context, "one", version()).content) == Answer(stopped=True)
    for run in ("two", "three", "four"):
        on_a_worker.do(task, context, run, version())
    assert list(on_a_worker._kept) == ["three", "four"]


@pytest.mark.parametrize(
    ("scheduler", "said"),
    [
        (Scheduler([-1]), r"no scheduler answers at tcp://127\.0\.0\.1:8786 \(OSError\)\. Is it running\?"),
        (Scheduler(workers=[]), "has no worker: begin one with 'dask worker'"),
        (Scheduler(workers=["tls://w1:4000", "tcp://192.0.2.7:4000"]), "reached by tcp from another machine"),
        (Scheduler(versions=[version(), "optimiser 0.0.9"]), r"has optimiser 0\.0\.9, and this machine"),
    ],
    ids=["away", "no worker", "in the clear", "another version"],
)
def test_a_cluster_that_cannot_be_used_is_refused_before_anything_is_begun(
    scheduler: Scheduler, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_cluster, "FIRST_WORKER_SECONDS", 0.01)
    with pytest.raises(RefusedError, match=said), Cluster(HERE, scheduler):
        pytest.fail("it was used")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tls://scheduler.internal:8786", ""),
        ("tcp://127.0.0.1:8786", ""),
        ("tcp://[::1]:8786", ""),
        ("tcp://localhost:8786", ""),
        ("tcp://192.0.2.7:8786", "in the clear"),
        ("tcp://localhost.example:8786", "in the clear"),
        ("tcp://0.0.0.0:8786", "in the clear"),
        ("scheduler:8786", "expected tls://HOST:PORT"),
        ("tls://scheduler", "expected tls://HOST:PORT"),
        ("tls://scheduler:99999", "expected tls://HOST:PORT"),
        ("tls://user@scheduler:8786", "expected tls://HOST:PORT"),
    ],
)
def test_only_tls_leaves_this_machine(address: str, said: str) -> None:
    if said:
        with pytest.raises(RefusedError, match=f"^--cluster: .*{said}"):
            Cluster(address)
    else:
        assert Cluster(address).address == address


def test_every_command_that_takes_a_cluster_asks_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """None of them leaves the option aside: each refuses a scheduler that would be reached in the clear."""
    rates, out, county = tmp_path / "rates.toml", str(tmp_path / "out"), str(VILLAGES)
    rates.write_text("[[arrivals]]\nper_week = 2\n[rates]\nends_per_week = 0.02\ndecline = 0.3\n", encoding="utf-8")
    calls = {
        "stress": [county],
        "forecast": [county, "--given", str(rates), "--until", "2026-12-07", "--draws", "2", "--out", out],
        "size": [county, "--given", str(rates), "--until", "2026-12-07", "--draws", "2", "--out", out],
        "frontier": [county, "--levels", "legacy", "cost"],
        "rounds build": [county, "--out", out],
        "rounds judge": [county],
        "rounds fit": [county, "N1"],
        "nightly": [county, "--out", out],
    }
    taking = {
        name for name, command in commands_below(parser()) if any("--cluster" in each.option_strings for each in command._actions)
    }
    assert calls.keys() == taking
    for name, arguments in calls.items():
        assert main([*name.split(), *arguments, "--cluster", "tcp://192.0.2.7:8786", "--quiet"]) == exits.REFUSED, name
        assert "--cluster: tcp is for a scheduler on this machine alone" in capsys.readouterr().err, name
    assert not Path(out).exists()


def test_without_the_extra_a_command_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "optimiser.in_parallel.scheduler_link", raising=False)
    assert main(["stress", str(VILLAGES), "--cluster", HERE]) == exits.REFUSED
    assert capsys.readouterr().err.endswith("Refused: 'optimiser stress' needs Dask: pip install 'optimiser[cluster]'.\n")
    assert main(["stress", str(VILLAGES), "--cluster", HERE, "--provider", "P-ALDER"]) == exits.REFUSED
    assert "--cluster: expected without --provider and --hand-back" in capsys.readouterr().err
