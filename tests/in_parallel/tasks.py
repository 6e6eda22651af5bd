"""What tests have done in parallel: little, so that processes start soon."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path


class OddError(Exception):
    """Cannot be made anew from what it is pickled as."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first}, {second}")


def reads_nothing(_: Connection) -> None:
    """In place of a process's whole work: it hangs before it has been handed anything."""
    time.sleep(60)


def squared(offset: int, number: int, _: Callable[[], bool]) -> tuple[int, list[float]]:
    return number, [number * number + offset / 3] * number


def length_of(context: bytes, _: str, __: Callable[[], bool]) -> int:
    return len(context)


def as_told(folder: Path, how: str, is_over: Callable[[], bool]) -> str:
    """A task that says that it has begun, and then ends as it is told."""
    begun = len(list(folder.glob(f"{how}-[0-9]*")))
    (folder / f"{how}-{begun}-{os.getpid()}").touch()
    if how == "killed" or (how.startswith("killed-once") and not begun):
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "asks":
        while not is_over():
            time.sleep(0.01)
    if how.startswith("deaf") and not begun:
        time.sleep(60)
    if how == "refused":
        raise ValueError(how)
    if how == "odd":
        raise OddError("one", "two")
    return f"{how} done"
