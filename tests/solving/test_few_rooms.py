"""A few rooms filled anew at a time: it finds whom to leave out, moves nobody elsewhere, tells the truth and repeats."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from optimiser.solving import UNPLACED, Effort, Level, Problem, level_search, level_state, lns, solve
from optimiser.solving.interruptible import Watch
from optimiser.solving.level_state import LevelState
from optimiser.solving.problem import BoolArray
from tests.solving.test_lexicographic import holds_together
from tests.solving.tiny import numbers, problems, terms

FEW = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
OTHERS = (
    "raise_bound",
    "restricted_mip_plan",
    "relaxation_neighbourhood",
    "large_neighbourhood_search",
    "relax_by_knapsacks",
    "search_plainly",
)
SEARCHED = Effort(cut_rounds=1)
MINUTES = [60, 45, 45, 30, 30, 30, 20]
ROOMS = [90, 75]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """So few choices are few to branch on and no small county, so few people are many; no other search looks at a level."""
    for other in OTHERS:
        monkeypatch.setattr(level_search, other, lambda *_: False)
    monkeypatch.setattr(level_search, "FEWEST_TO_BRANCH", 0)
    monkeypatch.setattr(level_search, "MANY_WAIT", 0.5)
    monkeypatch.setattr(level_state, "SMALL", -1)
    return monkeypatch


def seven_people() -> Problem:
    """Seven people, two rooms of 90 and 75 minutes, nobody placed: 60 and 30 fill the one, 45 and 30 the other, to the minute.

    So of 260 minutes 95 are left out at least.
    """
    item = numbers([who for who in range(len(MINUTES)) for _ in ROOMS])
    rooms = [{who * len(ROOMS) + room: MINUTES[who] for who in range(len(MINUTES))} for room in range(len(ROOMS))]
    level = Level("unmet", Fraction(sum(MINUTES)), numbers([-MINUTES[who] for who in item.tolist()]), ())
    return Problem(
        len(MINUTES),
        np.zeros(len(MINUTES), dtype=np.bool_),
        item,
        terms(rooms),
        numbers(ROOMS),
        terms([]),
        numbers([]),
        (level,),
        np.full(len(MINUTES), UNPLACED, dtype=np.int64),
    )


def test_rooms_are_filled_to_the_minute(alone: pytest.MonkeyPatch) -> None:
    """By this search alone: without it nobody is placed."""
    problem = seven_people()
    [unmet] = solve(problem, effort=SEARCHED).levels
    assert unmet.best == sum(MINUTES) - sum(ROOMS) == 95
    alone.setattr(level_search, "search_few_rooms", lambda *_: None)
    [unmet] = solve(problem, effort=SEARCHED).levels
    assert unmet.best == sum(MINUTES)


def test_where_few_wait_a_plain_solver_is_asked_before(alone: pytest.MonkeyPatch) -> None:
    asked = list[str]()
    alone.setattr(level_search, "search_plainly", lambda _stage, _watch, nodes: asked.append(f"plain {nodes}"))
    alone.setattr(level_search, "search_few_rooms", lambda *_: asked.append("rooms"))
    solve(seven_people(), effort=replace(SEARCHED, nodes=100))
    assert "plain 400" not in asked
    asked.clear()
    alone.setattr(level_search, "MANY_WAIT", len(MINUTES))
    solve(seven_people(), effort=replace(SEARCHED, nodes=100))
    assert asked.index("plain 400") + 1 == asked.index("rooms")


def test_whoever_is_in_a_room_not_drawn_stays(alone: pytest.MonkeyPatch) -> None:
    """Five rooms of each size: at most a few rooms change at a time, and whoever is elsewhere is as before."""
    seen = list[int]()
    plain = lns._search_around

    def noted(stage: LevelState, watch: Watch, free: BoolArray, offered: BoolArray, nodes: int) -> bool:
        before = stage.incumbent.held.plan.copy()
        finished = plain(stage, watch, free, offered, nodes)
        after = stage.incumbent.held.plan
        assert (after[~free] == before[~free]).all()
        assert all(offered[choice] for choice in after[after != before].tolist() if choice != UNPLACED)
        rooms = np.unique(np.flatnonzero(offered) % len(many.limit_capacity))
        seen.append(len(rooms))
        return finished

    people = 5 * MINUTES
    rooms = 5 * ROOMS
    item = numbers([who for who in range(len(people)) for _ in rooms])
    many = replace(
        seven_people(),
        item_count=len(people),
        must_place=np.zeros(len(people), dtype=np.bool_),
        choice_item=item,
        limits=terms([{who * len(rooms) + room: people[who] for who in range(len(people))} for room in range(len(rooms))]),
        limit_capacity=numbers(rooms),
        levels=(Level("unmet", Fraction(sum(people)), numbers([-people[who] for who in item.tolist()]), ()),),
        start=np.full(len(people), UNPLACED, dtype=np.int64),
    )
    alone.setattr(lns, "_search_around", noted)
    [unmet] = solve(many, effort=SEARCHED).levels
    assert unmet.best == sum(people) - sum(rooms)
    assert set(seen) <= set(range(lns.FEWEST_ROOMS, lns.MOST_ROOMS + 1))
    assert len(set(seen)) > 1


def test_a_small_county_is_proven_however_many_wait(alone: pytest.MonkeyPatch) -> None:
    """A plain solver is asked there: five people for two rooms make no surge of fourteen choices."""
    asked = list[int]()
    alone.setattr(level_search, "search_plainly", lambda _stage, _watch, nodes: asked.append(nodes))
    alone.setattr(level_state, "SMALL", 14)
    solve(seven_people(), effort=replace(SEARCHED, nodes=100))
    assert 400 in asked


@FEW
@pytest.mark.usefixtures("alone")
@given(problems())
def test_what_it_finds_is_true(problem: Problem) -> None:
    solution = solve(problem, effort=SEARCHED)
    holds_together(problem, solution)
    again = solve(problem, effort=SEARCHED)
    assert (again.plan == solution.plan).all()
    assert again.levels == solution.levels
