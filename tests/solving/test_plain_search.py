"""A level that our own searches leave open is handed on to a plain solver: it ends it, tells the truth and repeats."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from optimiser.solving import Effort, Problem, level_search, plain_search, solve
from optimiser.solving.engine import Answer, EngineError
from optimiser.solving.engine_highs import HighsEngine
from tests.solving.test_constraint_search import one_at_ten
from tests.solving.test_lexicographic import holds_together
from tests.solving.test_room_search import four_people
from tests.solving.tiny import problems

FEW = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
OTHERS = ("raise_bound", "restricted_mip_plan", "relaxation_neighbourhood", "large_neighbourhood_search", "relax_by_knapsacks")
ASKED = Effort(cut_rounds=1, nodes=1, searches=0, plain_nodes=100)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No other search looks at a level."""
    for other in OTHERS:
        monkeypatch.setattr(level_search, other, lambda *_: False)
    monkeypatch.setattr(level_search, "VERY_FEW", 0)
    return monkeypatch


def test_two_change_places_so_that_a_third_has_room() -> None:
    """A bound of nought is met by the only plan in which nobody waits."""
    solution = solve(four_people(), effort=ASKED)
    assert solution.plan.tolist() == [1, 3, 6, 9]
    assert (solution.levels[0].best, solution.levels[0].proven) == (0, True)


def test_without_nodes_nobody_is_asked(alone: pytest.MonkeyPatch) -> None:
    alone.setattr(plain_search, "HighsEngine", lambda *_, **__: pytest.fail("nothing was to be spent"))
    assert solve(four_people(), effort=replace(ASKED, nodes=0, plain_nodes=0)).levels[0].best == 30


def test_what_our_own_searches_leave_open_is_handed_on_to_it(alone: pytest.MonkeyPatch) -> None:
    """Last of all and with half of the nodes of a search of ours; asked first, it is not asked again."""
    asked = list[str | int]()

    def engine(*given: Any, nodes: int, **more: Any) -> HighsEngine:
        asked.append(nodes)
        return HighsEngine(*given, nodes=nodes, **more)

    alone.setattr(plain_search, "HighsEngine", engine)
    alone.setattr(level_search, "raise_bound", lambda *_: asked.append("ours"))
    [handed_on] = solve(four_people(), effort=replace(ASKED, nodes=100, plain_nodes=0)).levels
    assert (handed_on.best, handed_on.proven, asked[-2:], asked.count(50)) == (0, True, ["ours", 50], 1)
    asked.clear()
    solve(four_people(), effort=replace(ASKED, nodes=100, plain_nodes=1))
    assert 50 not in asked


@pytest.mark.parametrize(("module", "limit", "value"), [(plain_search, "LARGEST", 3), (level_search, "VERY_FEW", 11)])
def test_nor_where_the_program_is_too_large_or_as_easy_for_us(
    alone: pytest.MonkeyPatch, module: ModuleType, limit: str, value: int
) -> None:
    alone.setattr(module, limit, value)
    assert solve(four_people(), effort=ASKED).levels[0].best == 30


def test_of_a_clock_it_has_a_part_alone(alone: pytest.MonkeyPatch) -> None:
    """What it found by then must come back before the level's turn ends; without a clock its nodes end it."""
    asked = list[float | None]()

    def engine(*_: object, seconds: float | None, **__: object) -> None:
        asked.append(seconds)
        raise EngineError("not of interest")

    alone.setattr(plain_search, "HighsEngine", engine)
    for clock in (None, 100.0):
        solve(four_people(), effort=replace(ASKED, wall_seconds=clock))
    without, within = asked
    assert without is None
    assert within is not None and 40 < within <= 50


def test_where_it_fails_the_plan_in_hand_stays(alone: pytest.MonkeyPatch) -> None:
    def failing(_: HighsEngine) -> Answer:
        raise EngineError("numerical trouble")

    alone.setattr(HighsEngine, "solve", failing)
    [waiting] = solve(four_people(), effort=ASKED).levels
    assert (waiting.best, waiting.bound, waiting.proven) == (30, 0, False)


def test_a_choice_that_was_left_out_is_told_by_no_bound(alone: pytest.MonkeyPatch) -> None:
    alone.setattr(level_search, "VERY_FEW", -1)  # of its two choices one is held and the other left out
    [found] = solve(one_at_ten(alone), effort=ASKED).levels
    assert (found.best, found.bound, found.proven) == (10, 5, True)


@FEW
@given(problem=problems())
def test_what_it_finds_is_true_and_repeats(problem: Problem) -> None:
    for nodes in (1, 100):
        effort = replace(ASKED, plain_nodes=nodes)
        solution = solve(problem, effort=effort)
        holds_together(problem, solution)
        again = solve(problem, effort=effort)
        assert (again.plan == solution.plan).all()
        assert again.levels == solution.levels
