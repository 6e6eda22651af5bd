"""A county as a service on a practice database, the demonstration's unless another is said: on its snapshot's day, then later."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from api.clock import Clock
from api.security.keys import create_key
from api.security.roles import PROVIDER
from api.storage.database import open_database
from tests.campaigns.serving import OPERATOR, Running, county_in, database, server

FOLDER = Path("data/demonstration")
SETTINGS = {"OPTIMISER_RUN_WORKERS": "1", "OPTIMISER_CONTACT": "0344 800 8020", "OPTIMISER_COUNCIL": "Norfolk (practice)"}

REPORTED = (0, 3)
"""How the nightly job ends where there is a report: with every level proven, or not."""


class ServedCounty:
    """One database, and one server at a time."""

    def __init__(self, stack: ExitStack, folder: Path = FOLDER, desks: Mapping[str, str] | None = None, **settings: str) -> None:
        """``desks``: who answers at which provider, by its id; their keys are kept under it. ``settings``: further ones."""
        self._url = stack.enter_context(database("sqlite"))
        self._server = stack.enter_context(ExitStack())
        as_of, self._keys = county_in(self._url, folder)
        self._more = settings
        self._let_in(desks or {}, Clock(as_of))
        self.serve(as_of)

    def _let_in(self, desks: Mapping[str, str], clock: Clock) -> None:
        engine = open_database(self._url)
        for provider_id, name in desks.items():
            now = clock.instant()
            self._keys[provider_id] = create_key(engine, OPERATOR, name, [PROVIDER], now, provider_id=provider_id)
        engine.dispose()

    def serve(self, day: dt.date) -> None:
        """On this day, in place of the one before."""
        self._server.close()
        self._settings = {"DATABASE_URL": self._url, "OPTIMISER_AS_OF": day.isoformat(), **SETTINGS, **self._more}
        self.running: Running = self._server.enter_context(server(self._settings, self._keys))

    def night(self) -> None:
        """The nightly job of this day, which keeps the day's counts. Raises ``RuntimeError``."""
        with tempfile.TemporaryDirectory() as folder:
            asked = ["nightly", "--out", folder, "--no-stress", "--quiet", "--wall-seconds", "20"]
            command = [sys.executable, "-m", "optimiser", *asked]
            ended = subprocess.run(command, env={**os.environ, **self._settings}, capture_output=True, check=False)
        if ended.returncode not in REPORTED:
            raise RuntimeError(f"the nightly job: {ended.stderr.decode()[-500:]}")
