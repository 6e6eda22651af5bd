"""Polishing: legal, never worse, and it makes room where one move for another does."""

from __future__ import annotations

from hypothesis import given, settings

from optimiser.rules.vocabulary import Group
from optimiser.solving import UNPLACED, Problem
from optimiser.whatif.stress.local_search import Polisher
from tests.solving.tiny import numbers, problems


@given(problems())
@settings(max_examples=150, deadline=None)
def test_a_polished_plan_is_legal_and_never_worse(problem: Problem) -> None:
    plan = Polisher(problem, problem.start).polish()
    assert problem.is_legal(plan)
    assert problem.values(plan) <= problem.values(problem.start)


def test_somebody_moves_on_so_that_somebody_else_finds_a_place() -> None:
    from fractions import Fraction

    import numpy as np

    from optimiser.solving import Level
    from tests.solving.tiny import terms

    # Item 0 can go to either of two rooms, item 1 to the first alone, where item 0 stands; each room takes one.
    problem = Problem(
        2,
        np.array([False, False]),
        numbers([0, 0, 1]),
        terms([{0: 60, 2: 60}, {1: 60}]),
        numbers([60, 60]),
        terms([]),
        numbers([]),
        (
            Level("unmet", Fraction(2), numbers([-1, -1, -1]), (), group=Group.WAITING),
            Level("travel", Fraction(0), numbers([1, 5, 1]), ()),
        ),
        numbers([0, UNPLACED]),
    )
    plan = Polisher(problem, problem.start).polish()
    assert plan.tolist() == [1, 2]
