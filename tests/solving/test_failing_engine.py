"""An engine that gives up costs time and proofs, never the answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from optimiser.solving import Problem, solve
from optimiser.solving.engine import EngineError, LinearEngine, Vertex
from tests.solving.dantzig_wolfe.test_knapsacks import UNHURRIED
from tests.solving.test_lexicographic import holds_together
from tests.solving.tiny import problems


@settings(UNHURRIED, max_examples=50)
@given(problems())
def test_without_any_relaxation_there_is_a_plan_and_no_false_bound(monkeypatch: pytest.MonkeyPatch, problem: Problem) -> None:
    def give_up(_: LinearEngine) -> Vertex:
        raise EngineError("the engine gave up")

    monkeypatch.setattr(LinearEngine, "solve", give_up)
    holds_together(problem, solve(problem))


@settings(UNHURRIED, max_examples=50)
@given(problems())
def test_a_relaxation_is_tried_in_another_way(monkeypatch: pytest.MonkeyPatch, problem: Problem) -> None:
    """The first level's program fails when it is prepared, and is solved as it stands."""
    plain = LinearEngine.solve

    def unprepared(engine: LinearEngine) -> Vertex:
        if engine.careful:
            raise EngineError("the engine gave up")
        return plain(engine)

    monkeypatch.setattr(LinearEngine, "solve", unprepared)
    solution = solve(problem)
    holds_together(problem, solution)
    assert all(outcome.proven for outcome in solution.levels)
