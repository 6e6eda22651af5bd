"""Small parts of a packing searched to the end: they find the swap that makes room, and move nobody whom they did not look at."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from optimiser.solving import Effort, Level, Problem, level_search, room_search, solve
from tests.solving.test_lexicographic import holds_together
from tests.solving.tiny import numbers, problems, terms

FEW = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
OTHERS = ("raise_bound", "restricted_mip_plan", "relaxation_neighbourhood", "large_neighbourhood_search", "relax_by_knapsacks")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """So small a problem counts as a large one, and no other search looks at it."""
    monkeypatch.setattr(level_search, "FEW_CHOICES", -1)
    for other in (*OTHERS, "search_all"):
        monkeypatch.setattr(level_search, other, lambda *_: False)
    return monkeypatch


def four_people() -> Problem:
    """Rooms of 60, 45 and 20 minutes for people of 45, 30, 30 and 20. The last may have the smallest, the others the two larger.

    The first is in the large room, the second in the other, the third waits. Where those two change places, all have room.
    """
    minutes, item, where = [45, 30, 30, 20], numbers([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3]), [0, 1, -1, 0, 1, -1, 0, 1, -1, 2, -1]
    rooms = [{choice: minutes[item[choice]] for choice in range(11) if where[choice] == room} for room in range(3)]
    waits = numbers([minutes[who] * (place < 0) for who, place in zip(item.tolist(), where, strict=True)])
    return Problem(
        4,
        np.ones(4, dtype=np.bool_),
        item,
        terms(rooms),
        numbers([60, 45, 20]),
        terms([]),
        numbers([]),
        (Level("waiting", Fraction(0), waits, ()),),
        numbers([0, 4, 8, 9]),
    )


def test_two_change_places_so_that_a_third_has_room(alone: pytest.MonkeyPatch) -> None:
    del alone
    problem = four_people()
    assert problem.values(problem.start) == (30,)
    solution = solve(problem, effort=Effort(constraint_work=1.0))
    assert solution.plan.tolist() == [1, 3, 6, 9]
    assert solution.levels[0].best == 0


def test_without_it_the_third_waits(alone: pytest.MonkeyPatch) -> None:
    alone.setattr(level_search, "search_room_by_room", lambda *_: None)
    assert solve(four_people(), effort=Effort(constraint_work=1.0)).levels[0].best == 30


def test_one_room_at_a_time_is_too_small_a_part(alone: pytest.MonkeyPatch) -> None:
    """Whoever is in the other room stays there: the large room alone has place for the third or the first, never for both."""
    alone.setattr(room_search, "ROOMS_AT_ONCE", 1)
    assert solve(four_people(), effort=Effort(constraint_work=1.0)).levels[0].best == 30


@FEW
@pytest.mark.usefixtures("alone")
@given(problems())
def test_what_it_finds_is_true(problem: Problem) -> None:
    solution = solve(problem, effort=Effort(constraint_work=1.0))
    holds_together(problem, solution)
    again = solve(problem, effort=Effort(constraint_work=1.0))
    assert (again.plan == solution.plan).all()
    assert again.levels == solution.levels
