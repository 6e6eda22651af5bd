"""Who has a place while others wait: nobody whose answer has begun."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.types import Message, Receive, Scope, Send

from api.http.admission import Admission

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
    assert admission.waiting == 0
    ended.set()
    await stream
