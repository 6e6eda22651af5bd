"""Connections that send nothing, or too slowly, or read nothing, keep nobody else waiting.

There are so many connections at most; where one more comes, the oldest that asks nothing (idle, or still sending) makes room, and
only where all are being answered the new one is turned away. The head and the body of a request have to arrive in time, and an
answer has to be taken.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import h11
import orjson
import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.http.errors import KINDS, MEDIA_TYPE, RETRY_SECONDS, Problem, body_of
from api.http.repeats import Repeats

log = structlog.get_logger("api")

SEVERAL = 20
"""So many leave together where files run short."""
LINGER_SECONDS = 2.0
"""How long somebody who is turned away has to take the answer."""


@dataclass(frozen=True)
class Deadlines:
    """In seconds; and how many connections there are at most."""

    most: int
    head: float
    body: float
    send: float


@dataclass
class Door:
    """What the connections of a server know of each other."""

    deadlines: Deadlines
    open: set[BoundedConnection] = field(default_factory=set)
    asking_nothing: dict[BoundedConnection, None] = field(default_factory=dict)
    """Idle, or still sending: the oldest first."""
    repeats: Repeats = field(default_factory=Repeats)

    def comes_in(self, new: BoundedConnection) -> bool:
        """Whether there is room for it; another may have to leave."""
        if len(self.open) >= self.deadlines.most:
            self.say("connections are at their limit")
            if not self.asking_nothing:
                return False
            self.make_room(1)
        self.open.add(new)
        self.asking_nothing[new] = None
        return True

    def make_room(self, many: int = SEVERAL) -> None:
        """So many of the oldest that ask nothing have to leave."""
        for each in list(islice(self.asking_nothing, many)):
            each.leave()

    def say(self, what: str) -> None:
        """In the log, once a minute."""
        more = self.repeats.due(what)
        if more is not None:
            log.warning(what, connections=len(self.open), **more)


class BoundedConnection(H11Protocol):
    """uvicorn's connection, with an end to each wait for the other side."""

    door: Door

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reading: asyncio.TimerHandle | None = None
        self._phase: object = None
        """What the deadline for reading holds for: the head that comes next, or the body of a request."""
        self._sending: asyncio.TimerHandle | None = None
        self._turned_away = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.door.comes_in(self):
            self._look()
        else:
            self._turned_away = True
            busy = Problem("busy", "So many connections are open already.", headers={"Retry-After": str(RETRY_SECONDS)})
            self._say_goodbye(busy)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_reading()
        self._stop_sending()
        self._unset_keepalive_if_required()
        self.door.open.discard(self)
        self.door.asking_nothing.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._turned_away:
            super().data_received(data)

    def handle_events(self) -> None:
        super().handle_events()
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._start_sending(self.door.deadlines.send)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_sending()

    def leave(self) -> None:
        """Make room for another."""
        self.door.open.discard(self)
        self.door.asking_nothing.pop(self, None)
        self._stop_reading()
        self.transport.abort()

    def _look(self) -> None:
        """Which deadline holds now."""
        if self.transport.is_closing():
            self._stop_reading()
            if self._sending is None:
                self._start_sending(self.door.deadlines.send)
            return
        answered = self.cycle is None or self.cycle.response_complete
        if not answered and not self.cycle.more_body:
            self._stop_reading()
            self.door.asking_nothing.pop(self, None)
            return
        if self in self.door.open:
            self.door.asking_nothing.setdefault(self)
        if answered and self.timeout_keep_alive_task is not None:
            self._stop_reading()  # between two requests: a shorter time holds
            return
        phase = None if answered else self.cycle
        if self._reading is None or self._phase is not phase:
            self._stop_reading()
            seconds = self.door.deadlines.head if answered else self.door.deadlines.body
            self._phase, self._reading = phase, self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        self._reading = None
        if self._phase is not None and self.flow.read_paused:
            self._look()  # it is us who do not read: the request waits for its turn
            return
        if self._phase is None and not self.conn.trailing_data[0]:
            # Nothing has been asked. An answer now would be read as that to the request which may be on its way.
            self.transport.close()
            return
        self.door.say("a request did not arrive in time")
        self._say_goodbye(Problem("too_slow", "Send the request as a whole, and sooner."))

    def _say_goodbye(self, problem: Problem) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # whatever works on it need not answer
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = orjson.dumps(body_of(problem))
            headers = {"content-type": MEDIA_TYPE, "content-length": str(len(body)), "connection": "close", **problem.headers}
            told = h11.Response(status_code=KINDS[problem.code].status, headers=list(headers.items()))
            for event in (told, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
        self._start_sending(LINGER_SECONDS)

    def _start_sending(self, seconds: float) -> None:
        self._stop_sending()
        self._sending = self.loop.call_later(seconds, self._not_taken, seconds, self.transport.get_write_buffer_size())

    def _not_taken(self, seconds: float, before: int) -> None:
        self._sending = None
        left = self.transport.get_write_buffer_size()
        if 0 < left < before:
            self._start_sending(seconds)  # slow, and still reading
            return
        if left:
            self.door.say("an answer was not taken in time")
        self.transport.abort()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None


def bounded(deadlines: Deadlines) -> type[BoundedConnection]:
    """The kind of connection of one server."""

    class Bounded(BoundedConnection):
        door = Door(deadlines)

    return Bounded
