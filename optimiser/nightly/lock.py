"""One nightly run at a time: a lock that a killed process cannot leave behind."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = ".lock"


class LockHeldError(Exception):
    """Another process holds the lock of this folder."""


@contextmanager
def only_one(shelf: Path) -> Iterator[None]:
    """Hold the lock of a folder of reports. Raises ``LockHeldError`` at once where another process has it.

    The system holds the lock for as long as the process lives, so the file may stay: it means nothing by itself. On a network
    drive it keeps out runs on other machines only where the drive supports ``flock``.
    """
    descriptor = os.open(shelf / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockHeldError from None
        yield
    finally:
        os.close(descriptor)
