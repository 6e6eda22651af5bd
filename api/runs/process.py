"""A solver process as the supervisor holds it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress

from api.runs.pulse import processor_seconds
from api.runs.queue import Claim
from api.settings import Settings

SOLVER = "api.runs.solve"
"""The module that is run."""
BUSY_SECONDS = 0.1
"""So much of the processor speaks for a process too: one that begins, or is within a search that lets nobody speak."""


def _environment(settings: Settings) -> dict[str, str]:
    """The settings that the solver needs; an address may hold a password, so it goes where other users cannot read it."""
    named = {"DATABASE_URL": settings.database_url, "OPTIMISER_AS_OF": str(settings.as_of) if settings.as_of else ""}
    return {**{name: value for name, value in os.environ.items() if name not in named}, **{n: v for n, v in named.items() if v}}


class SolverProcess:
    """One run at work. It leaves when its standard input is closed: by ``leave``, or by our own end, however that comes."""

    def __init__(self, claim: Claim, settings: Settings, module: str = SOLVER) -> None:
        self.claim = claim
        self.began = time.monotonic()
        self._ours, theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._process = subprocess.Popen(
            # -P: of the folder that the server happens to run in, nothing is imported.
            [sys.executable, "-P", "-m", module, claim.run_id, str(claim.fence), str(claim.attempt)],
            stdin=theirs.fileno(),
            env=_environment(settings),
            start_new_session=True,  # Ctrl-C on a terminal goes to the server, which tells us
        )
        theirs.close()
        self._silent_since, self._worked = self.began, 0.0

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it lives."""
        return self._process.poll()

    def silent_seconds(self, now: float) -> float:
        """For how long nothing was heard of it (see ``api.runs.pulse``). ``now``: monotonic seconds."""
        worked = processor_seconds(self.pid) or 0.0
        if self._has_spoken() or worked - self._worked >= BUSY_SECONDS:
            self._silent_since, self._worked = now, worked
        return now - self._silent_since

    def we_were_away(self, seconds: float) -> None:
        """Of so long we know nothing: it is not held against it."""
        self._silent_since += seconds

    def _has_spoken(self) -> bool:
        spoken = False
        with suppress(OSError):  # there is nothing more to hear
            while self._ours.recv(4096):
                spoken = True
        return spoken

    def leave(self) -> None:
        """Ask it to end without a result."""
        self._ours.close()

    def wait(self, seconds: float) -> bool:
        """Whether it ended within so many seconds."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        self.leave()
        self._process.kill()
        self._process.wait()
