"""Branch and price in rooms that are exactly as large as what is to go into them: what it finds and proves is true.

The truth is another search's: branch and bound on the plain program, proven to the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from optimiser.solving import UNPLACED, Effort, Level, Problem, Solution, level_search, solve
from optimiser.solving.dantzig_wolfe import branch_and_price
from optimiser.solving.dantzig_wolfe.knapsack_master import Branch, KnapsackMaster, Packing, Relaxed
from optimiser.solving.engine import WholeEngine
from optimiser.solving.interruptible import Watch
from optimiser.solving.linear_program import FloatArray, Program, Rows, base_rows, single_row
from tests.solving.dantzig_wolfe.test_knapsacks import packings_alone
from tests.solving.tiny import numbers, terms

ITEMS, ROOMS = 15, 4


def full_rooms(tolerance: int = 0) -> Problem:
    """Large packages are cheap to place, small ones dear; places and costs hardly differ between the rooms."""
    random = np.random.default_rng(0)
    size = random.integers(20, 60, ITEMS).tolist()
    cost = [2 * (60 - each) + 10 + int(random.integers(0, 20)) for each in size for _ in range(ROOMS)]
    choices = range(ITEMS * ROOMS)
    return Problem(
        ITEMS,
        np.zeros(ITEMS, dtype=np.bool_),
        numbers([choice // ROOMS for choice in choices]),
        terms([{item * ROOMS + room: size[item] for item in range(ITEMS)} for room in range(ROOMS)]),
        numbers([sum(size) // ROOMS] * ROOMS),
        terms([]),
        numbers([]),
        (
            Level("unmet", Fraction(sum(size)), numbers([-size[choice // ROOMS] for choice in choices]), (), tolerance),
            Level("travel", Fraction(0), numbers(cost), ()),
        ),
        np.full(ITEMS, UNPLACED, dtype=np.int64),
    )


@cache
def truth() -> tuple[int, int]:
    """The least of both levels, one after the other."""
    problem, none = full_rooms(), np.zeros(0, dtype=np.bool_)
    unmet, travel = (level.choice_cost.astype(np.float64) for level in problem.levels)
    rows = base_rows(problem, problem.limit_capacity, none, none, problem.must_place)
    placed = _least(unmet, rows)
    everything = np.arange(len(unmet), dtype=np.int64)
    return placed + int(problem.levels[0].constant), _least(travel, rows.and_then(single_row(everything, unmet, placed + 0.5)))


def _least(cost: FloatArray, rows: Rows) -> int:
    size = len(cost)
    program = Program(np.zeros(size), np.ones(size), np.ones(size, dtype=np.bool_), cost, rows)
    answer = WholeEngine(program, hint=None, gap=0.5, nodes=1_000_000, enough=-np.inf).solve()
    assert answer.columns is not None
    least = round(float(answer.columns @ cost))
    assert answer.bound > least - 1
    return least


def is_true(solution: Solution) -> None:
    assert full_rooms().is_legal(solution.plan)
    for level, least in zip(solution.levels, truth(), strict=True):
        assert level.bound <= least <= level.best
        if level.best != least:
            return  # the level after it answers another question


def test_with_all_its_turns_it_proves_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    packings_alone(monkeypatch)
    solution = solve(full_rooms(), effort=Effort(searches=0))
    is_true(solution)
    assert tuple(level.best for level in solution.levels) == tuple(level.bound for level in solution.levels) == truth()


@pytest.mark.parametrize(("turns", "branches", "dear"), [(0, 16, 3), (1, 1, 0), (2, 1, 3)])
def test_with_few_turns_it_promises_no_more_than_it_knows(
    monkeypatch: pytest.MonkeyPatch, turns: int, branches: int, dear: int
) -> None:
    packings_alone(monkeypatch)
    monkeypatch.setattr(level_search, "MOST_TURNS", turns)
    monkeypatch.setattr(branch_and_price, "BRANCHES", branches)
    monkeypatch.setattr(branch_and_price, "MOST_DEAR", dear)
    solution = solve(full_rooms(), effort=Effort(searches=0))
    is_true(solution)
    assert solution.stopped == "work"


@pytest.mark.parametrize(("first", "many"), [(3, 1), (3, 1_000), (9, 1_000)])
def test_a_branch_that_the_engine_gives_up_makes_no_bound_false(monkeypatch: pytest.MonkeyPatch, first: int, many: int) -> None:
    """At one way on of a dive, or at all that are left: each turn has two branches of a proof, and then a dive."""
    plain, calls = KnapsackMaster.solve, 0

    def tired(master: KnapsackMaster, watch: Watch, branch: Branch, known: Sequence[Packing], ceiling: float) -> Relaxed | None:
        nonlocal calls
        calls += np.isfinite(ceiling)
        return None if first <= calls < first + many else plain(master, watch, branch, known, ceiling)

    packings_alone(monkeypatch)
    monkeypatch.setattr(level_search, "MOST_TURNS", 2)
    monkeypatch.setattr(branch_and_price, "BRANCHES", 1)
    monkeypatch.setattr(KnapsackMaster, "solve", tired)
    solution = solve(full_rooms(), effort=Effort(searches=0))
    is_true(solution)
    assert calls >= first


def test_a_dive_ends_where_a_packing_is_mixed_with_nothing() -> None:
    """Most people may be left out on the second level: a choice taken for good is then still taken in part, time and again."""
    solution = solve(full_rooms(tolerance=200), effort=Effort(wall_seconds=60))
    assert solution.stopped == "no"
    assert all(level.proven for level in solution.levels)
