"""A cluster's scheduler, for as long as a command needs it: reached, looked at, and reached anew where it was lost.

What a cluster is given is about people. So scheduler and workers are reached by TLS or are on this machine, and have the very
software that asks them.
"""

from __future__ import annotations

import time
from types import TracebackType

from optimiser.exits import RefusedError
from optimiser.in_parallel.cluster_address import is_private, judged
from optimiser.in_parallel.cluster_parts import ClusterError, Connects, Link, LostError
from optimiser.in_parallel.on_a_worker import version
from optimiser.in_parallel.on_cluster import OnCluster
from optimiser.in_parallel.piece_of_work import LOOK_SECONDS, Context, Result, Task, Work

CONNECT_SECONDS = 10.0
"""One attempt to reach the scheduler."""
FIRST_WORKER_SECONDS = 60.0
"""At the beginning a worker is waited for so long."""


class Cluster:
    """A scheduler at an address. Called with some work, it makes an engine for it.

    Raises ``RefusedError`` for an address that may not be used; entering it raises that where the cluster cannot be used at all.
    """

    def __init__(self, address: str, connects: Connects | None = None) -> None:
        self.address = judged(address)
        self._connects = connects
        self._link: Link | None = None

    def __enter__(self) -> Cluster:
        try:
            self._look_at(self.connected())
        except LostError as lost:
            self.lost()
            raise RefusedError(
                f"--cluster: no scheduler answers at {self.address} ({lost}). Is it running? With tls://, do"
                " DASK_DISTRIBUTED__COMM__TLS__CA_FILE, DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and"
                " DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY name this machine's files?"
            ) from None
        except ClusterError as unfit:
            self.lost()
            raise RefusedError(f"--cluster: {unfit}") from None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.lost()

    def __call__(self, work: Work[Context, Task, Result], _: int) -> OnCluster[Context, Task, Result]:
        return OnCluster(work, self)

    def connected(self) -> Link:
        """The connection there is, or else another. Raises ``LostError``; ``ModuleNotFoundError`` without the extra."""
        if self._link is None:
            if self._connects is None:
                from optimiser.in_parallel.scheduler_link import SchedulerLink

                self._connects = SchedulerLink
            self._link = self._connects(self.address, CONNECT_SECONDS)
        return self._link

    def count(self) -> int:
        """How many workers there are."""
        return len(self.connected().workers())

    def lost(self) -> None:
        """The connection is of no more use."""
        if self._link is not None:
            self._link.close()
        self._link = None

    def has_workers(self, link: Link) -> bool:
        """Whether any are there. Raises ``ClusterError`` where one is reached in the clear, ``LostError``."""
        workers = link.workers()
        if not all(map(is_private, workers)):
            raise ClusterError(
                "A worker of the cluster is reached by tcp from another machine, and what it is given is about people:"
                " begin scheduler and workers with tls:// alone."
            )
        return bool(workers)

    def _look_at(self, link: Link) -> None:
        until = time.monotonic() + FIRST_WORKER_SECONDS
        while not self.has_workers(link):
            if time.monotonic() > until:
                raise ClusterError(f"The scheduler at {self.address} has no worker: begin one with 'dask worker'.")
            time.sleep(LOOK_SECONDS)
        for each in link.versions():
            if each != version():
                raise ClusterError.of_other(each)
