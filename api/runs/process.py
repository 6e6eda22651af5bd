"""A solver process as the supervisor holds it."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from api.runs.queue import Claim
from api.settings import Settings

SOLVER = "api.runs.solve"
"""The module that is run."""


def _environment(settings: Settings) -> dict[str, str]:
    """The settings that the solver needs; an address may hold a password, so it goes where other users cannot read it."""
    named = {"DATABASE_URL": settings.database_url, "OPTIMISER_AS_OF": str(settings.as_of) if settings.as_of else ""}
    return {**{name: value for name, value in os.environ.items() if name not in named}, **{n: v for n, v in named.items() if v}}


class SolverProcess:
    """One run at work. It leaves when its standard input is closed: by ``leave``, or by our own end, however that comes."""

    def __init__(self, claim: Claim, settings: Settings, module: str = SOLVER) -> None:
        self.claim = claim
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            # -P: of the folder that the server happens to run in, nothing is imported.
            [sys.executable, "-P", "-m", module, claim.run_id, str(claim.fence), str(claim.attempt)],
            stdin=subprocess.PIPE,
            env=_environment(settings),
            start_new_session=True,  # Ctrl-C on a terminal goes to the server, which tells us
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it lives."""
        return self._process.poll()

    def leave(self) -> None:
        """Ask it to end without a result."""
        if self._process.stdin is not None:
            self._process.stdin.close()

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
