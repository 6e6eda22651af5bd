"""What happens to a run, as it happens, as server-sent events."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from anyio.lowlevel import RunVar
from sqlalchemy import Engine

from api.acts.act import Caller
from api.http.errors import Problem, declare
from api.runs.newsroom import Newsroom, heard
from api.service import Service

POLL_SECONDS = 0.3
HEARTBEAT_SECONDS = 15.0
MOST_SECONDS = 3_600.0
"""A stream ends after so long; who follows it comes back with ``Last-Event-ID``, as browsers do by themselves."""
TOO_MANY_FOLLOW = declare("too_many_follow", 429, "As many follow runs with this key as may")
AFTER_A_WHILE = "10"

_rooms: RunVar[dict[Engine, Newsroom]] = RunVar("newsrooms")


def newsroom(service: Service) -> Newsroom:
    """The one of this server, on its own event loop."""
    try:
        rooms = _rooms.get()
    except LookupError:
        rooms = {}
        _rooms.set(rooms)
    return rooms.setdefault(service.store.engine, Newsroom(service, POLL_SECONDS))


def refuse_too_many(service: Service, name: str) -> None:
    """Raises ``Problem`` where as many follow in somebody's name as may."""
    if newsroom(service).following(name) >= service.settings.most_followers:
        raise Problem(
            TOO_MANY_FOLLOW,
            f"{service.settings.most_followers:,} follow runs with this key: end one, or ask now and then how a run is doing.",
            headers={"Retry-After": AFTER_A_WHILE},
        )


async def follow(by: Caller, run_id: str, seq: int) -> AsyncIterator[bytes]:
    """Events after a number, to the run's end, as long as whoever follows would be let in."""
    service, room = by.service, newsroom(by.service)
    if room.following(by.actor.name) >= service.settings.most_followers:
        return  # many came at once
    spoke = began = time.monotonic()
    beat = room.beat_seconds(HEARTBEAT_SECONDS)
    with room.joined(run_id, by) as (topic, more):
        while not service.leaving.is_set() and time.monotonic() - began < MOST_SECONDS and room.has_in(more):
            news = topic.after(seq)
            if news is None:
                news = await room.missed(run_id, seq)
                topic.learn(seq, news)
            if news.lines:
                yield b"".join(news.lines)
                seq, spoke = news.last, time.monotonic()
            if news.over:
                return
            if not news.lines and not await heard(more, spoke + beat - time.monotonic()):
                yield b": still there\n\n"
                spoke = time.monotonic()
