"""What is to be done, and what an engine does: tasks in, ``concurrent.futures`` out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

Context = TypeVar("Context")
Task = TypeVar("Task")
Result = TypeVar("Result")
Given = TypeVar("Given", contravariant=True)  # noqa: PLC0105

IsOver = Callable[[], bool]
"""Asked by a task that can end early: whether somebody has asked to stop, or whoever started us is gone."""
MOST_DEATHS = 4
"""A process that dies costs its task again; a task whose process died so many times is given up, and with it the run."""
LOOK_SECONDS = 0.2
"""No wait for an answer is longer: then it is looked whether somebody has asked to stop, and whether a process is stuck."""
PATIENCE_SECONDS = 60.0
"""Tasks at work have so long to end once somebody has asked to stop; then they are ended."""
MOST_TASK_SECONDS = 4 * 3600.0
"""A process that is at one task for longer is taken to be stuck: it is ended, which counts as its death."""
HANDING_SECONDS = 120.0
"""A process that takes longer to be handed what it needs, or to hand over what it has made, is taken to be stuck."""
LEAVING_SECONDS = 5.0
"""A process with nothing left to do has so long to leave."""


@dataclass(frozen=True)
class Work(Generic[Context, Task, Result]):
    """Many tasks of one kind. The same result for a task whatever else is done, and in whichever process."""

    run: Callable[[Context, Task, IsOver], Result]
    """One task. A function of a module, as it goes to other processes by its name."""
    context: Context
    """What every task needs. It goes once to each process."""
    doing: str
    """What a process does, for its end before its time: "plans rounds"."""
    name_of: Callable[[Task], str]
    """A task in words, for errors; no id of a person."""

    def __repr__(self) -> str:
        return f"<Work that {self.doing}>"


class StoppedError(Exception):
    """Of a task that had not ended when patience with it had."""


class Engine(Protocol[Given, Result]):
    """Where tasks are done. An engine is told tasks several times over, one lot after the other, and closed at the end."""

    def begin(self, tasks: Sequence[Given]) -> Sequence[Future[Result]]:
        """A future for each task, in their order. A task that is not reached before a stop is cancelled, or ends with
        ``StoppedError``; one whose process dies too often, with ``ProcessEndedError``.
        """

    def stop(self) -> None:
        """Begin nothing more; tasks at work are told, and get ``PATIENCE_SECONDS``."""

    def close(self) -> None:
        """Leave nothing behind. What is still at work is ended."""


class Elsewhere(Protocol):
    """Another place to do tasks in than this machine, whatever the work."""

    def __call__(self, work: Work[Context, Task, Result], count: int, /) -> Engine[Task, Result]:
        """An engine for it; ``count``: how many tasks at once would be done here."""
