"""Stopping: at once, in the middle, by the clock and by Ctrl-C; always a legal plan with honest bounds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from optimiser.solving import Effort, Problem, Progress, solve
from tests.solving.test_lexicographic import holds_together
from tests.solving.tiny import StopAfter, problems

FEW = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(problems())
def test_stopped_at_once(problem: Problem) -> None:
    solution = solve(problem, should_stop=lambda: True)
    holds_together(problem, solution)
    assert solution.stopped in ("cancelled", "no")


@pytest.mark.parametrize("asked", [2, 5, 12])
@FEW
@given(problem=problems())
def test_stopped_after_a_while(asked: int, problem: Problem) -> None:
    holds_together(problem, solve(problem, should_stop=StopAfter(asked)))


@FEW
@given(problems())
def test_the_clock_is_a_last_resort(problem: Problem) -> None:
    solution = solve(problem, effort=Effort(wall_seconds=0.0))
    holds_together(problem, solution)
    assert solution.stopped in ("wall", "no")


@FEW
@given(problems())
def test_interrupt_from_the_keyboard(problem: Problem) -> None:
    def interrupting() -> bool:
        raise KeyboardInterrupt

    solution = solve(problem, should_stop=interrupting)
    holds_together(problem, solution)
    assert solution.stopped in ("cancelled", "no")


@FEW
@given(problems())
def test_progress_is_told(problem: Problem) -> None:
    told: list[Progress] = []
    solution = solve(problem, report=told.append)
    assert {news.level for news in told} == {level.name for level in problem.levels}
    assert all(news.gap == news.value - news.bound >= 0 for news in told)
    assert told[-1].value == solution.levels[-1].best
