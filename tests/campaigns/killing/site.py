"""The service of the campaign: one server or several on one database, started, killed, started again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx

from tests.campaigns.killing import trap
from tests.campaigns.killing.server import serve

READY_SECONDS = 120.0
SPAWN = multiprocessing.get_context("forkserver")
"""A new process each time, from one that has only imported what every server imports: most of a start is that."""
SPAWN.set_forkserver_preload(["tests.campaigns.killing.warm"])


class Server:
    """One server process at a time, always on the same port and database."""

    def __init__(self, folder: Path, database_url: str, port: int, as_of: str) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._log = folder / f"server.{port}.log"
        self._environment = {
            "DATABASE_URL": database_url,
            "OPTIMISER_PORT": str(port),
            "OPTIMISER_AS_OF": as_of,
            "OPTIMISER_RUN_LEASE_SECONDS": "3",
            "OPTIMISER_RUN_WORKERS": "2",
            "OPTIMISER_RUN_ATTEMPTS": "6",
            trap.FOLDER: str(folder),
        }
        self._process: ForkServerProcess | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None and self._process.pid is not None
        return self._process.pid

    def runs(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def start(self) -> None:
        """Start the server, and wait until it is ready."""
        self._process = SPAWN.Process(target=serve, args=(self._environment, str(self._log)))
        self._process.start()
        ends = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            assert self._process.is_alive(), self._log.read_text()[-2000:]
            assert time.monotonic() < ends, "the server does not get ready"
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            # Asked ten times a second: to read certificates each time, of no use to http, is most of the work.
            return httpx.get(f"{self.address}/health/ready", timeout=5, verify=False).status_code == 200
        except httpx.TransportError:
            return False

    def solvers(self) -> list[int]:
        """The solver processes of the server."""
        try:
            tasks = list(Path(f"/proc/{self.pid}/task").iterdir())
            return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
        except OSError:
            return []

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def was_killed(self) -> bool:
        return self._exit_code() == -signal.SIGKILL

    def end(self) -> None:
        """Leave no process behind, whatever happened."""
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            self._process.join()

    def stop(self) -> int | None:
        """A clean shutdown; the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._exit_code()

    def _exit_code(self) -> int | None:
        assert self._process is not None
        self._process.join(READY_SECONDS)
        return self._process.exitcode


class Site:
    """``servers``: all of them, each on a port of its own."""

    def __init__(self, folder: Path, database_url: str, ports: Sequence[int], as_of: str) -> None:
        self.servers = [Server(folder, database_url, port, as_of) for port in ports]

    @property
    def addresses(self) -> list[str]:
        return [each.address for each in self.servers]

    def start(self) -> None:
        """Start whichever server does not run."""
        for each in self.servers:
            if not each.runs():
                each.start()

    def solvers(self) -> list[int]:
        """The solver processes of all of them."""
        return [pid for each in self.servers for pid in each.solvers()]

    def died(self) -> bool:
        """Wait until a server is gone; whether it was killed."""
        ends = time.monotonic() + READY_SECONDS
        while all(each.runs() for each in self.servers):
            assert time.monotonic() < ends, "no server ended"
            time.sleep(0.02)
        return all(each.was_killed() for each in self.servers if not each.runs())

    def end(self) -> None:
        for each in self.servers:
            each.end()

    def stop(self) -> list[int | None]:
        """A clean shutdown; the exit codes."""
        return [each.stop() for each in self.servers]
