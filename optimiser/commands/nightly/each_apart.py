"""Several tasks, each in a process of its own: whatever becomes of one, the others go on. Where one pool would hold them all, a
worker that is killed would end every task of it.

Ctrl-C is this process's to hear: it begins nothing more, and tells each that is at work, which then ends as it does alone.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import TypeVar

from optimiser import exits
from optimiser.processes import spawning, stopped_by_ctrl_c, usable_processors

Given = TypeVar("Given")
PATIENCE_SECONDS = 60.0
"""Whoever is asked to end has so long to write what there is; then the process is killed."""


@dataclass(frozen=True)
class Ended:
    """Of a task: the exit code of its process, what it said on the error stream, and how long it took."""

    exit_code: int | None
    said: str = field(repr=False)
    seconds: float
    too_long: bool = False
    """It was ended for taking too long."""


class Watcher:
    """What is told meanwhile; this one tells nobody."""

    def begun(self, name: str) -> None:
        """A task is at work."""

    def ended(self, name: str, ended: Ended) -> None:
        """A task is done, however it ended."""


@dataclass
class _AtWork:
    name: str
    process: SpawnProcess
    stay: Connection
    """While this is open the process goes on; it is closed with us, however we end."""
    said: Path
    began: float
    too_long: bool = False

    def watch(self, now: float, seconds: float, patience: float) -> None:
        """Ask a process that takes too long to end, and end one that was asked and does not."""
        if now >= self.began + seconds:
            self.too_long = True
            self.stay.close()
        if now >= self.began + seconds + patience:
            self.process.kill()

    def looked_at_in(self, now: float, seconds: float, patience: float) -> float:
        """After how many seconds it is to be watched again."""
        return max(0.0, self.began + seconds + (patience if self.too_long else 0.0) - now)


class _Stop:
    """Told by Ctrl-C; closes what lets those at work go on."""

    def __init__(self) -> None:
        self.asked = False
        self.at_work: list[_AtWork] = []

    def set(self) -> None:
        self.asked = True
        for each in tuple(self.at_work):
            each.stay.close()


def each_apart(
    run: Callable[[Given], int],
    tasks: Mapping[str, Given],
    place: Path,
    *,
    workers: int,
    seconds: float = math.inf,
    patience: float = PATIENCE_SECONDS,
    watcher: Watcher | None = None,
) -> dict[str, Ended]:
    """Every task that was begun, by name. ``run``: gives a task's exit code, in its process. ``workers``: so many at once, and 0:
    one a processor. ``place``: a folder of ours, for what is said meanwhile. ``seconds``: whatever takes longer is ended as by
    Ctrl-C, and killed where it is not over ``patience`` seconds after that.
    """
    stop, told, context = _Stop(), watcher or Watcher(), spawning()
    waiting, found = deque(tasks.items()), dict[str, Ended]()
    count = workers or usable_processors()
    with stopped_by_ctrl_c(stop):
        try:
            while stop.at_work or (waiting and not stop.asked):
                while waiting and len(stop.at_work) < count and not stop.asked:
                    name, given = waiting.popleft()
                    begun = _begun(context, run, name, given, place / str(len(waiting)))
                    stop.at_work.append(begun)
                    if stop.asked:  # it was asked between these two lines
                        begun.stay.close()
                    told.begun(name)
                now = time.perf_counter()
                for each in stop.at_work:
                    each.watch(now, seconds, patience)
                soonest = min((each.looked_at_in(now, seconds, patience) for each in stop.at_work), default=0.0)
                sentinels = [each.process.sentinel for each in stop.at_work]
                over = wait(sentinels, None if soonest == math.inf else soonest)
                for each in [each for each in stop.at_work if each.process.sentinel in over]:
                    stop.at_work.remove(each)
                    found[each.name] = _ended(each)
                    told.ended(each.name, found[each.name])
        finally:
            stop.set()
            for each in stop.at_work:
                each.process.join()
    return found


def _begun(context: SpawnContext, run: Callable[[Given], int], name: str, given: Given, said: Path) -> _AtWork:
    theirs, ours = context.Pipe(duplex=False)
    process = context.Process(target=_apart, args=(run, given, str(said), theirs))
    # A Ctrl-C at this moment would reach a process that cannot take it yet.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        theirs.close()
    return _AtWork(name, process, ours, said, time.perf_counter())


def _ended(each: _AtWork) -> Ended:
    each.process.join()
    each.stay.close()
    said = ""
    with suppress(FileNotFoundError):  # it ended before it could say anything
        said = each.said.read_text(encoding="utf-8", errors="replace")
        each.said.unlink()
    return Ended(each.process.exitcode, said, time.perf_counter() - each.began, each.too_long)


def _apart(run: Callable[[Given], int], given: Given, said: str, stay: Connection) -> None:
    """In a process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # also one that has come already
    os.setpgrp()  # a terminal tells Ctrl-C to the whole group, and we would be told twice
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream, place in ((1, os.devnull), (2, said)):
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(descriptor, stream)
        os.close(descriptor)
    main = threading.get_ident()
    try:
        # Who was asked to end before it began hears so while the thread starts.
        threading.Thread(target=_end_with, args=(stay, main), daemon=True).start()
        code = run(given)
    except KeyboardInterrupt:
        print("Interrupted before there was a plan; nothing was written.", file=sys.stderr)
        code = exits.INTERRUPTED
    sys.exit(code)


def _end_with(stay: Connection, main: int) -> None:
    """Once our parent asks to stop, or has ended however it did, this is as Ctrl-C alone is."""
    with suppress(EOFError, OSError):
        stay.recv_bytes()
    signal.pthread_kill(main, signal.SIGINT)
