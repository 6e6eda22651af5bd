"""What doing tasks in parallel costs beside the tasks themselves.

    .venv/bin/python -m tests.benchmarks.in_parallel [--tasks 10000] [--seconds 20]

First so many tasks that do nothing, on two processes: wall milliseconds for each, and of processor (here and there). Then real
work, a fixed loop of plain Python in tasks of about a fifth of a second, all on one processor: in this process, and on two
processes that share the processor. What that takes more is the overhead, starts and ends of processes included. (On two
processors it would be mixed up with how they share caches and what else runs on the machine.)
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable

from optimiser.in_parallel.piece_of_work import IsOver, Work
from optimiser.in_parallel.story import InParallel

LOOP = 4_000_000


def main() -> None:
    """Measure both and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--tasks", type=int, default=10_000)
    options.add_argument("--seconds", type=float, default=20.0, help="of real work, about (default: 20)")
    chosen = options.parse_args()
    wall, cpu = measured(nothing, chosen.tasks, 2)
    print(f"{f'{chosen.tasks:,} tasks that do nothing, ms for each':60} {wall / chosen.tasks * 1e3:8.3f}")
    print(f"{'of processor':60} {cpu / chosen.tasks * 1e3:8.3f}")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    one = measured(loop, 1, 1)[1]
    count = max(2, round(chosen.seconds / one))
    times = [(measured(loop, count, 1)[1], measured(loop, count, 2)[1]) for _ in range(3)]
    alone, two = (min(each) for each in zip(*times, strict=True))
    print(f"{f'{count} tasks of {one:.2f} s, seconds of processor: in this process':60} {alone:8.2f}")
    print(f"{'on two processes':60} {two:8.2f}")
    print(f"{'overhead':60} {two / alone - 1:8.2%}")


def measured(run: Callable[[int, int, IsOver], int], count: int, workers: int) -> tuple[float, float]:
    """Wall and processor seconds, those of the processes that were started included."""
    began, before = time.perf_counter(), processor_seconds()
    with InParallel(Work(run, 0, "measures", str), workers=workers) as processes:
        done = processes.do(range(count))
    assert len(done.results) == count
    return time.perf_counter() - began, processor_seconds() - before


def processor_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def nothing(_: int, task: int, __: IsOver) -> int:
    """A task that does nothing."""
    return task


def loop(_: int, task: int, __: IsOver) -> int:
    """Millions of steps of plain Python."""
    table, found = list(range(64)), 0
    for step in range(LOOP):
        found += table[step & 63]
    return found + task


if __name__ == "__main__":
    main()
