"""A connection to the scheduler of a Dask cluster: the one file that talks to ``distributed``, the extra ``cluster``.

Every wait has a limit. A connection that was lost is of no more use, as the scheduler may have forgotten everything: whoever
holds it makes another. Names of tasks are a run's random letters and numbers, since a cluster shows and logs them.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import distributed

from optimiser.in_parallel import on_a_worker
from optimiser.in_parallel.cluster_parts import Killed, LostError, Outcome, Unfit
from optimiser.in_parallel.on_a_worker import Sealed

Answer = TypeVar("Answer")
ANSWER_SECONDS = 30.0
"""A scheduler that does not answer a question for so long is taken to be gone."""
GATHER_SECONDS = 300.0
"""Results that take so long to come are taken to be lost; they are small, but a worker may be behind a slow line."""
TELLING_SECONDS = 5.0
"""Of what is only told: that somebody asks to stop, that something is no longer wanted."""


class SchedulerLink:
    """A connection. Raises ``LostError`` where there is none within ``seconds``, and whenever it turns out to be lost."""

    def __init__(self, address: str, seconds: float) -> None:
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # what becomes of a connection is told in our own words
        self._ended: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        self._asked: dict[int, Any] = {}
        self._contexts: dict[str, Any] = {}
        try:
            # Before there is a client: one that fails for lack of these files clears up for a long time.
            if address.startswith("tls:") and distributed.Security().get_connection_args("client").get("ssl_context") is None:
                raise LostError("no files for TLS are named")
            self._client = distributed.Client(address, timeout=seconds, name="optimiser", set_as_default=False)
        except (OSError, TimeoutError, ValueError, TypeError, RuntimeError, ImportError) as error:
            raise LostError(type(error).__name__) from None

    def workers(self) -> list[str]:
        """The addresses of those that the scheduler knows."""

        async def asked() -> Any:
            return await self._client.scheduler.identity(n_workers=-1)

        return [str(each) for each in self._answer(asked, ANSWER_SECONDS)["workers"]]

    def versions(self) -> list[str]:
        """Of the scheduler and each worker. Where our sources are not installed: the name of the error that says so."""

        async def asked() -> Any:
            return await self._client.run(on_a_worker.version, on_error="return")

        async def asked_of_scheduler() -> Any:
            return await self._client.run_on_scheduler(on_a_worker.version)

        try:
            scheduler = self._answer(asked_of_scheduler, ANSWER_SECONDS)
        except ImportError as error:
            scheduler = error
        every = [scheduler, *self._answer(asked, ANSWER_SECONDS).values()]
        return [each if isinstance(each, str) else type(each).__name__ for each in every]

    def give(self, run: str, lot: str, context: Sealed, tasks: Mapping[int, Sealed], asked_by: str) -> None:
        """Tasks by number. ``context`` goes once for each ``run``; ``lot``: no other tasks were ever given under this name."""

        async def given() -> Any:
            if run not in self._contexts:
                self._contexts[run] = self._client.submit(on_a_worker.as_given, context, key=(f"optimiser-{run}", 0))
            return self._client.map(
                on_a_worker.do,
                list(tasks.values()),
                key=[(f"optimiser-{lot}", number) for number in tasks],
                context=self._contexts[run],
                run=run,
                asked_by=asked_by,
                retries=0,
            )

        futures = self._answer(given, ANSWER_SECONDS)
        for number, future in zip(tasks, futures, strict=True):
            self._asked[number] = future
            future.add_done_callback(lambda ended, number=number: self._ended.put((number, ended)))

    def hear(self, seconds: float) -> Mapping[int, Outcome]:
        """What has ended since it was heard last, at most so many seconds later; nothing, where nothing has."""
        ended: dict[int, Any] = {}
        with suppress(Empty):
            number, future = self._ended.get(timeout=seconds)
            while True:
                if self._asked.get(number) is future:
                    ended[number] = future
                number, future = self._ended.get_nowait()
        if self._client.status != "running" or any(future.status in ("cancelled", "lost") for future in ended.values()):
            raise LostError("the connection ended")
        found: dict[int, Outcome] = {number: _failed(future) for number, future in ended.items() if future.status == "error"}
        whole = {number: future for number, future in ended.items() if number not in found}

        async def gathered() -> Any:
            return await self._client.gather(whole, errors="skip", direct=False)

        for number, sealed in (self._answer(gathered, GATHER_SECONDS) if whole else {}).items():
            if not isinstance(sealed, Sealed):
                raise LostError("a result was lost")
            found[number] = sealed
        for number in found:
            del self._asked[number]  # its result need not be kept there
        return found

    def stop(self, run: str) -> None:
        """Workers begin nothing more of a run, and tell what is at work; what no worker has yet is taken back."""

        async def told() -> Any:
            await self._client.run(on_a_worker.stop, run, on_error="ignore")
            return await self._client.scheduler.processing(workers=None)

        processing = self._answer(told, TELLING_SECONDS).values()
        at_workers = {tuple(key) for keys in processing for key in keys}
        self.forget([at for at, task in self._asked.items() if task.status == "pending" and tuple(task.key) not in at_workers])

    def forget(self, numbers: list[int] | None = None) -> None:
        """These tasks, or all, are no longer wanted. What is at work goes on to its end, and nobody hears of it."""
        left = [self._asked.pop(number) for number in (list(self._asked) if numbers is None else numbers)]

        async def cancelled() -> Any:
            await self._client.cancel(left)

        if left:
            self._answer(cancelled, TELLING_SECONDS)

    @property
    def wanted(self) -> set[int]:
        """Numbers of the tasks that have not ended."""
        return set(self._asked)

    def close(self) -> None:
        """The scheduler forgets what it was given."""
        with suppress(Exception):  # it is lost already
            self._client.close(timeout=TELLING_SECONDS)

    def _answer(self, question: Callable[[], Awaitable[Answer]], seconds: float) -> Answer:
        try:
            found: Answer = self._client.sync(question, callback_timeout=seconds)
        except (OSError, TimeoutError, CancelledError, RuntimeError, AttributeError) as error:
            # A client whose connection has ended in another thread is without some of its parts.
            raise LostError(type(error).__name__) from None
        return found


def _failed(future: Any) -> Outcome:
    """Of a task that the cluster itself gave up. Its words may hold what a task is given, and are left where they are."""
    error = future.exception(timeout=ANSWER_SECONDS)
    return Killed() if isinstance(error, distributed.KilledWorker) else Unfit(type(error).__name__)
