"""Who has a place while others wait: nobody whose answer has begun."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress

from starlette.types import Message, Receive, Scope, Send

from api.http.admission import STREAMS_AT_ONCE, Admission

START: Message = {"type": "http.response.start", "status": 200, "headers": []}
REQUEST: Message = {"type": "http.request", "body": b"", "more_body": False}


async def nothing(_: Message) -> None:
    """Whoever asked takes what comes."""


async def its_request() -> Message:
    return REQUEST


def test_a_stream_that_begins_while_it_waits_for_a_place_again_keeps_none() -> None:
    asyncio.run(_a_stream_begins_while_it_waits())


async def _a_stream_begins_while_it_waits() -> None:
    """There is one place. A stream listens whether its caller goes away, as Starlette's do, which takes it back into the queue;
    another request has come before it there; the stream begins meanwhile. Once the other has ended, a third is served.
    """
    may_end, streams, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/stream":
            listening = asyncio.ensure_future(receive())
            await asyncio.sleep(0)
            await send(START)
            streams.set()
            await ended.wait()
            await listening
        elif scope["path"] == "/slow":
            await may_end.wait()
            await send(START)
        else:
            await send(START)

    admission = Admission(app, most=10, at_once=1, seconds=5)

    def asked(path: str) -> asyncio.Task[None]:
        return asyncio.create_task(admission({"type": "http", "path": path, "method": "GET"}, its_request, nothing))

    stream, slow = asked("/stream"), asked("/slow")
    await streams.wait()
    may_end.set()
    await slow
    third = asked("/third")
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(third), 0.5)
    assert third.done(), "the stream holds the place"
    assert admission.queue.waiting == 0
    ended.set()
    await stream


def test_hundreds_who_come_to_follow_stand_before_nobody_else() -> None:
    asyncio.run(_hundreds_come_to_follow())


async def _hundreds_come_to_follow() -> None:
    """One who asks something else comes after three hundred whose streams have not begun, where ten may wait: it is answered.
    Of the streams two are looked after at a time, each pair a while after the one before it, and all begin in the end.
    """
    may_begin, begun, at_work, most_at_work = asyncio.Event(), 0, 0, 0

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        nonlocal begun, at_work, most_at_work
        if scope["path"] == "/stream":
            at_work += 1
            most_at_work = max(most_at_work, at_work)
            await may_begin.wait()
            at_work, begun = at_work - 1, begun + 1
        await send(START)

    admission = Admission(app, most=10, at_once=5, seconds=5, streams=re.compile("/stream"))

    def asked(path: str) -> asyncio.Task[None]:
        return asyncio.create_task(admission({"type": "http", "path": path, "method": "GET"}, its_request, nothing))

    admission.of_streams.pause = 0.002
    streams = [asked("/stream") for _ in range(300)]
    await asyncio.wait_for(asked("/other"), 2)
    assert (begun, at_work, admission.of_streams.waiting, admission.queue.waiting) == (0, STREAMS_AT_ONCE, 300, 0)
    began = time.monotonic()
    may_begin.set()
    await asyncio.gather(*streams)
    assert time.monotonic() - began > 149 * 0.002, "not all at once"
    assert (begun, most_at_work, admission.of_streams.waiting) == (300, STREAMS_AT_ONCE, 0)
