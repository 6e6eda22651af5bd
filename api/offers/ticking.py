"""A clock beside the requests: what has lapsed is let lapse while nobody changes anything."""

from __future__ import annotations

import threading

import structlog

from api.offers.lapsing import THE_CLOCK, is_due, sweep
from api.settings import Settings
from api.state.store import Store

log = structlog.get_logger("api")


class Ticking:
    """One thread; ``close`` ends it. Several processes may tick: each looks again inside its transaction."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="clock", daemon=True)
        if settings.tick_seconds > 0:
            self._thread.start()

    def close(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(30)

    def _work(self) -> None:
        while not self._ended.wait(self._settings.tick_seconds):
            try:
                tick(self._store, self._settings)
            except Exception as failure:  # the database may be away for a while: the next tick tries again
                log.error("tick failed", error=type(failure).__name__)


def tick(store: Store, settings: Settings) -> bool:
    """Let lapse what has lapsed; whether anything had."""
    if store.is_empty() or not is_due(store.state(), settings):
        return False
    with store.change(THE_CLOCK) as change:
        sweep(change, settings)
    return True
