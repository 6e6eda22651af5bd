"""The demonstration county as a service on a practice database: on the day of its snapshot, then on later ones."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.campaigns.serving import Running, county_in, database, server

FOLDER = Path("data/demonstration")
SETTINGS = {"OPTIMISER_RUN_WORKERS": "1", "OPTIMISER_CONTACT": "0344 800 8020", "OPTIMISER_COUNCIL": "Norfolk (practice)"}

REPORTED = (0, 3)
"""How the nightly job ends where there is a report: with every level proven, or not."""


class ServedCounty:
    """One database, and one server at a time."""

    def __init__(self, stack: ExitStack) -> None:
        self._url = stack.enter_context(database("sqlite"))
        self._server = stack.enter_context(ExitStack())
        as_of, self._keys = county_in(self._url, FOLDER)
        self.serve(as_of)

    def serve(self, day: dt.date) -> None:
        """On this day, in place of the one before."""
        self._server.close()
        self._settings = {"DATABASE_URL": self._url, "OPTIMISER_AS_OF": day.isoformat(), **SETTINGS}
        self.running: Running = self._server.enter_context(server(self._settings, self._keys))

    def night(self) -> None:
        """The nightly job of this day, which keeps the day's counts. Raises ``RuntimeError``."""
        with tempfile.TemporaryDirectory() as folder:
            asked = ["nightly", "--out", folder, "--no-stress", "--quiet", "--wall-seconds", "20"]
            command = [sys.executable, "-m", "optimiser", *asked]
            ended = subprocess.run(command, env={**os.environ, **self._settings}, capture_output=True, check=False)
        if ended.returncode not in REPORTED:
            raise RuntimeError(f"the nightly job: {ended.stderr.decode()[-500:]}")
