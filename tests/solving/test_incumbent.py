"""Which rows a level's plans are given: what is known to be placed is said of the items, not of the levels."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from optimiser.solving import UNPLACED, Level, Problem
from optimiser.solving.incumbent import Incumbent
from tests.solving.tiny import numbers, terms

SAVINGS_BY_ITEM = [-30, -30, -45]
"""Three choices: two of the first item, one of the second."""


def standing_with(savings: list[int]) -> Incumbent:
    first = Level("unmet", Fraction(75), numbers(savings), ())
    second = Level("travel", Fraction(0), numbers([1, 2, 3]), ())
    no_rows = terms([])
    item = numbers([0, 0, 1])
    problem = Problem(
        2, np.zeros(2, dtype=np.bool_), item, no_rows, numbers([]), no_rows, numbers([]), (first, second), numbers([0, 2])
    )
    incumbent = Incumbent(problem)
    incumbent.open_level(0)
    incumbent.open_level(1)
    return incumbent


@pytest.mark.parametrize(
    ("savings", "placed", "rows"),
    [
        pytest.param(SAVINGS_BY_ITEM, [True, True], 2, id="placing everybody settles the level"),
        pytest.param(SAVINGS_BY_ITEM, [True, False], 3, id="somebody may still stay out"),
        pytest.param([-30, -30, 0], [True, False], 2, id="who may stay out costs nothing"),
        pytest.param([-30, -15, -45], [True, True], 3, id="it matters where somebody goes"),
    ],
)
def test_a_level_settled_by_placing_needs_no_row(savings: list[int], placed: list[bool], rows: int) -> None:
    incumbent = standing_with(savings)
    nothing = np.zeros(0, dtype=np.bool_)
    found = incumbent.rows_for(1, numbers([]), nothing, np.array(placed))
    assert len(found) == rows
    assert (found.lower[:2] == np.where(placed, 1.0, -np.inf)).all()
    assert (found.upper[:2] == 1.0).all()


@pytest.mark.parametrize(
    ("plan", "legal"),
    [
        pytest.param([0, 2], True, id="an item each"),
        pytest.param([0, UNPLACED], True, id="who may stay out"),
        pytest.param([UNPLACED, 2], False, id="care that runs stays somewhere"),
        pytest.param([2, UNPLACED], False, id="the choice of another item"),
        pytest.param([1, 2], False, id="more than there is room for"),
    ],
)
def test_only_a_legal_plan_is_taken_over(plan: list[int], legal: bool) -> None:
    """The first item has to be placed; with its second choice it takes the room that the other one needs."""
    unmet = Level("unmet", Fraction(100), numbers([-40, -40, -30]), ())
    room = terms([{1: 60, 2: 45}])
    must_place = np.array([True, False])
    nothing = numbers([])
    problem = Problem(
        2, must_place, numbers([0, 0, 1]), room, numbers([60]), terms([]), nothing, (unmet,), numbers([1, UNPLACED])
    )
    incumbent = Incumbent(problem)
    incumbent.open_level(0)
    assert problem.is_legal(numbers(plan)) == legal
    better = legal and problem.values(numbers(plan)) < problem.values(problem.start)
    assert incumbent.offer(numbers(plan)) == better
    assert incumbent.held.plan.tolist() == (plan if better else [1, UNPLACED])


def test_no_bound_is_told_of_what_nothing_is_known_of() -> None:
    [first, _] = standing_with(SAVINGS_BY_ITEM).measures
    assert first.whole_bound(-np.inf) == 0
    assert first.whole_bound(-75.0) == 0
    assert first.whole_bound(-74.9) == 15  # savings go in quarter hours
