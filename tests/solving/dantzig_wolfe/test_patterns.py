"""Whole patterns: every legal plan is made of them, and what is proven over them is true of all plans."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from optimiser.solving import Effort, Problem, level_search, restricted_mip, solve
from optimiser.solving.dantzig_wolfe import patterns as clusters_module
from optimiser.solving.dantzig_wolfe.patterns import pattern_blocks
from optimiser.solving.linear_program import plan_columns, row_of_each
from tests.solving.brute_force import legal_plans
from tests.solving.test_lexicographic import holds_together
from tests.solving.tiny import problems

UNHURRIED = settings(max_examples=75, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@UNHURRIED
@given(problems())
def test_every_plan_is_one_pattern_of_each_cluster(problem: Problem) -> None:
    alive = np.ones(problem.choice_count, dtype=np.bool_)
    wanted = np.ones(len(problem.parts), dtype=np.bool_)
    found = pattern_blocks(problem, problem.limit_capacity, alive, wanted, problem.must_place)
    tied = [column for pattern_block in found for column in pattern_block.columns.tolist()]
    assert len(tied) == len(set(tied))
    assert {column - problem.choice_count for column in tied if column >= problem.choice_count} == set(range(len(wanted)))
    for plan in legal_plans(problem):
        columns = plan_columns(problem, plan)
        for pattern_block in found:
            assert (pattern_block.patterns == columns[pattern_block.columns]).all(axis=1).sum() == 1


@UNHURRIED
@given(problems())
def test_every_pattern_is_legal_and_is_there_once(problem: Problem) -> None:
    alive = np.ones(problem.choice_count, dtype=np.bool_)
    wanted = np.ones(len(problem.parts), dtype=np.bool_)
    for block in pattern_blocks(problem, problem.limit_capacity, alive, wanted, problem.must_place):
        choices = block.columns[block.columns < problem.choice_count]
        taken = block.patterns[:, : len(choices)]
        assert len(np.unique(taken, axis=0)) == len(taken)
        weight = np.zeros((len(problem.limits), problem.choice_count))
        weight[row_of_each(problem.limits), problem.limits.choice] = problem.limits.coefficient
        assert (taken @ weight[:, choices].T <= problem.limit_capacity).all()
        items = problem.choice_item[choices]
        assert all((taken[:, items == item].sum(axis=1) <= 1).all() for item in np.unique(items).tolist())


def test_a_cluster_with_too_many_patterns_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.solving.test_forgetting import two_waiting
    from tests.solving.tiny import numbers, terms

    problem = two_waiting()
    tied = dict.fromkeys(range(problem.choice_count), 15)
    with_part = Problem(
        problem.item_count,
        problem.must_place,
        problem.choice_item,
        problem.limits,
        problem.limit_capacity,
        terms([tied]),
        numbers([0]),
        problem.levels,
        problem.start,
    )
    alive, wanted = np.ones(problem.choice_count, dtype=np.bool_), np.ones(1, dtype=np.bool_)
    [pattern_block] = pattern_blocks(with_part, with_part.limit_capacity, alive, wanted, with_part.must_place)
    monkeypatch.setattr(clusters_module, "MOST_PATTERNS", len(pattern_block.patterns) - 1)
    assert pattern_blocks(with_part, with_part.limit_capacity, alive, wanted, with_part.must_place) == []


@pytest.mark.parametrize("first_rounds", [0, 1])
@UNHURRIED
@given(problems())
def test_what_patterns_prove_is_true(monkeypatch: pytest.MonkeyPatch, first_rounds: int, problem: Problem) -> None:
    monkeypatch.setattr(level_search, "FIRST_ROUNDS", first_rounds)
    solution = solve(problem)
    holds_together(problem, solution)
    assert all(outcome.proven for outcome in solution.levels)


@pytest.mark.parametrize("most_patterns", [2, restricted_mip.MOST_PATTERNS])
@settings(UNHURRIED, max_examples=100)
@given(problems())
def test_what_is_found_and_proven_among_patterns_is_true(
    monkeypatch: pytest.MonkeyPatch, most_patterns: int, problem: Problem
) -> None:
    """Without neighbourhoods, and with one round of cuts, the search has to find every plan itself.

    With few patterns allowed, some pattern_blocks are searched by their choices, beside others by their patterns.
    """
    monkeypatch.setattr(restricted_mip, "MOST_PATTERNS", most_patterns)
    monkeypatch.setattr(level_search, "FIRST_ROUNDS", 0)
    monkeypatch.setattr(level_search, "PATTERN_ROUNDS", 1)
    solution = solve(problem, effort=Effort(searches=0))
    holds_together(problem, solution)
    assert all(outcome.proven for outcome in solution.levels)
