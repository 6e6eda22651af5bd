"""Everybody placed at once, held to every plan of tiny problems: legal, honest bounds, the same again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from optimiser.solving import UNPLACED, Level, Problem
from optimiser.solving.placing_anew import story as module
from optimiser.solving.placing_anew.rooms_kept import within_rooms
from optimiser.solving.placing_anew.story import place_anew
from tests.solving.brute_force import all_values, least_within
from tests.solving.tiny import StopAfter, numbers, problems, terms

STEPS = 4_000


@pytest.fixture(autouse=True)
def searched_whatever_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small problems are solved as allocations are; here the search of large ones is what is looked at."""
    monkeypatch.setattr(module, "FEW_CHOICES", 0)


def free(problem: Problem) -> Problem:
    return replace(problem, must_place=np.zeros(problem.item_count, dtype=np.bool_))


@settings(max_examples=40, deadline=None)
@given(problems())
def test_a_bound_holds_for_every_plan_within_what_is_told_of_the_levels_before(problem: Problem) -> None:
    problem = free(problem)
    found = place_anew(problem, steps=STEPS)
    assert problem.is_legal(found.plan)
    assert tuple(level.value for level in found.levels) == problem.values(found.plan)
    pairs = zip(problem.levels, found.levels, strict=True)
    held = replace(problem, levels=tuple(replace(level, tolerance=told.tolerance) for level, told in pairs))
    values = all_values(problem)
    for place, level in enumerate(found.levels):
        least = least_within(held, values, tuple(each.best for each in found.levels[:place]))
        assert level.bound <= least <= level.value
        assert not level.proven or problem.levels[place].is_proven(level.value, least)


def three_rooms() -> Problem:
    """Nine of 30 to 270 minutes and three rooms of 450: all fit, in few ways; the second level is what the third room costs."""
    sizes = [30 * (each + 1) for each in range(9)]
    item = [each for each in range(9) for _ in range(3)]
    rooms = [{choice: sizes[item[choice]] for choice in range(27) if choice % 3 == room} for room in range(3)]
    unmet = Level("unmet", Fraction(sum(sizes)), numbers([-sizes[each] for each in item]), ())
    cost = Level("cost", Fraction(0), numbers([sizes[each] * (choice % 3) for choice, each in enumerate(item)]), ())
    nobody = numbers([UNPLACED] * 9)
    return Problem(
        9,
        np.zeros(9, dtype=np.bool_),
        numbers(item),
        terms(rooms),
        numbers([450] * 3),
        terms([]),
        numbers([]),
        (unmet, cost),
        nobody,
    )


def test_rooms_that_all_fit_into_are_filled() -> None:
    found = place_anew(three_rooms(), steps=60_000)
    # 30 + 60 + … + 270 = 1,350 = 3 x 450: nobody is left out, and each room is full: 450 x (0 + 1 + 2).
    assert [(level.value, level.bound, level.proven) for level in found.levels] == [(0, 0, True), (1_350, 1_350, True)]


def test_the_same_again_gives_the_same() -> None:
    one, other = (place_anew(three_rooms(), steps=9_000) for _ in range(2))
    assert one.plan.tolist() == other.plan.tolist()
    assert one.levels == other.levels


def test_nobody_may_have_to_be_placed() -> None:
    held = replace(three_rooms(), must_place=np.ones(9, dtype=np.bool_))
    with pytest.raises(ValueError, match="nobody may have to be placed"):
        place_anew(held)


def test_whoever_stops_it_gets_a_legal_plan_and_no_bound_that_was_not_found() -> None:
    problem = three_rooms()
    found = place_anew(problem, steps=9_000, should_stop=StopAfter(0))
    assert found.stopped == "cancelled"
    assert problem.is_legal(found.plan)
    assert [(level.value, level.bound) for level in found.levels] == [(1_350, 0), (0, 0)]


def test_from_a_room_that_is_passed_goes_who_loses_least_for_each_minute() -> None:
    problem = three_rooms()
    everybody_in_the_first = numbers([3 * each for each in range(9)])
    floors = np.array([float(choice % 3) for choice in range(27)])
    plan = within_rooms(problem, everybody_in_the_first, floors, np.full(9, 100.0))
    assert problem.is_legal(plan)
    # The largest go first, as the loss is the same for each: 270 and 180 to the second room, 240 and 210 to the third.
    assert problem.limits.totals(problem.chosen(plan)).tolist() == [450, 450, 450]
    assert (plan != UNPLACED).all()


def test_small_problems_are_solved_as_allocations_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEW_CHOICES", 27)
    assert [level.value for level in place_anew(three_rooms(), steps=0).levels] == [0, 1_350]
