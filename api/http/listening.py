"""The service as a server: its sockets, its connections with their limits, and files enough for both.

A process has so many files at most, and a connection is one. Where none is left, a waiting connection cannot be taken and stays
at the head of the queue: whoever tries at once does nothing else any more. So one file is kept in reserve, for which a connection
is taken that is closed again at once, and the oldest connections that ask nothing make room for those that come next.
"""

from __future__ import annotations

import errno
import os
import resource
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI

from api.http.connections import Deadlines, bounded
from api.http.repeats import Repeats
from api.settings import Settings

log = structlog.get_logger("api")

FOR_OTHERS = 300
"""Files that are no connections of callers: those of the database (sixty connections, three files each on SQLite), solvers."""
LEAST = 16
NONE_LEFT = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
WAITING = 2048
"""Connections that the system keeps for us until they are taken."""
AT_ONCE = 50
"""So many are taken before those that are there already are looked after again."""


class Listening(socket.socket):
    """A socket that takes connections, and where no file is left for one turns it away."""

    def __init__(self, family: int, kind: int, protocol: int) -> None:
        super().__init__(family, kind, protocol)
        self._spare: int | None = None
        self._repeats = Repeats()
        self.make_room: Callable[[], None] = lambda: None
        """Asked for where no file is left."""
        self._keep_spare()

    def listen(self, _: int = WAITING) -> None:
        """The event loop means by the same number how many it takes at once: so it is told a smaller one."""
        super().listen(WAITING)

    def accept(self) -> tuple[socket.socket, Any]:
        try:
            return super().accept()
        except OSError as failure:
            if failure.errno not in NONE_LEFT:
                raise
            self._turn_away()
            raise ConnectionAbortedError(errno.ECONNABORTED, "there is no file left for a connection") from None

    def close(self) -> None:
        super().close()
        self._spend_spare()

    def _turn_away(self) -> None:
        more = self._repeats.due("files")
        if more is not None:
            log.error("no file is left for a connection: it was turned away", **more)
        self._spend_spare()
        try:
            taken, _ = super().accept()
            taken.close()
        except OSError:
            pass  # another thread has taken the file: the next try is told
        finally:
            self._keep_spare()
            self.make_room()

    def _keep_spare(self) -> None:
        try:
            self._spare = os.open(os.devnull, os.O_RDONLY)
        except OSError:
            self._spare = None

    def _spend_spare(self) -> None:
        if self._spare is not None:
            os.close(self._spare)
            self._spare = None


def listen(host: str, port: int) -> list[socket.socket]:
    """The sockets of an address. Raises ``OSError`` where it cannot be had."""
    made: list[socket.socket] = []
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            one = Listening(family, kind, protocol)
            made.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
            one.listen()
            one.setblocking(False)
    except OSError:
        for each in made:
            each.close()
        raise
    return made


def most_connections(wanted: int) -> int:
    """How many connections there are files for; the process asks for as many as it may have, and a shortage is logged."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + FOR_OTHERS
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if soft < needed:
            left = max(LEAST, soft - FOR_OTHERS)
            log.warning("the process may open too few files for its connections", files=soft, wanted=wanted, connections=left)
            return left
    return wanted


class Server(uvicorn.Server):
    """The server of an app. ``app.state.service`` is told when it is to stop, else it would wait for whoever follows a run."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._service = app.state.service
        deadlines = Deadlines(
            most_connections(settings.max_connections), settings.head_seconds, settings.body_seconds, settings.send_seconds
        )
        kind = bounded(deadlines)
        self._door = kind.door
        super().__init__(
            uvicorn.Config(
                app,
                http=kind,
                access_log=False,  # access lines would hold ids: the service writes its own log
                server_header=False,
                log_config=None,
                backlog=AT_ONCE,
                timeout_graceful_shutdown=settings.shutdown_seconds,
            )
        )

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        for each in sockets or []:
            if isinstance(each, Listening):
                each.make_room = self._door.make_room
        super().run(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._service.leaving.set()
        super().handle_exit(sig, frame)
