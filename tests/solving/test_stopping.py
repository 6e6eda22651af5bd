"""Stopping: at once, in the middle, by the clock and by Ctrl-C; always a legal plan with honest bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from optimiser.solving import Effort, Problem, Progress, solve
from optimiser.solving.interruptible import Watch
from tests.solving.test_lexicographic import holds_together
from tests.solving.test_room_search import four_people
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


def test_a_level_on_which_there_is_nothing_to_choose_takes_no_part_of_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three levels the second costs nothing whatever is chosen: the first gets its part of two, not of three."""
    told: list[int] = []
    monkeypatch.setattr(Watch, "begin_turn", lambda _, turns_left: told.append(turns_left))
    given = four_people()
    waiting = given.levels[0]
    nothing = replace(waiting, name="nothing", choice_cost=np.zeros_like(waiting.choice_cost))
    people = replace(waiting, name="people", choice_cost=np.sign(waiting.choice_cost))
    solve(replace(given, levels=(waiting, nothing, people)), effort=Effort(wall_seconds=60.0))
    assert told[0] == 2


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
