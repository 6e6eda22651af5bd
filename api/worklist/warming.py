"""The county is loaded, and whoever waits is judged, as the service starts: nobody at a browser waits for it."""

from __future__ import annotations

import threading
import time

import structlog

from api.service import Service
from api.storage.failures import in_words
from api.worklist.acts import work_out_the_first_page

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
        work_out_the_first_page(service.store.state(), service.settings)
    except Exception as failure:  # a database that is empty or away is told of by readiness; the first caller then waits
        log.info("the county is not loaded beforehand", **in_words(failure))
        return False
    log.info("the county is loaded", milliseconds=round(1000 * (time.monotonic() - began), 1))
    return True
