"""Between the service and PostgreSQL: passes everything on, until it is told to cut or to hold back what comes."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

BEFORE, AFTER, FREEZE = "cut before", "cut after", "freeze"


@dataclass
class Proxy:
    """A thread of its own. What a client sends at once counts as one message."""

    server: str
    """The path of the server's socket."""
    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    hits: int = 0
    _fault: str = ""
    _left: int = 0
    _ends: bool = False
    _pairs: dict[socket.socket, socket.socket] = field(default_factory=dict)
    _clients: set[socket.socket] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    @contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._work, name="proxy")
        thread.start()
        try:
            yield
        finally:
            self._ends = True
            thread.join()
            for each in (*self._pairs, self.listening):
                each.close()

    def fail(self, fault: str, number: int) -> None:
        """At the client's message of this number from now on; a cut hits every one after it too, until ``end``."""
        with self._lock:
            self._fault, self._left, self.hits = fault, number, 0

    def end(self) -> int:
        """All goes well again; how often it did not. What was held back is cut: nobody knows what became of it."""
        with self._lock:
            frozen, self._fault = self._fault == FREEZE and self.hits, ""
            if frozen:
                for each in list(self._clients):
                    self._shut(each)
            return self.hits

    def _work(self) -> None:
        with selectors.DefaultSelector() as ears:
            self._ears = ears
            ears.register(self.listening, selectors.EVENT_READ)
            while not self._ends:
                for key, _ in ears.select(0.02):
                    with self._lock:
                        if key.fileobj is self.listening:
                            self._take()
                        elif key.fileobj in self._pairs:
                            self._pass_on(key.fileobj)

    def _take(self) -> None:
        client, _ = self.listening.accept()
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self.server)
        except OSError:
            client.close()
            server.close()
            return
        self._pairs |= {client: server, server: client}
        self._clients.add(client)
        for each in (client, server):
            self._ears.register(each, selectors.EVENT_READ)

    def _pass_on(self, source: socket.socket) -> None:
        other = self._pairs[source]
        fault = self._due(source)
        if fault == FREEZE:
            self._ears.unregister(source)  # it waits, and hears nothing
            return
        try:
            said = source.recv(1 << 20)
            if said and fault != BEFORE:
                other.sendall(said)
        except OSError:
            said = b""
        if not said or fault:
            self._shut(source)

    def _due(self, source: socket.socket) -> str:
        if not self._fault or source not in self._clients:
            return ""
        self._left -= 1
        if self._left > 0:
            return ""
        self.hits += 1
        return self._fault

    def _shut(self, one: socket.socket) -> None:
        for each in (one, self._pairs[one]):
            del self._pairs[each]
            self._clients.discard(each)
            with suppress(KeyError):  # it was frozen
                self._ears.unregister(each)
            each.close()
