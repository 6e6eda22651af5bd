"""The linear relaxation of one level, tightened by cuts, and what its prices prove about every single choice.

Reduced-cost fixing (Dantzig, Fulkerson and Johnson 1954), with bounds that are safe whatever the solver's prices are (Neumaier
and Shcherbina 2004, *Safe bounds in linear and mixed-integer linear programming*).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimiser.solving.cut_pool import CutPool
from optimiser.solving.engine import EngineError, LinearEngine
from optimiser.solving.interruptible import Watch
from optimiser.solving.knapsack_separation import Knapsack, separate
from optimiser.solving.linear_program import FloatArray, Program, Rows, on_columns
from optimiser.solving.problem import BoolArray, IntArray, Problem

VIOLATED = 1 + 1e-3
TIGHT = 1 - 1e-3
PASSES = 12
MISSED_SHARE = 0.3
"""When more than this share of what the cuts seem to have won is owed to columns left out, those are let in first."""
COLUMNS_PER_ITEM = 8
"""So many choices per item, the most promising ones, are in the program that the cut rounds solve again and again."""
STALL_ROUNDS = 12
STALL_SHARE = 0.015
"""Stop when so many rounds together add less than this share to what the cuts have raised the bound by."""
NEARLY_TIGHT = 0.98


@dataclass(frozen=True, slots=True)
class RowPrices:
    """What every row pays, as a proof may use it, and what the rows are worth together."""

    price: FloatArray
    total: float


def row_prices(rows: Rows, prices: FloatArray) -> RowPrices:
    """A price on a side that a row does not have proves nothing: it counts as zero."""
    price = np.where(np.isfinite(rows.lower), np.maximum(prices, 0), 0) + np.where(
        np.isfinite(rows.upper), np.minimum(prices, 0), 0
    )
    sides = np.where(price > 0, rows.lower, np.where(price < 0, rows.upper, 0))
    return RowPrices(price, float((price * sides).sum()))


class Relaxation:
    """Bounds for one level, scaled and without the level's constant.

    ``bound`` holds for every plan, ``floors[c]`` for every plan that takes choice c, and ``left_out[i]`` for every plan
    that leaves item i out. All are computed here from row prices, which bound the level whatever they are; a solver only
    suggests good ones. So no tolerance of a solver can make a bound wrong.
    """

    def __init__(
        self,
        problem: Problem,
        program: Program,
        pool: CutPool,
        knapsacks: list[Knapsack],
        plan_columns: FloatArray,
    ) -> None:
        self._problem = problem
        self._program = program
        self._pool = pool
        self._knapsacks = knapsacks
        self._plan_columns = plan_columns
        self._first_choice = np.flatnonzero(np.diff(problem.choice_item, prepend=-1))
        self._item_of_first = problem.choice_item[self._first_choice]
        self.active: IntArray = np.zeros(0, dtype=np.int64)
        self.bound = -np.inf
        self.plain_bound = -np.inf
        """Before any new cut: the rise from here to ``bound`` tells how far the truth may still be."""
        self.floors = np.full(problem.choice_count, -np.inf)
        self.left_out = np.full(problem.item_count, -np.inf)
        self.point = plan_columns
        self.value = -np.inf
        self.latest = -np.inf
        """What the last prices prove for all columns, where ``value`` is that of the selected columns alone."""
        self.selected: BoolArray = np.zeros(len(program.cost), dtype=np.bool_)
        """The columns worked with."""

    def tighten(self, watch: Watch, rounds: int, gap: Callable[[float], float]) -> None:
        """Solve, cut, and solve again, until ``gap(bound)`` is nil, the rounds are used up, or they bring no more."""
        self.active = np.flatnonzero(self._pool.fill(self.point) > TIGHT)
        everything = self._program.upper > 0
        # Rows without any price prove something too: whatever the engine does, there is a bound to work from.
        self.prove(0.0, self._program.cost, np.ones(len(self._program.cost), dtype=np.bool_))
        self.plain_bound = self.bound
        _, reduced = self._learn(watch, LinearEngine(self._restricted(everything), careful=True), everything)
        self.plain_bound = self.bound
        for _ in range(PASSES):
            self.selected |= self._promising(reduced)
            if gap(self.bound) <= 0 or rounds <= 0:
                return
            rounds, reduced = self._cut_rounds(watch, self.selected, rounds, gap)
            missed = everything & ~self.selected & (reduced < -1e-6 * np.abs(self._program.cost).max(initial=1.0))
            if not missed.any():
                return
            self.selected |= missed

    def _promising(self, reduced: FloatArray) -> BoolArray:
        """The columns to work with: the parts, the plan in hand, and the choices with the smallest reduced costs."""
        choices = self._problem.choice_count
        usable = self._program.upper[:choices] > 0
        wanted = min(int(usable.sum()), COLUMNS_PER_ITEM * self._problem.item_count)
        selected = np.ones(len(self._program.cost), dtype=np.bool_)
        selected[:choices] = self._plan_columns[:choices] > 0.5
        if wanted:
            ranked = np.where(usable, reduced[:choices], np.inf)
            selected[np.argsort(ranked, kind="stable")[:wanted]] = True
        return selected

    def _cut_rounds(
        self, watch: Watch, selected: BoolArray, rounds: int, gap: Callable[[float], float]
    ) -> tuple[int, FloatArray]:
        """Add what the point breaks and solve again, while that still raises the value over the selected columns."""
        self.active = self.active[self._pool.fill(self.point)[self.active] > TIGHT]
        engine = LinearEngine(self._restricted(selected))
        engine, reduced = self._learn(watch, engine, selected)
        values = [self.value]
        while rounds > 0 and gap(self.bound) > 0:
            rounds -= 1
            fresh = self.violated()
            if not len(fresh):
                break
            engine.add(on_columns(self._pool.rows(fresh), selected))
            self.active = np.concatenate((self.active, fresh))
            engine, reduced = self._learn(watch, engine, selected)
            values.append(self.value)
            if len(values) > STALL_ROUNDS:
                won = values[-1] - values[-1 - STALL_ROUNDS]
                if won <= STALL_SHARE * (self.value - self.plain_bound):
                    break
            owed = self.value - self.latest - 1e-6 * max(1.0, abs(self.value))
            if owed > MISSED_SHARE * (self.value - self.plain_bound):
                break
        return rounds, reduced

    def violated(self) -> IntArray:
        """Cuts that the point breaks: known ones first, else new ones."""
        fill = self._pool.fill(self.point)
        fill[self.active] = 0
        known = np.flatnonzero(fill > VIOLATED)
        if len(known):
            return known
        cuts = separate(self._knapsacks, self.point)
        return self._pool.extend(cuts) if cuts else np.zeros(0, dtype=np.int64)

    def _restricted(self, selected: BoolArray) -> Program:
        rows = self._program.rows.and_then(self._pool.rows(self.active))
        program = self._program
        return Program(
            program.lower[selected],
            program.upper[selected],
            program.whole[selected],
            program.cost[selected],
            on_columns(rows, selected),
        )

    def _learn(self, watch: Watch, engine: LinearEngine, selected: BoolArray) -> tuple[LinearEngine, FloatArray]:
        """Solve; keep the point and what its prices prove; return the reduced costs of all columns.

        An engine that fails is of no use any more: the one that goes on in its place is returned too.
        """
        try:
            vertex = watch.run(engine)
        except EngineError:
            engine = LinearEngine(self._restricted(selected), careful=not engine.careful)
            vertex = watch.run(engine)
        point = np.zeros(len(self._program.cost))
        point[selected] = vertex.columns
        self.set_point(point)
        rows = self._program.rows.and_then(self._pool.rows(self.active))
        paid = row_prices(rows, vertex.prices)
        reduced = self._program.cost - np.bincount(
            rows.column, weights=rows.value * paid.price[rows.row], minlength=len(self._program.cost)
        )
        self.prove(paid.total, reduced, np.ones(len(reduced), dtype=np.bool_))
        return engine, reduced

    def set_point(self, point: FloatArray) -> None:
        """A new point of the relaxation, over all columns."""
        self.point = point
        # Not ``@``: for a product this small BLAS's threads wait for each other longer than the sum takes.
        self.value = float((point * self._program.cost).sum())

    def prove(self, priced: float, reduced: FloatArray, counted: BoolArray) -> float:
        """Each item takes its cheapest choice, or none if all cost more than nothing: no plan can be below that.

        ``priced`` is what rows, and columns that are not ``counted`` here, are worth at least. Returns the bound.
        """
        choices = self._problem.choice_count
        usable = np.where((self._program.upper[:choices] > 0) & counted[:choices], reduced[:choices], np.inf)
        cheapest = np.zeros(self._problem.item_count)
        if choices:
            cheapest[self._item_of_first] = np.minimum(0, np.minimum.reduceat(usable, self._first_choice))
        parts = np.minimum(0, reduced[choices:] * counted[choices:]) @ self._program.upper[choices:]
        bound = priced + float(cheapest.sum()) + float(parts)
        self.latest = bound
        self.bound = max(self.bound, bound)
        floors = np.where(counted[:choices], bound - cheapest[self._problem.choice_item] + usable, bound)
        np.maximum(self.floors, floors, out=self.floors)
        np.maximum(self.left_out, bound - cheapest, out=self.left_out)
        return bound

    def tight_cuts(self) -> Rows:
        """The cuts known that the point fills, or nearly."""
        self.active = np.flatnonzero(self._pool.fill(self.point) > NEARLY_TIGHT)
        return self._pool.rows(self.active)

    def use(self, numbers: IntArray) -> Rows:
        """Some cuts more, from now on in use."""
        self.active = np.concatenate((self.active, numbers))
        return self._pool.rows(numbers)
