"""The engines say what they know: an answer, that there is none, or that they gave up; never a wrong figure."""

from __future__ import annotations

import numpy as np
import pytest

from optimiser.solving import engine
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


def long_fractions() -> Program:
    """The travel of a night, cut down: 25 choices, seven parts, and the row of a share, whose prices have ten digits."""
    costs = [11_690, 1_596, 9_632, 8_519, 13_202, 5_530, 12_621, 6_174, 10_808, 11_438, 525, 5_880, 32_172, 6_286, 9_184, 5_873]
    costs += [1_827, 9_926, 819, 6_636, 7_812, 11_186, 11_004, 19_040, 25_704, 0, 0, 0, 0, 0, 0, 0]
    upper = [1] * 25 + [19_415, 71_874, 3_643_455, 77_256, 690_507, 196_857, 118_778]
    paid = {0: 25_267, 2: 17_712, 4: 17_200, 5: 14_346, 7: 32_120, 8: 27_759, 9: 27_036, 10: 38_096, 13: 27_036, 14: 32_120}
    paid |= {17: 39_726, 19: 32_144, 20: 9_317, 21: 25_932, 22: 28_139, 23: 28_892, 24: 14_249, 29: 1, 30: 1, 31: 1}
    share = 9_471_238_520
    rows = (
        (19_415.0, 19_415.0, {25: 1, 1: 765, 3: 375, 6: 495, 11: 645, 16: 900, 18: 630}),
        (71_874.0, 71_874.0, {26: 1, 15: 300}),
        (-1_649_745.0, np.inf, {27: 1, 2: 889_380, 10: -1_924_800, 19: -1_624_050, 24: 691_740}),
        (77_256.0, 77_256.0, {28: 1, 12: 600}),
        (37_984.0, 37_984.0, {30: 1, 15: -11_110}),
        (1_552_691_164_872_500.0, 1_553_098_428_128_859.0, {25: share, 26: share, 27: 2_254_520, 28: share}),
        (1_293_401.0, 1_295_090.0, paid),
    )
    entries = np.array([(row, *entry) for row, (_, _, of) in enumerate(rows) for entry in of.items()]).T
    lower, most = (np.array([row[side] for row in rows], dtype=np.float64) for side in (0, 1))
    return Program(
        np.zeros(32),
        np.array(upper, dtype=np.float64),
        np.zeros(32, dtype=np.bool_),
        np.array(costs, dtype=np.float64),
        Rows(lower, most, entries[0], entries[1], entries[2].astype(np.float64)),
    )


def whole(program: Program, **given: float) -> WholeEngine:
    asked = {"gap": 0.0, "nodes": 100, "enough": -np.inf, **given}
    return WholeEngine(program, hint=None, gap=asked["gap"], nodes=int(asked["nodes"]), enough=asked["enough"])


def highs(program: Program, nodes: int = 100, seconds: float | None = None) -> HighsEngine:
    return HighsEngine(program, hint=np.zeros(3), gap=0.0, nodes=nodes, seconds=seconds)


def test_the_relaxation_and_its_prices() -> None:
    vertex = LinearEngine(knapsack()).solve()
    assert vertex.columns == pytest.approx([1, 1, 2 / 3])
    assert vertex.prices == pytest.approx([-4, 0])  # the last thing is worth 4 for each of its 30


def test_a_simplex_that_goes_round_in_circles_gives_way_to_the_other() -> None:
    """The dual simplex of GLOP has no end here. What the primal one finds costs as much as by HiGHS."""
    program = long_fractions()
    vertex = LinearEngine(program).solve()
    least = HighsEngine(program, hint=np.zeros(32), gap=0.0, nodes=1, seconds=None).solve()
    assert vertex.columns @ program.cost == pytest.approx(least.bound)


def test_where_both_need_too_many_pivots_it_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[bool]()
    plain = LinearEngine._solved

    def told(self: LinearEngine) -> object:
        asked.append(self._parameters.glop.use_dual_simplex)
        return plain(self)

    monkeypatch.setattr(LinearEngine, "_solved", told)
    monkeypatch.setattr(engine, "PIVOTS_PER_SIDE", 0)
    monkeypatch.setattr(engine, "FEWEST_PIVOTS", 1)
    stopped = LinearEngine(long_fractions())
    for _ in range(2):
        with pytest.raises(EngineError):
            stopped.solve()
    assert asked == [True, False] * 2


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
