"""A solver process tells its supervisor again and again that it gets on.

That a process lives says little: one that was stopped, or waits for something that never comes, lives too. So a beat is sent when
the process has worked since the last one, or waits for the database, which ends its waits itself. A search that works and finds
nothing gets on as well: its own last resort ends it.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BEAT_SECONDS = 1.0
WORKED_SECONDS = 0.001
"""Less processor than this since the last beat is none: the beat itself takes some."""

_waiting = threading.Event()


@contextmanager
def at_the_database() -> Iterator[None]:
    """The one thread of a run is in here where it waits for somebody who does not wait for ever."""
    _waiting.set()
    try:
        yield
    finally:
        _waiting.clear()


def beat_over(descriptor: int) -> None:
    """Send beats over a socket, from a thread of its own, for as long as this process lives."""
    try:
        other_end = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        return  # somebody tries a solver by hand: nobody listens

    def go_on() -> None:
        before = _worked()
        while True:
            time.sleep(BEAT_SECONDS)
            now = _worked()
            if now - before >= WORKED_SECONDS or _waiting.is_set():
                before = now
                with suppress(OSError):  # nobody listens just now, or any more, which another thread sees to
                    other_end.send(b".", socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)

    threading.Thread(target=go_on, name="pulse", daemon=True).start()


def _worked() -> float:
    """The seconds of processor that all threads but this one have taken."""
    return time.process_time() - time.thread_time()


def processor_seconds(pid: int) -> float | None:
    """What a process has taken of the processor, as the system tells; None where it does not."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
