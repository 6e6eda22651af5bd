"""What happens to a run, as it happens, as server-sent events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import anyio
import anyio.to_thread
import orjson
from anyio.lowlevel import RunVar

from api.runs.events import ENDINGS, Event, events_after
from api.runs.stored_runs import run_of
from api.service import Service
from api.storage.database import reading

POLL_SECONDS = 0.3
HEARTBEAT_SECONDS = 15.0
AT_ONCE = 4
"""So many threads look what is new, however many follow: others need theirs."""
MOST_SECONDS = 3_600.0
"""A stream ends after so long; who follows it comes back with ``Last-Event-ID``, as browsers do by themselves."""


_looking: RunVar[anyio.CapacityLimiter] = RunVar("looking")


def looking() -> anyio.CapacityLimiter:
    """The threads of this server that look what is new."""
    try:
        return _looking.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(AT_ONCE)
        _looking.set(limiter)
        return limiter


async def follow(service: Service, run_id: str, seq: int) -> AsyncIterator[bytes]:
    def newer() -> tuple[list[Event], bool]:
        """What is new; and whether nothing will come any more."""
        with reading(service.store.engine) as connection:
            run = run_of(connection, run_id)
            return list(events_after(connection, run_id, seq)), run is None or (run.ended and run.changes <= seq)

    spoke = began = time.monotonic()
    while not service.leaving.is_set() and time.monotonic() - began < MOST_SECONDS:
        found, over = await anyio.to_thread.run_sync(newer, limiter=looking())
        for event in found:
            yield _line(event)
            seq, spoke = event.seq, time.monotonic()
        if over or (found and found[-1].name in ENDINGS):
            return
        if time.monotonic() - spoke >= HEARTBEAT_SECONDS:
            yield b": still there\n\n"
            spoke = time.monotonic()
        await asyncio.sleep(POLL_SECONDS)


def _line(event: Event) -> bytes:
    data = orjson.dumps({"at": event.at, **event.data}).decode()
    return f"id: {event.seq}\nevent: {event.name}\ndata: {data}\n\n".encode()
