"""An engine of processes on this machine. One that is killed costs the task that it was at, and nothing else: another is started,
and that task is begun anew. (In the standard library's pool, a process that is killed takes every task along.)
"""

from __future__ import annotations

import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Generic

from optimiser.in_parallel.handing_watch import HandingWatch
from optimiser.in_parallel.piece_of_work import (
    HANDING_SECONDS,
    LEAVING_SECONDS,
    LOOK_SECONDS,
    MOST_DEATHS,
    MOST_TASK_SECONDS,
    PATIENCE_SECONDS,
    Context,
    Result,
    StoppedError,
    Task,
    Work,
)  # fmt: skip
from optimiser.in_parallel.worker_process import serve
from optimiser.processes import ProcessEndedError, how_it_ended, spawning


@dataclass(eq=False)
class _Asked(Generic[Task, Result]):
    """A task, and what is to come of it."""

    number: int
    task: Task
    future: Future[Result] = field(default_factory=Future)
    deaths: int = 0


@dataclass(eq=False)
class _Worker(Generic[Task, Result]):
    """A process, our end of the pipe to it, and the task that it is at since some moment."""

    process: SpawnProcess
    pipe: Connection
    asked: _Asked[Task, Result]
    since: float
    told: bool = False
    """It was told to stop."""


class OwnProcesses(Generic[Context, Task, Result]):
    """So many processes, started as tasks come and kept from one lot of tasks to the next."""

    def __init__(self, work: Work[Context, Task, Result], count: int) -> None:
        self._work, self._count = work, count
        self._payload = pickle.dumps((work.run, work.context), pickle.HIGHEST_PROTOCOL)
        self._processes = spawning()
        self._free: list[tuple[SpawnProcess, Connection]] = []
        self._busy: list[_Worker[Task, Result]] = []
        self._waiting: deque[_Asked[Task, Result]] = deque()
        self._thread: threading.Thread | None = None
        self._watch = HandingWatch(HANDING_SECONDS)
        self._last_moment: float | None = None
        """Once somebody has asked to stop: until when tasks at work may go on."""

    def begin(self, tasks: Sequence[Task]) -> Sequence[Future[Result]]:
        """A future for each task."""
        self._join()
        self._waiting.extend(_Asked[Task, Result](number, task) for number, task in enumerate(tasks, 1))
        futures = [each.future for each in self._waiting]
        self._thread = threading.Thread(target=self._all, args=(len(tasks),), name="tasks", daemon=True)
        self._thread.start()
        return futures

    def stop(self) -> None:
        """Heard by the thread when it looks next."""
        if self._last_moment is None:
            self._last_moment = time.monotonic() + PATIENCE_SECONDS

    def close(self) -> None:
        """What is at work is ended; who is free leaves."""
        self._last_moment = time.monotonic()
        self._join()
        for _, pipe in self._free:
            with suppress(OSError):
                pipe.send(None)
        for process, pipe in self._free:
            process.join(LEAVING_SECONDS)
            process.kill()
            process.join(LEAVING_SECONDS)
            pipe.close()
        self._free.clear()
        self._watch.close()

    def _join(self) -> None:
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(LOOK_SECONDS)

    def _all(self, of: int) -> None:
        """The thread: hands tasks out and takes results, until there is no task left."""
        # Processes take over what their starter holds back: a Ctrl-C that reaches all of us is then heard by the caller alone.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            while self._busy or self._waiting:
                if self._last_moment is not None:
                    self._end(self._last_moment)
                while self._waiting and len(self._busy) < self._count:
                    self._hand_out(self._waiting.popleft(), of)
                self._hear(of)
        except BaseException as error:  # a mistake of ours must not leave the caller waiting
            for each in (*self._waiting, *(worker.asked for worker in self._busy)):
                if not each.future.done():
                    each.future.set_exception(error)
            self._waiting.clear()
            raise
        finally:
            for worker in self._busy:
                worker.process.kill()
            self._busy.clear()

    def _end(self, last_moment: float) -> None:
        for asked in self._waiting:
            asked.future.cancel()
        self._waiting.clear()
        for worker in tuple(self._busy):
            if time.monotonic() >= last_moment:
                worker.process.kill()
            elif not worker.told:
                worker.told = True
                with suppress(OSError):  # it has died, which is heard next
                    worker.pipe.send(None)

    def _hand_out(self, asked: _Asked[Task, Result], of: int) -> None:
        process, pipe = self._free.pop() if self._free else self._started()
        worker = _Worker(process, pipe, asked, time.monotonic())
        self._busy.append(worker)
        try:
            with self._watch.handing(process):
                pipe.send((asked.task,))
        except OSError:  # it died before it could be asked
            self._died(worker, of)

    def _started(self) -> tuple[SpawnProcess, Connection]:
        ours, theirs = self._processes.Pipe()
        process = self._processes.Process(target=serve, args=(theirs,), daemon=True)
        try:
            process.start()
        except OSError as error:
            raise ProcessEndedError(f"A process that {self._work.doing} could not start: {error.strerror}.") from None
        theirs.close()
        with suppress(OSError), self._watch.handing(process):  # it has died already, which is heard when it is asked
            ours.send_bytes(self._payload)
        return process, ours

    def _hear(self, of: int) -> None:
        ready = wait([worker.pipe for worker in self._busy], LOOK_SECONDS)
        for worker in tuple(self._busy):
            if worker.pipe in ready:
                try:
                    with self._watch.handing(worker.process):
                        done, answer = worker.pipe.recv()
                except (EOFError, OSError):
                    self._died(worker, of)
                    continue
                self._busy.remove(worker)
                self._free.append((worker.process, worker.pipe))
                if done:
                    worker.asked.future.set_result(answer)
                else:
                    worker.asked.future.set_exception(answer)
            elif time.monotonic() - worker.since > MOST_TASK_SECONDS:
                worker.process.kill()

    def _died(self, worker: _Worker[Task, Result], of: int) -> None:
        self._busy.remove(worker)
        worker.process.join(LEAVING_SECONDS)
        worker.process.kill()
        worker.pipe.close()
        asked = worker.asked
        asked.deaths += 1
        if self._last_moment is not None:
            asked.future.set_exception(StoppedError())
        elif asked.deaths < MOST_DEATHS:
            self._waiting.appendleft(asked)
        else:
            ended = how_it_ended(worker.process.exitcode)
            asked.future.set_exception(
                ProcessEndedError(
                    f"A process that {self._work.doing} ended before it was done, {MOST_DEATHS} times over at the same task"
                    f" ({asked.number} of {of}: {self._work.name_of(asked.task)}): it {ended}."
                )
            )
