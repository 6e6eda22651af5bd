"""The same problem gives the same bytes, in another process with another hash seed too."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction

import numpy as np

from optimiser.solving import Level, Problem, solve
from tests.solving.tiny import numbers, terms

AGAIN = "from tests.solving.test_repeating import medium, told; print(told(medium()))"


def medium() -> Problem:
    """Large enough that cuts, neighbourhoods and branching all have something to do."""
    random = np.random.default_rng(7)
    items, places = 24, 8
    item = np.repeat(np.arange(items), places)
    place = np.tile(np.arange(places), items)
    size = random.choice([90, 135, 210, 315, 420], items)
    limits = [{int(c): int(size[item[c]]) for c in np.flatnonzero(place == p)} for p in range(places)]
    room = random.integers(400, 900, places)
    none = (Fraction(0),) * places
    waits = numbers((-size[item] - 420).tolist())
    levels = (
        Level("unmet", Fraction(-int(waits[::places].sum())), waits, none),
        Level("share", Fraction(0), numbers([0] * len(item)), (Fraction(1, 3),) * places, tolerance=20),
        Level("travel", Fraction(0), numbers(random.integers(100, 9000, len(item)).tolist()), none),
    )
    start = numbers([-1] * items)
    return Problem(
        items,
        np.zeros(items, dtype=np.bool_),
        numbers(item.tolist()),
        terms(limits),
        numbers(room.tolist()),
        terms(limits),
        numbers((-room // 2).tolist()),
        levels,
        start,
    )


def told(problem: Problem) -> str:
    solution = solve(problem)
    return f"{solution.plan.tolist()} {solution.levels} {solution.stopped}"


def test_same_bytes_in_another_process() -> None:
    first = told(medium())
    assert first == told(medium())
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    again = subprocess.run(
        [sys.executable, "-c", AGAIN], env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    assert again.stdout.strip() == first
