"""What a worker of a cluster does: what every task of a run needs is read once, then one task at a time.

A cluster writes into its logs and pictures what a task is given and what it raises. So what we give is sealed, and what a task
raises goes back to whoever asked as a result: nothing of it is said where the worker runs.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import optimiser
from optimiser.in_parallel.piece_of_work import MOST_TASK_SECONDS
from optimiser.in_parallel.worker_process import sendable
from optimiser.version import SOFTWARE

MOST_KEPT = 2
"""What every task needs is kept of so many runs: whoever shares a cluster takes turns."""


class Sealed:
    """Bytes that nobody prints."""

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return f"<Sealed: {len(self.content):,} bytes>"

    def __sizeof__(self) -> int:
        return len(self.content)


@dataclass(frozen=True)
class Answer:
    """What has come of a task. One of three: a result, an error, or neither, as somebody had asked to stop before."""

    result: Any = None
    error: Exception | None = None
    stopped: bool = False

    def __repr__(self) -> str:
        return "<Answer>"


class OtherVersionError(Exception):
    """Of a task whose worker runs other sources; the message names the worker's."""


@cache
def version() -> str:
    """What has to be the same wherever a run's tasks are done: our own sources and Python's version, in words."""
    folder, whole = Path(optimiser.__file__).parent, hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        content = file.read_bytes()
        whole.update(f"\0{file.relative_to(folder)}\0{len(content)}\0".encode() + content)
    return f"optimiser {SOFTWARE} ({whole.hexdigest()[:12]}) on Python {platform.python_version()}"


def as_given(context: Sealed) -> Sealed:
    """What every task needs, as a task of its own: where a worker that held it dies, the cluster has it from another, or anew."""
    return context


_kept: OrderedDict[str, tuple[Callable[..., Any], Any]] = OrderedDict()
_stopped: deque[str] = deque(maxlen=1000)
_one_at_a_time = threading.Lock()


def stop(run: str) -> None:
    """Called on each worker: of this run nothing more is begun, and what is at work is told."""
    if run not in _stopped:
        _stopped.append(run)


def do(task: Sealed, context: Sealed, run: str, asked_by: str) -> Sealed:
    """One task. ``asked_by``: the version of whoever asks. It never raises: its answer holds an error."""
    return Sealed(_answered(task, context, run, asked_by))


def _answered(task: Sealed, context: Sealed, run: str, asked_by: str) -> bytes:
    # A worker may have been given several threads; tasks are written for a process each.
    with _one_at_a_time:
        if run in _stopped:
            return pickle.dumps(Answer(stopped=True))
        stuck = threading.Timer(MOST_TASK_SECONDS, os._exit, (1,))
        stuck.daemon = True
        stuck.start()
        try:
            if version() != asked_by:
                raise OtherVersionError(version())
            work, needed = _read(context, run)
            return pickle.dumps(Answer(work(needed, pickle.loads(task.content), lambda: run in _stopped)))
        except Exception as error:
            return pickle.dumps(Answer(error=sendable(error)))
        finally:
            stuck.cancel()


def _read(context: Sealed, run: str) -> tuple[Callable[..., Any], Any]:
    if run not in _kept:
        _kept[run] = pickle.loads(context.content)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(run)
    return _kept[run]
