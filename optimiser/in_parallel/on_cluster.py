"""An engine on a cluster: tasks go to its scheduler, by whose word they have ended.

What is finished is kept here and never asked for again. A worker that dies costs its tasks again, which the scheduler sees to; a
scheduler that goes away is waited for, and then gets every task that is not finished anew. Nobody is waited for without a limit.
"""

from __future__ import annotations

import pickle
import secrets
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic

from optimiser.in_parallel.cluster_parts import ClusterError, Killed, Link, LostError, Outcome, Reached, Unfit
from optimiser.in_parallel.on_a_worker import Answer, OtherVersionError, Sealed, version
from optimiser.in_parallel.piece_of_work import (
    LOOK_SECONDS,
    MOST_DEATHS,
    PATIENCE_SECONDS,
    Context,
    Result,
    StoppedError,
    Task,
    Work,
)  # fmt: skip
from optimiser.processes import ProcessEndedError

AWAY_SECONDS = 300.0
"""A scheduler that goes away, and workers of which none is left, are waited for so long in the middle of a run."""
LOOK_AFTER_SECONDS = 10.0
"""So often it is asked whether there are workers, and of the kind that may be used."""
TELL_AGAIN_SECONDS = 5.0
"""Workers may come after somebody has asked to stop: they are told as well."""


class OnCluster(Generic[Context, Task, Result]):
    """Tasks of one piece of work, done by the workers of a cluster, however many they are."""

    def __init__(self, work: Work[Context, Task, Result], cluster: Reached) -> None:
        self._work, self._cluster = work, cluster
        self._context = Sealed(pickle.dumps((work.run, work.context), pickle.HIGHEST_PROTOCOL))
        self._run = secrets.token_hex(4)
        self._times_given = 0
        self._tasks: Sequence[Task] = ()
        self._open: dict[int, Future[Result]] = {}
        """What is to come of each task that has not ended, by its place."""
        self._thread: threading.Thread | None = None
        self._last_moment: float | None = None
        """Once somebody has asked to stop: until when tasks at work may go on."""

    def begin(self, tasks: Sequence[Task]) -> Sequence[Future[Result]]:
        """A future for each task."""
        self._join()
        self._tasks, self._open = tasks, {place: Future() for place in range(len(tasks))}
        futures = list(self._open.values())
        self._thread = threading.Thread(target=self._all, name="tasks", daemon=True)
        self._thread.start()
        return futures

    def stop(self) -> None:
        """Heard by the thread when it looks next."""
        if self._last_moment is None:
            self._last_moment = time.monotonic() + PATIENCE_SECONDS

    def close(self) -> None:
        """Workers are told to stop, and not waited for. The cluster itself goes on."""
        self._last_moment = time.monotonic()
        self._join()

    def _join(self) -> None:
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(LOOK_SECONDS)

    def _all(self) -> None:
        """The thread: until there is no task left."""
        try:
            self._until_done({place: Sealed(pickle.dumps(self._tasks[place])) for place in self._open})
        except BaseException as error:  # a mistake of ours must not leave the caller waiting
            for future in self._open.values():
                future.set_exception(error)
            if not isinstance(error, ClusterError):
                raise
        finally:
            self._open.clear()

    def _until_done(self, sealed: Mapping[int, Sealed]) -> None:
        """Over as many connections as it takes. Raises ``ClusterError``."""
        away_since: float | None = None
        ended_in_vain = 0
        while self._open:
            left = len(self._open)
            try:
                link = self._cluster.connected()
                away_since = None
                self._over(link, sealed)
            except LostError:
                self._cluster.lost()
                if self._last_moment is not None:
                    self._leave(self._open)
                    return
                if away_since is None:
                    away_since = time.monotonic()
                    ended_in_vain = ended_in_vain + 1 if len(self._open) == left else 0
                if ended_in_vain == MOST_DEATHS or time.monotonic() - away_since > AWAY_SECONDS:
                    raise self._gone() from None
                time.sleep(LOOK_SECONDS)

    def _gone(self) -> ClusterError:
        left = f"{len(self._open)} of {len(self._tasks)} tasks are not done"
        return ClusterError(
            f"The scheduler of the cluster went away, and either did not come back within {AWAY_SECONDS:.0f} seconds or went"
            f" away {MOST_DEATHS} times over before a task was done: {left}."
        )

    def _over(self, link: Link, sealed: Mapping[int, Sealed]) -> None:
        """As long as a connection holds. Raises ``LostError``, ``ClusterError``."""
        self._times_given += 1
        lot = f"{self._run}-{self._times_given}"
        link.give(self._run, lot, self._context, {place: sealed[place] for place in self._open}, version())
        try:
            self._hear(link)
        except LostError:
            raise
        except BaseException:
            self._drop(link)
            raise
        self._drop(link)
        self._leave(self._open)

    def _drop(self, link: Link) -> None:
        """What is left is not wanted any more. (After a mere loss it is: a worker that was told to stop would do none of it.)"""
        if self._open:
            with suppress(LostError):
                link.stop(self._run)
                link.forget()

    def _hear(self, link: Link) -> None:
        """Until there is no task left, or no patience."""
        look_after = workers_at = time.monotonic()
        tell = 0.0
        while self._open:
            now = time.monotonic()
            if self._last_moment is not None and now >= self._last_moment:
                return
            if self._last_moment is not None and now >= tell:
                link.stop(self._run)
                self._leave(self._open.keys() - link.wanted)
                tell = now + TELL_AGAIN_SECONDS
            if now >= look_after:
                workers_at = now if self._cluster.has_workers(link) else workers_at
                if now - workers_at > AWAY_SECONDS:
                    raise ClusterError(f"The cluster has had no worker for {AWAY_SECONDS:.0f} seconds.")
                look_after = now + LOOK_AFTER_SECONDS
            for place, outcome in link.hear(LOOK_SECONDS).items():
                self._ended(place, outcome)

    def _ended(self, place: int, outcome: Outcome) -> None:
        if isinstance(outcome, Unfit):
            raise ClusterError.of_other(outcome.error)
        future = self._open[place]
        answer = self._killed(place) if isinstance(outcome, Killed) else pickle.loads(outcome.content)
        if isinstance(answer.error, OtherVersionError):
            raise ClusterError.of_other(str(answer.error))
        del self._open[place]
        if answer.stopped:
            future.set_exception(StoppedError())
        elif answer.error is not None:
            future.set_exception(answer.error)
        else:
            future.set_result(answer.result)

    def _killed(self, place: int) -> Answer:
        named = f"{place + 1} of {len(self._tasks)}: {self._work.name_of(self._tasks[place])}"
        return Answer(
            error=ProcessEndedError(
                f"A worker of the cluster that {self._work.doing} ended before it was done, {MOST_DEATHS} times over at the same"
                f" task ({named}), as happens where memory runs out: the scheduler's log says when."
            )
        )

    def _leave(self, places: Collection[int]) -> None:
        """These are not reached any more: somebody asked to stop."""
        for place in tuple(places):
            self._open.pop(place).set_exception(StoppedError())
