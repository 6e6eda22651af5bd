"""What doing tasks in parallel costs beside the tasks themselves.

    .venv/bin/python -m tests.benchmarks.in_parallel [--tasks 10000] [--seconds 20] [--each 0.2] [--rounds 3] [--cluster]

First so many tasks that do nothing, on two processes: wall milliseconds for each, and of processor (here and there). Then real
work, a fixed loop of plain Python in tasks of about a fifth of a second (``--each``; a county's failures and draws take one to
five), all on one processor: in this process, and on two processes that share the processor. What that takes more is the
overhead, starts and ends of processes included: the median of rounds, each against its own work in this process. (On two
processors it would be mixed up with how they share caches and what else runs on the machine.) ``--cluster``: the same once more
by a Dask scheduler and two workers on this machine, which stand already; it needs ``requirements-cluster.lock``.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
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
    options.add_argument("--each", type=float, default=0.2, help="seconds of work in a task, about (default: 0.2)")
    options.add_argument("--rounds", type=int, default=3, help="so often all of it (default: 3)")
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
        loops = max(1, round(chosen.each / places[0].measured(loop, 1, 1)[1]))
        count = max(2, round(chosen.seconds / chosen.each))
        for place in places:
            place.measured(loop, 2, 1)  # what a first task imports is not part of it
        rounds = [[place.measured(loop, count, loops)[1] for place in places] for _ in range(chosen.rounds)]
    alone = statistics.median(times[0] for times in rounds)
    print(f"{f'{count} tasks of {alone / count:.2f} s, seconds of processor: in this process':60} {alone:8.2f}")
    for at, place in enumerate(places[1:], 1):
        more = [times[at] / times[0] - 1 for times in rounds]
        print(f"{place.name:60} {statistics.median(times[at] for times in rounds):8.2f}")
        print(f"{'overhead':60} {statistics.median(more):8.2%} ({min(more):.2%} to {max(more):.2%})")


def idle(tasks: int, place: Place) -> None:
    """Tasks that do nothing."""
    wall, cpu = place.measured(nothing, tasks, 0)
    print(f"{f'{tasks:,} tasks that do nothing {place.name}, ms for each':60} {wall / tasks * 1e3:8.3f}")
    print(f"{'of processor':60} {cpu / tasks * 1e3:8.3f}")


@dataclass(frozen=True)
class Place:
    """Where tasks are done."""

    name: str
    workers: int
    cluster: Elsewhere | None = None
    machines: Machines | None = None

    def measured(self, run: Callable[[int, int, IsOver], int], count: int, loops: int) -> tuple[float, float]:
        """Wall and processor seconds, those of processes that are started for it, or stand already, included."""
        began, before = time.perf_counter(), self._processor_seconds()
        with InParallel(Work(run, loops, "measures", str), workers=self.workers, engine=self.cluster) as processes:
            done = processes.do(range(count))
        assert len(done.results) == count
        return time.perf_counter() - began, self._processor_seconds() - before

    def _processor_seconds(self) -> float:
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        standing = 0.0 if self.machines is None else self.machines.processor_seconds()
        return sum(each.ru_utime + each.ru_stime for each in used) + standing


if __name__ == "__main__":
    main()
