"""The same problem gives the same bytes, in another process with another hash seed too."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from optimiser.solving import Effort, Level, Problem, solve
from optimiser.solving.dantzig_wolfe.branch_and_price import BranchAndPrice
from optimiser.solving.engine import WholeEngine
from optimiser.solving.lns_neighbourhoods import Neighbourhoods
from optimiser.solving.relaxation import Relaxation
from tests.solving.tiny import numbers, terms

LITTLE = Effort(cut_rounds=4, nodes=10, searches=5, search_nodes=5)
AGAIN = "from tests.solving.test_repeating import medium, told; print(told(medium()))"


def medium() -> Problem:
    """Large enough that cuts, neighbourhoods and branching all have something to do, and little effort for it."""
    random = np.random.default_rng(7)
    items, places = 44, 12
    item = np.repeat(np.arange(items), places)
    place = np.tile(np.arange(places), items)
    size = random.choice([90, 135, 210, 315, 420], items)
    limits = [{int(c): int(size[item[c]]) for c in np.flatnonzero(place == p)} for p in range(places)]
    room = random.integers(450, 900, places)
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


def noting(plain: Callable[..., Any], used: set[str]) -> Callable[..., Any]:
    def noted(*given: Any) -> Any:
        used.add(plain.__qualname__)
        return plain(*given)

    return noted


def told(problem: Problem) -> str:
    solution = solve(problem, effort=LITTLE)
    return f"{solution.plan.tolist()} {solution.levels} {solution.stopped}"


def test_same_bytes_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[str] = set()
    for part, name in ((Relaxation, "violated"), (Neighbourhoods, "draw"), (BranchAndPrice, "_dive"), (WholeEngine, "solve")):
        monkeypatch.setattr(part, name, noting(getattr(part, name), used))
    first = told(medium())
    assert len(used) == 4, "the problem does not ask for all that has to repeat"
    assert first == told(medium())
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    again = subprocess.run(
        [sys.executable, "-c", AGAIN], env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    assert again.stdout.strip() == first
