"""The solver against brute force: bests, bounds, tolerances and the plan itself."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from optimiser.solving import Effort, Problem, Solution, solve
from tests.solving.brute_force import all_values, least_within
from tests.solving.tiny import problems

UNHURRIED = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def holds_together(problem: Problem, solution: Solution) -> None:
    """What every solution owes, however early it was stopped."""
    assert problem.is_legal(solution.plan)
    values = problem.values(solution.plan)
    everything = all_values(problem)
    bests: tuple[int, ...] = ()
    for level, outcome, value in zip(problem.levels, solution.levels, values, strict=True):
        assert outcome.name == level.name
        assert outcome.best <= value <= outcome.best + level.tolerance
        assert 0 <= outcome.bound <= least_within(problem, everything, bests) <= outcome.best
        assert outcome.proven == level.is_proven(outcome.best, outcome.bound)
        bests = (*bests, outcome.best)


@UNHURRIED
@given(problems())
def test_every_level_is_proven_and_true(problem: Problem) -> None:
    solution = solve(problem)
    holds_together(problem, solution)
    assert solution.stopped == "no"
    assert all(outcome.proven for outcome in solution.levels)


@settings(UNHURRIED, max_examples=60)
@given(problems())
def test_little_effort_is_honest(problem: Problem) -> None:
    for effort in (Effort(0, 0, 0, 0), Effort(1, 0, 0, 0), Effort(2, 1, 1, 1), Effort(3, 0, 3, 5)):
        holds_together(problem, solve(problem, effort=effort))


@settings(UNHURRIED, max_examples=50)
@given(problems())
def test_no_work_returns_the_start(problem: Problem) -> None:
    solution = solve(problem, effort=Effort(0, 0, 0, 0))
    assert (solution.plan == problem.start).all()
