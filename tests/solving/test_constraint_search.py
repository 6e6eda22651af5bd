"""Constraint programming on a level: what it finds and proves is true, and it keeps away from what is not whole."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimiser.solving import Effort, Level, Problem, level_search, solve
from optimiser.solving.dantzig_wolfe.knapsacks import knapsack_blocks, small_blocks
from optimiser.solving.engine_cp_sat import ConstraintEngine
from optimiser.solving.linear_program import FloatArray, Program, single_row
from tests.solving.test_lexicographic import holds_together
from tests.solving.tiny import numbers, problems, terms

FEW = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def engine(program: Program, least: float = -np.inf) -> ConstraintEngine:
    return ConstraintEngine(program, hint=np.zeros(len(program.cost)), least=least, gap=0.0, work=1.0)


def three_things(sizes: FloatArray, room: float) -> Program:
    """Each of three things is worth what it takes up."""
    everything = numbers([0, 1, 2])
    return Program(np.zeros(3), np.ones(3), np.ones(3, dtype=np.bool_), -sizes, single_row(everything, sizes, room))


@FEW
@given(problems())
def test_what_it_finds_and_proves_is_true(monkeypatch: pytest.MonkeyPatch, problem: Problem) -> None:
    """Without any other search, and with little of the relaxation, all else that is known comes from it."""
    for other in ("raise_bound", "restricted_mip_plan", "relax_by_knapsacks", "search_where_relaxed"):
        monkeypatch.setattr(level_search, other, lambda *_: False)
    solution = solve(problem, effort=Effort(cut_rounds=1, searches=0, constraint_work=1.0))
    holds_together(problem, solution)
    assert all(level.proven for level in solution.levels)


def one_at_ten(monkeypatch: pytest.MonkeyPatch) -> Problem:
    """One person at 10, who could be at 5. A proof may leave 5 open, so 5 is not looked for; that 10 is the least is untrue."""

    def with_floors(search: level_search.LevelSearch, *_: object) -> None:
        search.relaxation.bound, search.relaxation.floors = 0.0, np.array([10.0, 5.0])

    monkeypatch.setattr(level_search.LevelSearch, "_relax", with_floors)
    level = Level("cost", Fraction(0), numbers([10, 5]), (), proof_gap=5)
    none = terms([])
    return Problem(1, np.ones(1, dtype=np.bool_), numbers([0, 0]), none, numbers([]), none, numbers([]), (level,), numbers([0]))


def test_a_choice_that_was_left_out_is_told_by_no_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = solve(one_at_ten(monkeypatch), effort=Effort(constraint_work=1.0)).levels
    assert (found.best, found.bound, found.proven) == (10, 5, True)


@FEW
@given(problems(), st.sampled_from((0, 4, 12)))
def test_limits_beside_packings_change_nothing_of_what_is_best(problem: Problem, states: int) -> None:
    solution = solve(problem, effort=Effort(block_states=states, constraint_work=0.5))
    holds_together(problem, solution)
    assert [level.best for level in solution.levels] == [level.best for level in solve(problem).levels]


@FEW
@given(problems())
def test_every_limit_is_a_packing_or_a_row(problem: Problem) -> None:
    everything = np.ones(problem.choice_count, dtype=np.bool_)
    blocks, rows = small_blocks(problem, problem.limit_capacity, everything, 0)
    assert not blocks
    whole, none = small_blocks(problem, problem.limit_capacity, everything, 10**9)
    assert not none
    assert bool(rows) == bool(whole)
    assert len(whole) >= len(knapsack_blocks(problem, problem.limit_capacity, everything))


def test_the_fullest_room_by_hand() -> None:
    """Of 45, 30 and 20 minutes 65 fit into 70: 45 and 20."""
    answer = engine(three_things(np.array([45.0, 30.0, 20.0]), 70)).solve()
    assert answer.columns is not None
    assert (answer.columns.tolist(), answer.bound) == ([1, 0, 1], -65)


def test_what_cannot_be_is_proven_impossible() -> None:
    program = three_things(np.array([45.0, 30.0, 20.0]), 70)
    assert engine(program, least=-60).solve().bound == -50  # told that 65 cannot be, it takes the next best: 30 and 20
    full = replace(program, lower=np.ones(3))
    answer = engine(full).solve()
    assert (answer.columns, answer.bound) == (None, np.inf)


@pytest.mark.parametrize("sizes", [(45.5, 30.0, 20.0), (2.0**53, 30.0, 20.0)], ids=["a fraction", "too large"])
def test_what_is_not_whole_or_too_large_is_left_to_others(sizes: tuple[float, ...]) -> None:
    answer = engine(three_things(np.array(sizes), 70)).solve()
    assert (answer.columns, answer.bound) == (None, -np.inf)


def test_one_that_was_interrupted_says_nothing() -> None:
    asked = engine(three_things(np.array([45.0, 30.0, 20.0]), 70))
    asked.interrupt()
    assert asked.solve().bound == -np.inf
