"""Dives over whole packings: they fill rooms to the unit, go back where that leads nowhere, tell the truth and repeat."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from optimiser.solving import Effort, Level, Problem, level_search, solve
from optimiser.solving.dantzig_wolfe import packing_dive
from tests.solving.test_lexicographic import holds_together
from tests.solving.test_room_search import four_people
from tests.solving.tiny import numbers, problems, terms

FEW = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
OTHERS = ("raise_bound", "restricted_mip_plan", "relaxation_neighbourhood", "large_neighbourhood_search", "search_room_by_room")
DIVED = Effort(block_states=1_000, constraint_work=1.0, dives=20)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """So small a problem counts as a large one, no other search looks at it, and no room is left to constraint programming."""
    monkeypatch.setattr(level_search, "FEW_CHOICES", -1)
    monkeypatch.setattr(packing_dive, "FEW_ROOMS", 0)
    for other in (*OTHERS, "search_all"):
        monkeypatch.setattr(level_search, other, lambda *_: False)
    return monkeypatch


def two_rooms(least_moved: bool = False) -> Problem:
    """Rooms of 10 and 7 for sizes 6, 5, 5, 4, 3, 2: both can be full, and 8 of the 25 wait at best.

    ``least_moved``: the fewest in a room come next, so that a plan that fills both with few has to be found.
    """
    sizes = [6, 5, 5, 4, 3, 2]
    item = numbers([who for who in range(6) for _ in range(3)])
    place = [0, 1, -1] * 6
    rooms = [{choice: sizes[choice // 3] for choice in range(18) if place[choice] == room} for room in range(2)]
    waits = numbers([sizes[choice // 3] * (place[choice] < 0) for choice in range(18)])
    moved = numbers([int(place[choice] >= 0) for choice in range(18)])
    levels = [Level("waiting", Fraction(0), waits, ())]
    if least_moved:
        levels.append(Level("moved", Fraction(0), moved, ()))
    start = numbers([3 * who + 2 for who in range(6)])
    return Problem(
        6, np.ones(6, dtype=np.bool_), item, terms(rooms), numbers([10, 7]), terms([]), numbers([]), tuple(levels), start
    )


def test_rooms_are_filled_to_the_unit() -> None:
    [waiting] = solve(two_rooms(), effort=DIVED).levels
    assert (waiting.best, waiting.bound, waiting.proven) == (8, 8, True)


def test_an_earlier_level_is_kept_to_the_unit_and_the_later_one_won() -> None:
    """Full are both with 6 + 4 or 5 + 5, and 5 + 2 or 4 + 3: four people in all ways."""
    waiting, moved = solve(two_rooms(least_moved=True), effort=DIVED).levels
    assert (waiting.value, moved.value, moved.proven) == (8, 4, True)


def test_two_change_places_so_that_a_third_has_room() -> None:
    assert solve(four_people(), effort=DIVED).levels[0].best == 0


def test_no_relaxation_is_solved_where_none_may_be(alone: pytest.MonkeyPatch) -> None:
    alone.setattr(packing_dive.PackingDive, "run", lambda _: pytest.fail("nothing was to be spent"))
    solve(two_rooms(), effort=Effort(block_states=1_000, constraint_work=1.0))


def test_where_nothing_leads_on_half_of_the_steps_are_taken_back(alone: pytest.MonkeyPatch) -> None:
    """Four steps lead somewhere, a fifth never does. After three misses the first two steps of the four are kept; going back
    counts as one relaxation: seven, one to go back, and the four that are left of twelve.
    """
    tried = list[int]()

    def solved(_watch: Any, filled: int, *_: Any) -> Any:
        return None if filled > 4 else SimpleNamespace(bound=0.0, packings=[])

    def further(_: Any, here: Any) -> tuple[Any, frozenset[int]]:
        tried.append(len(here.filled))
        return len(here.filled) + 1, here.filled | {len(here.filled)}

    alone.setattr(packing_dive.PackingDive, "_filled_further", further)
    goal = SimpleNamespace(proven=False, cap=lambda: 10.0)
    problem = SimpleNamespace(choice_item=numbers([]), item_count=1)
    stage: Any = SimpleNamespace(goal=goal, measured=SimpleNamespace(step=1), problem=problem)
    master: Any = SimpleNamespace(blocks=[None], solve=solved)
    root: Any = SimpleNamespace(packings=[])
    nothing: Any = None
    packing_dive.dive_over_packings(stage, nothing, master, root, nothing, 12)
    assert tried == [0, 1, 2, 3, 4, 4, 4, 2, 3, 4, 4]


@pytest.mark.parametrize("rooms_left", [0, 1])
@FEW
@given(problem=problems())
def test_what_they_find_is_true_and_repeats(alone: pytest.MonkeyPatch, rooms_left: int, problem: Problem) -> None:
    alone.setattr(packing_dive, "FEW_ROOMS", rooms_left)
    solution = solve(problem, effort=DIVED)
    holds_together(problem, solution)
    again = solve(problem, effort=DIVED)
    assert (again.plan == solution.plan).all()
    assert again.levels == solution.levels
