"""The county is loaded, and whoever waits is judged, as the service starts: nobody at a browser waits for it."""

from __future__ import annotations

import threading
import time

import structlog

from api.meanwhile.alerting import all_standings
from api.service import Service
from api.storage.failures import in_words
from api.worklist.acts import TO_DO, USUAL
from api.worklist.answers import figures_json, key_of, not_begun, on_the_list_json, situation_of

log = structlog.get_logger("api")


def begin(service: Service) -> threading.Thread:
    """In a thread of its own: whoever asks meanwhile is answered as ever."""
    thread = threading.Thread(target=warm, args=(service,), name="warming", daemon=True)
    thread.start()
    return thread


def warm(service: Service) -> bool:
    """Work out what the list's first page shows; nobody has read it, so no entry is written. Whether it went well."""
    began = time.monotonic()
    try:
        state = service.store.state()
        standings = all_standings(state)
        waiting = [each for each in not_begun(state) if situation_of(state, each) in TO_DO]
        for each in sorted(waiting, key=lambda each: key_of(each, state, standings))[:USUAL]:
            on_the_list_json(state, service.settings, each)
        figures_json(state)
    except Exception as failure:  # a database that is empty or away is told of by readiness; the first caller then waits
        log.info("the county is not loaded beforehand", **in_words(failure))
        return False
    log.info("the county is loaded", milliseconds=round(1000 * (time.monotonic() - began), 1))
    return True
