"""Draws of a forecast per second of processor, against a fixed loop of plain Python measured in turn on the same machine.

    .venv/bin/python -m tests.benchmarks.forecast FOLDER --per-week 77 [--draws 5] [--weeks 52]

The loop is one million additions and look-ups, so that a slow machine slows both. Printed: seconds of processor
for a draw, how many loops that is, and what a hundred draws take on two processors.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from optimiser.forecasting.many_draws import Course
from optimiser.forecasting.rates_given import Arrivals, Given
from optimiser.io.reading import read_snapshot

LOOP = 1_000_000


def main() -> None:
    """Measure both in turn and print the ratio."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--per-week", type=float, default=77.0, help="people asked for in a week (default: 77)")
    options.add_argument("--draws", type=int, default=5)
    options.add_argument("--weeks", type=int, default=52)
    chosen = options.parse_args()
    given = Given(
        (Arrivals(chosen.per_week),),
        ends_per_week=0.0137,
        changes_per_week=0.004,
        hospital_per_week=0.003,
        fails_per_year=0.02,
        restricted_per_year=0.05,
    )
    course = Course(read_snapshot(chosen.folder).snapshot, given, chosen.weeks, seed=1)
    course.play(0)  # what is made once for all draws
    draws, loops = [], []
    for draw in range(1, chosen.draws + 1):
        loops.append(seconds_of(loop))
        draws.append(seconds_of(lambda draw=draw: course.play(draw)))
    one, plain = statistics.median(draws), statistics.median(loops)
    print(f"{'a draw, seconds of processor':44} {one:8.3f}")
    print(f"{f'the fixed loop ({LOOP:,} steps)':44} {plain:8.3f}")
    print(f"{'a draw, in fixed loops':44} {one / plain:8.1f}")
    print(f"{'a hundred draws on two processors, minutes':44} {one * 100 / 2 / 60:8.2f}")


def loop() -> int:
    """A million steps of plain Python."""
    table, found = list(range(64)), 0
    for step in range(LOOP):
        found += table[step & 63]
    return found


def seconds_of(work: object) -> float:
    """Processor seconds of a call."""
    assert callable(work)
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
