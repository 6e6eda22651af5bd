"""The service of the campaign: started, killed, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.campaigns.killing import trap

READY_SECONDS = 60.0


class Site:
    """One server process at a time, always on the same port and database."""

    def __init__(self, folder: Path, database_url: str, port: int, as_of: str) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._log = folder / "server.log"
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "OPTIMISER_PORT": str(port),
            "OPTIMISER_AS_OF": as_of,
            "OPTIMISER_RUN_LEASE_SECONDS": "3",
            "OPTIMISER_RUN_WORKERS": "2",
            "OPTIMISER_RUN_ATTEMPTS": "6",
            trap.FOLDER: str(folder),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start the server, and wait until it is ready."""
        with self._log.open("ab") as log:
            words = [sys.executable, "-m", "tests.campaigns.killing.server"]
            self._process = subprocess.Popen(words, env=self._environment, stdout=log, stderr=log)
        ends = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            assert self._process.poll() is None, self._log.read_text()[-2000:]
            assert time.monotonic() < ends, "the server does not get ready"
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/health/ready", timeout=5).status_code == 200
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

    def died(self) -> bool:
        """Wait until the server is gone; whether it was killed."""
        assert self._process is not None
        return self._process.wait(READY_SECONDS) == -signal.SIGKILL

    def end(self) -> None:
        """Leave no process behind, whatever happened."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        """A clean shutdown; the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(READY_SECONDS)
