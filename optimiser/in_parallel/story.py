"""Many tasks done at once. What comes of them is the same whatever does them, however many at a time, and whichever ends first.

Ctrl-C is heard here: tasks at work end, or end early if they ask; those not begun are left out. With one process tasks are done
here, one after the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Generic

from optimiser.in_parallel.own_processes import OwnProcesses
from optimiser.in_parallel.piece_of_work import LOOK_SECONDS, Context, Engine, Result, StoppedError, Task, Work
from optimiser.processes import stopped_by_ctrl_c, usable_processors

Report = Callable[[int, int], None]
"""How many tasks are done, of how many."""
MakesEngine = Callable[[Work[Context, Task, Result], int], Engine[Task, Result]]
"""What does the tasks, given the work and how many at once."""


@dataclass(frozen=True)
class Done(Generic[Result]):
    """What has come of some tasks."""

    results: dict[int, Result]
    """By the place of the task, from 0, in order. After a stop some are not there."""
    complete: bool
    """False where somebody asked to stop: tasks may be left out, and results may be of less than was asked."""

    def __repr__(self) -> str:
        return f"<Done: {len(self.results)} tasks>"


class InParallel(Generic[Context, Task, Result]):
    """Processes for one piece of work, for one lot of tasks or several. They end with the block.

    ``workers``: so many tasks at once, and 0: one a processor. ``most``: more than so many tasks never come, so that no more
    processes are started. ``engine``: another place to do them in than processes here.
    """

    def __init__(
        self,
        work: Work[Context, Task, Result],
        *,
        workers: int = 0,
        most: int | None = None,
        engine: MakesEngine[Context, Task, Result] | None = None,
    ) -> None:
        processors = workers or usable_processors()
        count = processors if most is None else min(processors, most)
        self._work = work
        self._engine: Engine[Task, Result] | None = None
        if engine is not None:
            self._engine = engine(work, count)
        elif count > 1:
            self._engine = OwnProcesses(work, count)

    def __enter__(self) -> InParallel[Context, Task, Result]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._engine is not None:
            self._engine.close()

    def do(
        self,
        tasks: Sequence[Task],
        *,
        report: Report | None = None,
        heard: Callable[[int, Result], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Done[Result]:
        """Every task. ``heard``: told each result as it comes, with the place of its task. ``should_stop``: asked now and then.

        Raises what a task raises, at once, and ``ProcessEndedError`` where the process of a task was killed each time.
        """
        stop, results = threading.Event(), dict[int, Result]()
        ends = (
            self._one_by_one(tasks, stop) if self._engine is None else self._as_they_end(self._engine, tasks, stop, should_stop)
        )
        with _heard_by(stop):
            if should_stop is not None and should_stop():
                stop.set()
            for place, result in ends:
                results[place] = result
                if heard is not None:
                    heard(place, result)
                if report is not None:
                    report(len(results), len(tasks))
                if should_stop is not None and should_stop():
                    stop.set()
        return Done(dict(sorted(results.items())), complete=not stop.is_set())

    def _one_by_one(self, tasks: Sequence[Task], stop: threading.Event) -> Iterator[tuple[int, Result]]:
        for place, task in enumerate(tasks):
            if stop.is_set():
                return
            yield place, self._work.run(self._work.context, task, stop.is_set)

    @staticmethod
    def _as_they_end(
        engine: Engine[Task, Result], tasks: Sequence[Task], stop: threading.Event, should_stop: Callable[[], bool] | None
    ) -> Iterator[tuple[int, Result]]:
        ended: SimpleQueue[Future[Result]] = SimpleQueue()
        places: dict[Future[Result], int] = {}
        for place, future in enumerate(engine.begin(tasks)):
            places[future] = place
            future.add_done_callback(ended.put)
        while places:
            if stop.is_set():
                engine.stop()
            try:
                future = ended.get(timeout=LOOK_SECONDS)
            except Empty:
                if should_stop is not None and should_stop():
                    stop.set()
                continue
            place = places.pop(future)
            try:
                result = future.result(timeout=LOOK_SECONDS)
            except (CancelledError, StoppedError):
                continue
            yield place, result


def _heard_by(stop: threading.Event) -> AbstractContextManager[None]:
    """Ctrl-C sets ``stop`` meanwhile. Only a program's first thread can hear it; others are asked to stop by ``should_stop``."""
    return stopped_by_ctrl_c(stop) if threading.current_thread() is threading.main_thread() else nullcontext()
