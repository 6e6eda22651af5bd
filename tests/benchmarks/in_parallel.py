"""What doing tasks in parallel costs beside the tasks themselves.

    .venv/bin/python -m tests.benchmarks.in_parallel [--tasks 10000] [--seconds 20] [--cluster]

First so many tasks that do nothing, on two processes: wall milliseconds for each, and of processor (here and there). Then real
work, a fixed loop of plain Python in tasks of about a fifth of a second, all on one processor: in this process, and on two
processes that share the processor. What that takes more is the overhead, starts and ends of processes included. (On two
processors it would be mixed up with how they share caches and what else runs on the machine.) ``--cluster``: the same once more
by a Dask scheduler and two workers on this machine, which stand already; it needs ``requirements-cluster.lock``.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from optimiser.in_parallel.cluster import Cluster
from optimiser.in_parallel.piece_of_work import Elsewhere, IsOver, Work
from optimiser.in_parallel.story import InParallel
from tests.benchmarks.little_work import loop, nothing
from tests.campaigns.cluster_machines import Machines


def main() -> None:
    """Measure both and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--tasks", type=int, default=10_000)
    options.add_argument("--seconds", type=float, default=20.0, help="of real work, about (default: 20)")
    options.add_argument("--cluster", action="store_true", help="by a Dask cluster, too")
    chosen = options.parse_args()
    idle(chosen.tasks, Place("on two processes", 2))
    if chosen.cluster:
        with Machines.standing() as machines, Cluster(machines.address) as cluster:
            idle(chosen.tasks, Place("on a cluster of two workers", 2, cluster, machines))
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with ExitStack() as stack:
        places = [Place("in this process", 1), Place("on two processes", 2)]
        if chosen.cluster:
            machines = stack.enter_context(Machines.standing())
            places.append(Place("on a cluster of two workers", 2, stack.enter_context(Cluster(machines.address)), machines))
        one = places[0].measured(loop, 1)[1]
        count = max(2, round(chosen.seconds / one))
        for place in places:
            place.measured(loop, 2)  # what a first task imports is not part of it
        times = [[place.measured(loop, count)[1] for place in places] for _ in range(3)]
    alone, *others = (min(each) for each in zip(*times, strict=True))
    print(f"{f'{count} tasks of {one:.2f} s, seconds of processor: in this process':60} {alone:8.2f}")
    for place, found in zip(places[1:], others, strict=True):
        print(f"{place.name:60} {found:8.2f}")
        print(f"{'overhead':60} {found / alone - 1:8.2%}")


def idle(tasks: int, place: Place) -> None:
    """Tasks that do nothing."""
    wall, cpu = place.measured(nothing, tasks)
    print(f"{f'{tasks:,} tasks that do nothing {place.name}, ms for each':60} {wall / tasks * 1e3:8.3f}")
    print(f"{'of processor':60} {cpu / tasks * 1e3:8.3f}")


@dataclass(frozen=True)
class Place:
    """Where tasks are done."""

    name: str
    workers: int
    cluster: Elsewhere | None = None
    machines: Machines | None = None

    def measured(self, run: Callable[[int, int, IsOver], int], count: int) -> tuple[float, float]:
        """Wall and processor seconds, those of processes that are started for it, or stand already, included."""
        began, before = time.perf_counter(), self._processor_seconds()
        with InParallel(Work(run, 0, "measures", str), workers=self.workers, engine=self.cluster) as processes:
            done = processes.do(range(count))
        assert len(done.results) == count
        return time.perf_counter() - began, self._processor_seconds() - before

    def _processor_seconds(self) -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        standing = 0.0 if self.machines is None else self.machines.processor_seconds()
        return sum(each.ru_utime + each.ru_stime for each in used) + standing


if __name__ == "__main__":
    main()
