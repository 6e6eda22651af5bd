"""The engines say what they know: an answer, that there is none, or that they gave up; never a wrong figure."""

from __future__ import annotations

import numpy as np
import pytest

from optimiser.solving.engine import EngineError, LinearEngine, WholeEngine, solve_small
from optimiser.solving.engine_highs import HighsEngine
from optimiser.solving.linear_program import Program, Rows

PROFIT = (60.0, 100.0, 120.0)
SIZE = (10.0, 20.0, 30.0)


def knapsack(least_taken: float = 0.0, capacity: float = 50.0) -> Program:
    """Three things, of which 50 can be carried: the second and the third are worth 220; in fractions, 240."""
    size = Rows(
        np.array([-np.inf, least_taken]),
        np.array([capacity, np.inf]),
        np.array([0, 0, 0, 1, 1, 1]),
        np.array([0, 1, 2, 0, 1, 2]),
        np.array([*SIZE, 1.0, 1.0, 1.0]),
    )
    return Program(np.zeros(3), np.ones(3), np.ones(3, dtype=np.bool_), -np.array(PROFIT), size)


def whole(program: Program, **given: float) -> WholeEngine:
    asked = {"gap": 0.0, "nodes": 100, "enough": -np.inf, **given}
    return WholeEngine(program, hint=None, gap=asked["gap"], nodes=int(asked["nodes"]), enough=asked["enough"])


def highs(program: Program, nodes: int = 100, seconds: float | None = None) -> HighsEngine:
    return HighsEngine(program, hint=np.zeros(3), gap=0.0, nodes=nodes, seconds=seconds)


def test_the_relaxation_and_its_prices() -> None:
    vertex = LinearEngine(knapsack()).solve()
    assert vertex.columns == pytest.approx([1, 1, 2 / 3])
    assert vertex.prices == pytest.approx([-4, 0])  # the last thing is worth 4 for each of its 30


@pytest.mark.parametrize("seconds", [None, 60.0])
def test_both_searches_find_the_best_and_prove_it(seconds: float | None) -> None:
    for answer in (whole(knapsack()).solve(), highs(knapsack(), seconds=seconds).solve()):
        assert answer.columns is not None
        assert answer.columns.round().tolist() == [0, 1, 1]
        assert answer.bound == pytest.approx(-220)


def test_what_cannot_be_is_told_apart_from_what_was_not_found() -> None:
    nothing_fits = knapsack(least_taken=3.0)
    assert whole(nothing_fits).solve().columns is None
    assert whole(nothing_fits).solve().bound == np.inf
    with pytest.raises(EngineError):
        LinearEngine(nothing_fits).solve()
    # A search for room begins with a plan in hand: were there none, the program would be wrong.
    with pytest.raises(EngineError, match="no solution found where the hint is one"):
        highs(nothing_fits).solve()
    assert solve_small(nothing_fits.cost, nothing_fits.rows) is None


def test_a_search_without_time_has_no_plan_and_no_false_bound() -> None:
    answer = highs(knapsack(least_taken=2.0), nodes=0, seconds=0.0).solve()
    assert answer.bound <= -220


def test_a_program_that_is_none_is_refused() -> None:
    broken = knapsack(capacity=np.nan)
    with pytest.raises(EngineError):
        whole(broken)
    with pytest.raises(EngineError):
        highs(broken).solve()


def test_rows_that_are_none_are_refused() -> None:
    engine = LinearEngine(knapsack())
    engine.solve()
    with pytest.raises(EngineError):
        engine.add(Rows(np.array([np.nan]), np.array([1.0]), np.array([0]), np.array([0]), np.array([1.0])))
