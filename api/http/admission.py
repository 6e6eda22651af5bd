"""So many requests wait for answers at once, each for so long: further ones, and those that take longer, are told to come again.

A queue that may grow for ever answers nobody in time. Of those that wait some are worked on, the others stand in the order in
which they came: a thousand at once would hold up whoever asks for health. That is asked past all of this.

Whoever comes to follow something waits in a queue of their own, and is let in few at a time: hundreds who come at the same
moment, because a run has begun that all of them wait for, would else stand before whoever asks whom to call for a person.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Collection
from dataclasses import dataclass

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import deed_outcome
from api.http.deed_outcome import SENTENCES, Changed
from api.http.errors import RETRY_SECONDS, Problem, answer
from api.http.repeats import Repeats

log = structlog.get_logger("api")

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
GONE: Message = {"type": "http.disconnect"}
FULL = "So many others wait for an answer already."
LATE = "There is no answer yet."
STREAMS_AT_ONCE, STREAM_PAUSE_SECONDS = 2, 0.1
"""Each place that streams are let in by is free again after a pause: twenty a second come in at most."""
STREAM_SECONDS = 120.0
"""So long they wait for that: a browser that is told to come again does not, and nothing hangs on hearing of a run sooner."""


@dataclass
class Queue:
    """So many wait in it at most, each for so many seconds; ``places``: of those that are worked on; ``pause``: how many seconds
    one stays empty.
    """

    most: float
    seconds: float
    places: asyncio.Semaphore
    pause: float = 0.0
    waiting: int = 0

    def free_place(self) -> None:
        if self.pause:
            asyncio.get_running_loop().call_later(self.pause, self.places.release)
        else:
            self.places.release()


class Admission:
    """ASGI middleware. ``seconds`` count from when the request is there as a whole to when its answer begins. ``streams``: the
    paths of answers that go on and on; as many as there may be connections wait for one.
    """

    def __init__(
        self,
        app: ASGIApp,
        most: int,
        at_once: int,
        seconds: float,
        always: Collection[str] = (),
        streams: re.Pattern[str] | None = None,
    ) -> None:
        self.app, self._always, self._streams = app, frozenset(always), streams
        self.queue = Queue(most, seconds, asyncio.Semaphore(at_once))
        longer = max(seconds, STREAM_SECONDS)
        self.of_streams = Queue(math.inf, longer, asyncio.Semaphore(STREAMS_AT_ONCE), STREAM_PAUSE_SECONDS)
        self._repeats = Repeats()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._always:
            await self.app(scope, receive, send)
            return
        is_stream = self._streams is not None and self._streams.fullmatch(scope["path"]) is not None
        queue = self.of_streams if is_stream else self.queue
        if queue.waiting >= queue.most:
            self.say(FULL, queue)
            await answer(_busy(FULL))(scope, receive, send)
        else:
            await _Waiting(self, queue, scope, receive, send).answered()

    def say(self, why: str, queue: Queue) -> None:
        """In the log, once a minute."""
        more = self._repeats.due(why)
        if more is not None:
            log.warning("busy", why=why, waiting=queue.waiting, **more)


class _Waiting:
    """A request that waits for its answer."""

    def __init__(self, admission: Admission, queue: Queue, scope: Scope, receive: Receive, send: Send) -> None:
        self._at, self._queue, self._scope, self._receive, self._send = admission, queue, scope, receive, send
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._begun = self._has_place = False
        """Whether an answer has begun."""
        self._refusal: asyncio.Task[None] | None = None
        self._became = deed_outcome.of_request()

    async def answered(self) -> None:
        """Until the app has done. One that was refused meanwhile counts until then: it still takes what others wait for."""
        try:
            if await self._has_its_turn():
                await self._at.app(self._scope, self._received, self._sent)
        except Exception as error:
            if self._refusal is None:
                raise
            log.warning("a request failed after it was told to come again", error=type(error).__name__)
        finally:
            self._wait_no_more()
            if self._refusal is not None:
                await self._refusal

    async def _has_its_turn(self) -> bool:
        """Wait for a place; False: it was refused meanwhile, and nothing is done for it."""
        self._queue.waiting += 1
        self._timer = self._loop.call_later(self._queue.seconds, self._refuse, LATE)
        await self._queue.places.acquire()
        if self._begun:
            self._queue.free_place()  # a stream that began meanwhile may last an hour
        else:
            self._has_place = True
        return self._refusal is None

    def _wait_no_more(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._queue.waiting -= 1
        if self._has_place:
            self._queue.free_place()
            self._has_place = False

    async def _received(self) -> Message:
        """While the caller is sending it waits for nobody, and nobody for us: other deadlines hold for that."""
        if self._begun or self._refusal is not None:
            return await self._receive()
        self._wait_no_more()
        message = await self._receive()
        if self._begun:
            return message
        if self._queue.waiting >= self._queue.most:
            self._refuse(FULL)
            return GONE
        return message if await self._has_its_turn() else GONE

    async def _sent(self, message: Message) -> None:
        if self._refusal is not None:
            return
        if not self._begun:
            self._begun = True
            self._wait_no_more()
        await self._send(message)

    def _refuse(self, why: str) -> None:
        """Tell the caller now; whatever the app answers later goes nowhere."""
        self._at.say(why, self._queue)
        self._refusal = self._loop.create_task(answer(self._problem(why))(self._scope, self._receive, self._send))

    def _problem(self, why: str) -> Problem:
        changed = self._became.changed if self._became else Changed.NO
        if self._has_place and changed is Changed.NO and self._scope["method"] not in SAFE:
            changed = Changed.UNKNOWN
        return _busy(why, changed)


def _busy(why: str, changed: Changed = Changed.NO) -> Problem:
    told = {"cause": "busy", "changed": changed.value}
    return Problem("busy", f"{why} {SENTENCES[changed]}", headers={"Retry-After": str(RETRY_SECONDS)}, **told)
