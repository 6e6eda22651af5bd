"""What an engine on a cluster and its connection to the scheduler tell one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from optimiser.in_parallel.on_a_worker import Sealed, version
from optimiser.processes import ProcessEndedError


class ClusterError(ProcessEndedError):
    """The cluster cannot be used, or no longer; the message says why, and what to do."""

    @classmethod
    def of_other(cls, found: str) -> ClusterError:
        """``found``: the version of a scheduler or worker, or the error that it meets in place of one."""
        return cls(
            f"The scheduler or a worker of the cluster has {found}, and this machine {version()}: install the same on both."
        )


class LostError(Exception):
    """There is no connection to the scheduler, or it has ended; the message is for whoever looks for a mistake of ours."""


@dataclass(frozen=True)
class Killed:
    """Of a task whose worker died as often as the scheduler lets it."""


@dataclass(frozen=True)
class Unfit:
    """Of a task that the cluster could not do, as its scheduler or a worker lacks something. ``error``: the name of the error."""

    error: str


Outcome = Sealed | Killed | Unfit


class Link(Protocol):
    """A connection to a scheduler. Every method raises ``LostError`` where it turns out to be lost."""

    def workers(self) -> list[str]:
        """The addresses of those that the scheduler knows."""

    def versions(self) -> list[str]:
        """Of the scheduler and each worker, as ``on_a_worker.version`` says it; else the name of an error."""

    def give(self, run: str, lot: str, context: Sealed, tasks: Mapping[int, Sealed], asked_by: str) -> None:
        """Tasks by number."""

    def hear(self, seconds: float) -> Mapping[int, Outcome]:
        """What has ended since it was heard last, at most so many seconds later."""

    def stop(self, run: str) -> None:
        """Nothing more of a run is begun, what is at work is told, what no worker has is taken back."""

    def forget(self, numbers: list[int] | None = None) -> None:
        """These tasks, or all, are no longer wanted."""

    @property
    def wanted(self) -> set[int]:
        """Numbers of the tasks that have not ended."""

    def close(self) -> None:
        """Never raises."""


Connects = Callable[[str, float], Link]
"""A connection to the scheduler at an address, within so many seconds. Raises ``LostError``."""


class Reached(Protocol):
    """A scheduler that may be reached several times over."""

    def connected(self) -> Link:
        """The connection there is, or else another. Raises ``LostError``."""

    def lost(self) -> None:
        """The connection is of no more use."""

    def has_workers(self, link: Link) -> bool:
        """Whether any are there. Raises ``ClusterError`` where one may not be used, ``LostError``."""
