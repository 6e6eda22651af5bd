"""Results of tasks kept in a file as they come, so that a run that was ended goes on where it was.

The first line says for what: another input, and the file is begun anew. Then a line for each task, whole or, where the run was
killed at that moment, left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Generic

from optimiser.in_parallel.piece_of_work import Context, Result, Task
from optimiser.in_parallel.story import Done, InParallel, Report
from optimiser.in_parallel.written_records import as_json, from_json


class Journal:
    """``made_for``: everything that results depend on, as a digest. ``place`` None: nothing is kept.

    Raises ``OSError`` where the file cannot be written.
    """

    def __init__(self, place: Path | None, made_for: str) -> None:
        self._place = place
        self._head = [made_for]
        self.found: dict[str, Any] = {}
        self._file: BinaryIO | None = None

    def __enter__(self) -> Journal:
        if self._place is not None:
            lines, whole = _lines(self._place)
            if lines[:1] == [self._head]:
                self.found = dict(lines[1:])
            else:
                whole = 0
            self._file = os.fdopen(os.open(self._place, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
            self._file.truncate(whole)
            self._file.seek(whole)
            if not whole:
                self._write(self._head)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def keep(self, key: str, result: Any) -> None:
        """A task's result, written before anything else is done."""
        self.found[key] = as_json(result)
        self._write([key, self.found[key]])

    def _write(self, line: Sequence[Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(line).encode() + b"\n")
            self._file.flush()


class Kept(Generic[Context, Task, Result]):
    """Tasks of one kind of result, those that a journal has not done again. ``key_of``: what tells a task from all others."""

    def __init__(
        self, processes: InParallel[Context, Task, Any], journal: Journal, kind: type[Result], key_of: Callable[[Task], str]
    ) -> None:
        self._processes, self._journal, self._kind, self._key_of = processes, journal, kind, key_of

    def do(
        self, tasks: Sequence[Task], *, report: Report | None = None, should_stop: Callable[[], bool] | None = None
    ) -> Done[Result]:
        """As ``InParallel.do`` does them."""
        places = {self._key_of(task): place for place, task in enumerate(tasks)}
        before = {places[key]: from_json(self._kind, self._journal.found[key]) for key in places if key in self._journal.found}
        left = [place for place in range(len(tasks)) if place not in before]
        told = None if report is None else lambda done, _: report(done + len(before), len(tasks))
        done = self._processes.do(
            [tasks[place] for place in left],
            report=told,
            heard=lambda at, result: self._journal.keep(self._key_of(tasks[left[at]]), result),
            should_stop=should_stop,
        )
        every = before | {left[at]: result for at, result in done.results.items()}
        return Done(dict(sorted(every.items())), done.complete)


def _lines(place: Path) -> tuple[list[Any], int]:
    """The lines of a journal up to the first that is not whole, and how many bytes they are."""
    lines: list[Any] = []
    size = 0
    for line in place.read_bytes().splitlines(keepends=True) if place.exists() else ():
        try:
            found = json.loads(line)
        except ValueError:
            break
        if not line.endswith(b"\n"):
            break
        lines.append(found)
        size += len(line)
    return lines, size
