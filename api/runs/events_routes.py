"""What happens to a run, as it happens: server-sent events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

import anyio.to_thread
import orjson
from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse

from api.http.errors import Problem
from api.runs.events import ENDINGS, Event, events_after
from api.runs.requesting import NO_SUCH_RUN
from api.runs.routes import RunId, Starter
from api.runs.stored_runs import run_of
from api.service import Service, TheService
from api.storage.engine import reading

router = APIRouter(prefix="/v1/runs", tags=["runs"])
POLL_SECONDS = 0.3
HEARTBEAT_SECONDS = 15.0
MOST_SECONDS = 3_600.0
"""A stream ends after so long; who follows it comes back with ``Last-Event-ID``, as browsers do by themselves."""
EXAMPLE = 'id: 3\nevent: progress\ndata: {"level":"legacy","value":600,"bound":540,"gap":60,"elapsed_seconds":1.5}\n\n'


@router.get(
    "/{run_id}/events",
    summary="Follow a run",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}, "example": EXAMPLE}}}},
)
async def events(
    _: Starter,
    service: TheService,
    run_id: RunId,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", pattern=r"^[0-9]{1,12}$", examples=["3"])] = None,
) -> StreamingResponse:
    """Server-sent events from the beginning, or after ``Last-Event-ID``: queued, started, progress, cancelling, interrupted (its
    solver died; it will be tried again), and at the end succeeded, failed or cancelled. Then the stream ends."""

    def known() -> bool:
        with reading(service.store.engine) as connection:
            return run_of(connection, run_id) is not None

    if not await anyio.to_thread.run_sync(known):
        raise Problem("not_found", NO_SUCH_RUN)
    stream = _stream(service, run_id, int(last_event_id or 0))
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def _stream(service: Service, run_id: str, seq: int) -> AsyncIterator[bytes]:
    def newer() -> tuple[list[Event], bool]:
        """What is new; and whether nothing will come any more."""
        with reading(service.store.engine) as connection:
            run = run_of(connection, run_id)
            return list(events_after(connection, run_id, seq)), run is None or (run.ended and run.changes <= seq)

    spoke = began = time.monotonic()
    while not service.leaving.is_set() and time.monotonic() - began < MOST_SECONDS:
        found, over = await anyio.to_thread.run_sync(newer)
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
