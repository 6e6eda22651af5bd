"""A clock beside the requests: what has lapsed is let lapse while nobody changes anything."""

from __future__ import annotations

import threading

import structlog

from api.acts.act import Caller
from api.offers.acts import let_lapse
from api.offers.lapsing import THE_CLOCK
from api.service import Service

log = structlog.get_logger("api")


class Ticking:
    """One thread; ``close`` ends it. Several processes may tick: each looks again inside its transaction."""

    def __init__(self, service: Service) -> None:
        self._by, self._seconds = Caller(service, THE_CLOCK), service.settings.tick_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="clock", daemon=True)
        if self._seconds > 0:
            self._thread.start()

    def close(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(30)

    def _work(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                let_lapse(self._by)
            except Exception as failure:  # the database may be away for a while: the next tick tries again
                log.error("tick failed", error=type(failure).__name__)
