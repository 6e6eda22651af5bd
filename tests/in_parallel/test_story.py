"""The same results whatever does the tasks, and what becomes of processes that are killed, stuck or told to stop."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.in_parallel import own_processes
from optimiser.in_parallel.piece_of_work import MOST_DEATHS, Work
from optimiser.in_parallel.story import Done, InParallel
from optimiser.in_parallel.worker_process import UntransportableError
from optimiser.processes import ProcessEndedError
from tests.in_parallel.tasks import as_told, length_of, reads_nothing, squared

SQUARES = Work(squared, 5, "squares", str)


class AnyOrder:
    """An engine in place of processes: tasks end in an order that is given, from another thread."""

    def __init__(self, work: Work[int, int, tuple[int, list[float]]], order: Sequence[int]) -> None:
        self.work, self.order = work, order

    def begin(self, tasks: Sequence[int]) -> Sequence[Future[tuple[int, list[float]]]]:
        futures = [Future[tuple[int, list[float]]]() for _ in tasks]

        def end_all() -> None:
            for place in self.order:
                futures[place].set_result(self.work.run(self.work.context, tasks[place], lambda: False))

        threading.Thread(target=end_all).start()
        return futures

    def stop(self) -> None:
        """It is soon done anyhow."""

    def close(self) -> None:
        """It leaves nothing."""


def told(folder: Path, *hows: str, workers: int = 2) -> Done[str]:
    with InParallel(Work(as_told, folder, "does as told", lambda how: f"'{how}'"), workers=workers, most=len(hows)) as processes:
        return processes.do(hows)


@given(st.permutations(range(8)))
@settings(max_examples=20, deadline=None)
def test_the_outcome_is_the_same_in_whatever_order_tasks_end(order: list[int]) -> None:
    with InParallel(SQUARES, workers=1) as here:
        alone = here.do(range(8))
    heard: list[int] = []
    with InParallel(SQUARES, engine=lambda work, _: AnyOrder(work, order)) as elsewhere:
        found = elsewhere.do(range(8), heard=lambda place, _: heard.append(place))
    assert sorted(heard) == list(range(8))
    assert list(found.results.items()) == list(alone.results.items()) == [(n, squared(5, n, bool)) for n in range(8)]


def test_processes_are_kept_from_one_lot_of_tasks_to_the_next_and_each_gets_the_context_once(tmp_path: Path) -> None:
    counted: list[tuple[int, int]] = []
    with InParallel(Work(as_told, tmp_path, "does as told", str), workers=2) as processes:
        lots = [processes.do([f"{lot}{n}" for n in range(20)], report=lambda *count: counted.append(count)) for lot in "ab"]
    assert [list(lot.results.values()) for lot in lots] == [[f"{lot}{n} done" for n in range(20)] for lot in "ab"]
    assert all(lot.complete for lot in lots)
    assert counted == [(n, 20) for n in range(1, 21)] * 2
    assert len({path.name.rpartition("-")[2] for path in tmp_path.iterdir()} - {str(os.getpid())}) <= 2


def test_a_process_that_is_killed_or_stuck_costs_its_task_again_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_processes, "MOST_TASK_SECONDS", 1.0)
    done = told(tmp_path, "first", "killed-once", "deaf", "killed-once-too", "last")
    assert list(done.results.values()) == ["first done", "killed-once done", "deaf done", "killed-once-too done", "last done"]
    assert done.complete
    begun = sorted(path.name.rpartition("-")[0] for path in tmp_path.iterdir())
    assert begun == ["deaf-0", "deaf-1", "first-0", "killed-once-0", "killed-once-1", "killed-once-too-0", "killed-once-too-1",
                     "last-0"]  # fmt: skip


def test_a_task_whose_process_is_killed_each_time_is_given_up_and_named(tmp_path: Path) -> None:
    with pytest.raises(ProcessEndedError, match=r"does as told ended .* 4 times .*2 of 2: 'killed'\): it was killed \(SIGKILL\)"):
        told(tmp_path, "first", "killed")
    assert len(list(tmp_path.glob("killed-*"))) == MOST_DEATHS


def test_a_process_that_hangs_before_it_reads_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_processes, "HANDING_SECONDS", 0.3)
    monkeypatch.setattr(own_processes, "serve", reads_nothing)
    more_than_a_pipe_holds = bytes(1 << 20)
    work = Work(length_of, more_than_a_pipe_holds, "measures", lambda what: f"'{what}'")
    said = r"4 times over at the same task \([12] of 2: '(one|two)'\): it was killed"
    with pytest.raises(ProcessEndedError, match=said), InParallel(work, workers=2) as processes:
        processes.do(["one", "two"])


def test_ctrl_c_ends_tasks_early_that_ask_leaves_out_those_not_begun_and_waits_for_nobody_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_processes, "PATIENCE_SECONDS", 0.5)

    def interrupt(place: int, _: str) -> None:
        if place == 0:
            os.kill(os.getpid(), signal.SIGINT)

    with InParallel(Work(as_told, tmp_path, "does as told", str), workers=3) as processes:
        done = processes.do(["first", "asks", "deaf", "deaf-too", "asks"], heard=interrupt)
    assert done.results == {0: "first done", 1: "asks done"}
    assert not done.complete
    with InParallel(Work(as_told, tmp_path, "does as told", str), workers=1) as here:
        few = here.do(["a", "b", "c"], should_stop=lambda: bool(list(tmp_path.glob("b-*"))))
    assert (few.results, few.complete) == ({0: "a done", 1: "b done"}, False)


def test_what_a_task_raises_is_raised_and_says_where(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="refused") as raised:
        told(tmp_path, "refused", "asks")
    assert "as_told" in raised.value.__notes__[0]
    with pytest.raises(UntransportableError, match="OddError: one, two"):
        told(tmp_path, "asks", "odd")
