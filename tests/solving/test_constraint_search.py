"""Constraint programming on a level: what it finds and proves is true, and it keeps away from what is not whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimiser.solving import Effort, Problem, level_search, solve
from optimiser.solving.dantzig_wolfe.knapsacks import knapsack_blocks, small_blocks
from optimiser.solving.engine_cp_sat import ConstraintEngine
from optimiser.solving.linear_program import FloatArray, Program, single_row
from tests.solving.test_lexicographic import holds_together
from tests.solving.tiny import numbers, problems

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
    """Without any other search all that is known beyond the relaxation comes from it."""
    monkeypatch.setattr(level_search, "raise_bound", lambda *_: None)
    monkeypatch.setattr(level_search, "restricted_mip_plan", lambda *_: False)
    monkeypatch.setattr(level_search, "relax_by_knapsacks", lambda *_: None)
    solution = solve(problem, effort=Effort(searches=0, constraint_work=1.0))
    holds_together(problem, solution)


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
