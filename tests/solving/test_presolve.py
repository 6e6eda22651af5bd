"""A smaller problem says of its plans what the whole one says, and room is made as well as trying every plan would."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.rules.vocabulary import Group
from optimiser.solving import Problem, solve
from optimiser.solving.kernel_search import KernelSearch
from optimiser.solving.presolve import presolved
from tests.solving.brute_force import all_values, least_within, legal_plans
from tests.solving.tiny import problems


@settings(max_examples=60, deadline=None)
@given(problems(), st.data())
def test_a_narrowed_problem_has_the_same_plans_and_values_over_the_choices_kept(problem: Problem, data: st.DataObject) -> None:
    keep = np.array([data.draw(st.booleans()) for _ in range(problem.choice_count)], dtype=np.bool_)
    small = presolved(problem, keep)
    kept = keep | problem.chosen(problem.start)
    whole = {tuple(plan.tolist()) for plan in legal_plans(problem) if kept[plan[plan >= 0]].all()}
    again = {tuple(small.widened(plan).tolist()) for plan in legal_plans(small.problem)}
    assert again == whole
    for plan in legal_plans(small.problem):
        assert small.problem.values(plan) == problem.values(small.widened(plan))
    assert (small.widened(small.problem.start) == problem.start).all()


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(1, 4))
def test_room_is_made_within_true_bounds_and_no_choice_of_a_best_plan_is_ruled_out(problem: Problem, count: int) -> None:
    levels = min(count, len(problem.levels))
    moves = min(4, len(problem.levels)) - 1
    groups = [Group.WAITING] * moves + [Group.MOVES] + [Group.OTHER] * len(problem.levels)
    strict = replace(
        problem,
        levels=tuple(replace(level, tolerance=0, group=group) for level, group in zip(problem.levels, groups, strict=False)),
    )
    room = KernelSearch(strict, levels, seconds=None).run()
    assert strict.is_legal(room.plan)
    values = all_values(strict)
    bests = tuple(outcome.best for outcome in room.outcomes)
    for index, outcome in enumerate(room.outcomes):
        true = least_within(strict, values, bests[:index])
        assert outcome.bound <= true <= outcome.best
    for plan in legal_plans(strict):
        if strict.values(plan)[:levels] == bests:
            assert room.usable[plan[plan >= 0]].all()


@settings(max_examples=40, deadline=None)
@given(problems())
def test_levels_dealt_with_are_taken_over_as_they_are(problem: Problem) -> None:
    first = solve(problem)
    again = solve(replace(problem, start=first.plan), dealt_with=first.levels[:1])
    assert again.levels[0].bound == first.levels[0].bound
    assert again.levels[0].best <= problem.values(first.plan)[0]
