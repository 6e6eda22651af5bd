"""Starting Python anew, for work beside ours. Nothing is ever imported from the folder that a command happens to run in: a stray
``api.py`` or ``types.py`` there is not ours, and a process that took it up would end for a reason that nobody could guess.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.popen_spawn_posix import Popen
from typing import Protocol

SAFE_PATH = "PYTHONSAFEPATH"
"""With this in its environment Python leaves the working directory out of where it imports from."""
_lock = threading.Lock()


def usable_processors() -> int:
    """So many are ours to use: so many processes at once, where nobody has said how many."""
    return len(os.sched_getaffinity(0))


class ProcessEndedError(Exception):
    """A process of ours ended before its work was done; the message says what is known of it."""


@contextmanager
def _safe_path() -> Iterator[None]:
    """Whoever is started meanwhile imports nothing from the working directory. Our own environment is then as it was."""
    with _lock:
        before = os.environ.get(SAFE_PATH)
        os.environ[SAFE_PATH] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[SAFE_PATH]
            else:
                os.environ[SAFE_PATH] = before


class _SafeProcess(SpawnProcess):
    @staticmethod
    def _Popen(process_obj: SpawnProcess) -> Popen:  # type: ignore[override]  # noqa: N802
        with _safe_path():
            return SpawnProcess._Popen(process_obj)


class _SafeContext(SpawnContext):
    Process = _SafeProcess


def spawning() -> SpawnContext:
    """As ``multiprocessing`` starts processes that share nothing with ours, only safely."""
    with _safe_path():
        resource_tracker.ensure_running()  # a Python of its own, that looks after locks
    return _SafeContext()


class _Told(Protocol):
    def set(self) -> None: ...


@contextmanager
def stopped_by_ctrl_c(stop: _Told) -> Iterator[None]:
    """Meanwhile Ctrl-C sets an event, for work that ends by itself once it is set."""
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def how_it_ended(exit_code: int | None) -> str:
    """Of a process that ended before its work was done, by its exit code as ``multiprocessing`` and ``subprocess`` tell it."""
    if exit_code is None:
        return "was not heard of again"
    if exit_code == -signal.SIGKILL:
        return "was killed (SIGKILL), as happens where memory runs out"
    if exit_code < 0:
        return f"was ended by a signal ({_signal_name(-exit_code)})"
    return f"ended with exit code {exit_code}: what it wrote itself to the error output says why"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
