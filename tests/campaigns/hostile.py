"""Callers who mean harm: ``python -m tests.campaigns.hostile [--each 800] [--seconds 20]``.

Hundreds of connections of each kind at once, against an `optimiser serve` of its own: such as send nothing, one letter a second,
half a body, a body that unpacks to much more than it is, a head that never ends, and followers of a run's events who never read.
Meanwhile somebody else asks for health ten times a second, over a new connection each time, and a planner for a package. A line
for each kind: the worst and the median answer, the memory held, what was logged. Exit code 1 where health took over a second.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import selectors
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.api.conftest import SMALL
from tests.campaigns.serving import Running, database, service

MOST_SECONDS = 1.0
LETTERS = 20
"""How many letters of its head a slow caller sends at most, one a second."""


@dataclass(frozen=True)
class Hostile:
    """A kind of caller: what it says at once, and what it says again and again."""

    name: str
    first: bytes
    then: bytes = b""


def kinds(key: str, run_id: str) -> list[Hostile]:
    """Every kind. The last one has a key and a run to follow."""
    post = (
        b"POST /v1/packages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
        + key.encode()
        + b"\r\nContent-Type: application/json\r\n"
    )
    bomb = gzip.compress(bytes(1_000_000))
    follow = f"GET /v1/runs/{run_id}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
    return [
        Hostile("idle", b""),
        Hostile("slow", b"GET /v1/me HTTP/1.1\r\n", b"x"),
        Hostile("half bodies", post + b'Content-Length: 900000\r\n\r\n{"package_id": "' + b"N" * 60_000),
        Hostile("gzip", post + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb) + bomb),
        Hostile("huge headers", b"GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Long: ", b"y" * 4_000),
        Hostile("event readers that never read", follow),
    ]


@dataclass
class Crowd:
    """Callers of one kind, on connections of their own; whoever is let go comes again at once."""

    address: tuple[str, int]
    kind: Hostile
    count: int
    let_go: int = 0
    _open: list[socket.socket] = field(default_factory=list)
    _ends: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._work, name="crowd")
        thread.start()
        try:
            yield
        finally:
            self._ends.set()
            thread.join()
            for each in self._open:
                each.close()

    def _work(self) -> None:
        spoke = time.monotonic()
        with selectors.DefaultSelector() as ears:
            while not self._ends.is_set():
                for _ in range(min(50, self.count - len(self._open))):
                    self._come(ears)
                if self.kind.then and time.monotonic() - spoke >= 1:
                    spoke = time.monotonic()
                    for each in list(self._open):
                        self._say(each, self.kind.then, ears)
                # Who never reads is not told either that it was let go.
                for key, _ in ears.select(0.05):
                    self._hear(key.fileobj, ears)  # type: ignore[arg-type]

    def _come(self, ears: selectors.BaseSelector) -> None:
        try:
            made = socket.create_connection(self.address, timeout=1)
        except OSError:
            self.let_go += 1
            return
        made.setblocking(False)
        self._open.append(made)
        if "never read" not in self.kind.name:
            ears.register(made, selectors.EVENT_READ)
        self._say(made, self.kind.first, ears)

    def _say(self, made: socket.socket, what: bytes, ears: selectors.BaseSelector) -> None:
        try:
            made.send(what)
        except BlockingIOError:
            pass
        except OSError:
            self._leave(made, ears)

    def _hear(self, made: socket.socket, ears: selectors.BaseSelector) -> None:
        try:
            if made.recv(65_536):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._leave(made, ears)

    def _leave(self, made: socket.socket, ears: selectors.BaseSelector) -> None:
        if made in self._open:
            self.let_go += 1
            self._open.remove(made)
            if "never read" not in self.kind.name:
                ears.unregister(made)
            made.close()


@dataclass
class Watch:
    """How long others waited, in seconds."""

    health: list[float] = field(default_factory=list)
    planner: list[float] = field(default_factory=list)
    refused: int = 0

    def look(self, running: Running, seconds: float) -> None:
        key = {"Authorization": f"Bearer {running.keys['planner']}"}
        with httpx.Client(base_url=running.address, headers=key, timeout=30, verify=False) as planner:
            ends = time.monotonic() + seconds
            while time.monotonic() < ends:
                began = time.monotonic()
                self.health.append(_seconds(lambda: _is_live(running)))
                if len(self.health) % 5 == 1:
                    self.planner.append(_seconds(lambda: self._ask(planner)))
                time.sleep(max(0.0, 0.1 - (time.monotonic() - began)))

    def _ask(self, planner: httpx.Client) -> None:
        try:
            self.refused += planner.get("/v1/packages/N1").status_code != 200
        except httpx.TransportError:
            self.refused += 1


def _is_live(running: Running) -> None:
    """Asked with as little of our own work as can be, over a new connection."""
    at = urlsplit(running.address)
    with closing(HTTPConnection(str(at.hostname), at.port, timeout=30)) as asked:
        asked.request("GET", "/health/live")
        if asked.getresponse().status != 200:
            raise OSError("health is refused")


def _seconds(ask: Callable[[], object]) -> float:
    began = time.monotonic()
    try:
        ask()
    except (httpx.TransportError, OSError):
        return float("inf")
    return time.monotonic() - began


def try_kind(
    running: Running, kind: Hostile, each: int, seconds: float, say: Callable[[str], None], most_seconds: float = MOST_SECONDS
) -> bool:
    """Whether health answered in time throughout."""
    at = urlsplit(running.address)
    crowd, watch = Crowd((str(at.hostname), int(at.port or 0)), kind, each), Watch()
    logged = running.said.stat().st_size
    with crowd.at_work():
        watch.look(running, seconds)
        memory = running.resident_mb()
    logged = running.said.stat().st_size - logged
    well = max(watch.health) < most_seconds
    worst, usual, planner = max(watch.health), statistics.median(watch.health), max(watch.planner)
    say(
        f"{each} {kind.name}: health worst {worst:.3f} s, median {usual:.3f} s of {len(watch.health)};"
        f" a planner's package worst {planner:.3f} s, {watch.refused} of {len(watch.planner)} refused;"
        f" {crowd.let_go} let go; {memory:.0f} MB held, {logged / 1000:.0f} kB logged" + ("" if well else " - TOO SLOW")
    )
    return well


def campaign(
    folder: Path, each: int, seconds: float, say: Callable[[str], None], database_kind: str = "sqlite", files: int = 0
) -> bool:
    """All kinds, one after the other, on one service. Whether health answered in time throughout.

    ``files``: the service may open no more than so many from the time on when it runs: connections then fail to be taken.
    """
    with database(database_kind) as url, service(url, folder, OPTIMISER_RUN_WORKERS="0") as running:
        if files:
            resource.prlimit(running.process, resource.RLIMIT_NOFILE, (files, files))
        return all([try_kind(running, kind, each, seconds, say) for kind in of_all_kinds(running)])  # noqa: C419 - all of them


def of_all_kinds(running: Running) -> list[Hostile]:
    """Every kind, with a run to follow."""
    key = running.keys["planner"]
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "followed"}
    started = httpx.post(f"{running.address}/v1/runs", headers=headers, json={"kind": "allocate"}, timeout=30)
    return kinds(key, str(started.json()["run_id"]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign."""
    options = argparse.ArgumentParser(prog="python -m tests.campaigns.hostile", description=__doc__)
    options.add_argument("--each", type=int, default=800, help="so many callers of each kind at once")
    options.add_argument("--seconds", type=float, default=20, help="so long each kind")
    options.add_argument("--files", type=int, default=0, help="the service may open no more files than so many")
    options.add_argument("--county", type=Path, default=SMALL)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    chosen = options.parse_args(arguments)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, chosen.each + 500)), hard))
    well = campaign(chosen.county, chosen.each, chosen.seconds, partial(print, flush=True), chosen.database, chosen.files)
    print("health answered within a second throughout" if well else "FAULT: health took longer than a second")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
