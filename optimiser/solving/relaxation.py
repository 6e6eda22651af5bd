"""The linear relaxation of one level, tightened by cuts, and what its prices prove about every single choice."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optimiser.solving.cut_pool import CutPool
from optimiser.solving.engine import EngineFailure, LinearEngine
from optimiser.solving.knapsack import Knapsack, separate
from optimiser.solving.linear import FloatArray, Program, Rows
from optimiser.solving.problem import BoolArray, IntArray, Problem
from optimiser.solving.watch import Watch

VIOLATED = 1 + 1e-3
TIGHT = 1 - 1e-3
COLUMNS_PER_ITEM = 8
"""So many choices per item, the most promising ones, are in the program that the cut rounds solve again and again."""
STALL_ROUNDS = 6
STALL_SHARE = 0.03
"""Stop when so many rounds together add less than this share to what the cuts have raised the bound by."""


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

    def tighten(self, watch: Watch, rounds: int, gap: Callable[[float], float]) -> None:
        """Solve, cut, and solve again, until ``gap(bound)`` is nil, the rounds are used up, or they bring no more."""
        self.active = np.flatnonzero(self._pool.fill(self.point) > TIGHT)
        reduced = self._first_prices(watch)
        self.plain_bound = self.bound
        history = [self.bound]
        for _ in range(3):
            if gap(self.bound) <= 0 or rounds <= 0:
                return
            selected = self._promising(reduced)
            rounds, reduced = self._cut_rounds(watch, selected, rounds, gap, history)
            if not ((reduced < -1e-6 * self._cost_size()) & (self._program.upper > 0) & ~selected).any():
                return

    def _cost_size(self) -> float:
        return float(np.abs(self._program.cost).max(initial=1.0))

    def _first_prices(self, watch: Watch) -> FloatArray:
        """Over all columns, once: what tells the promising ones from the rest."""
        everything = self._program.upper > 0
        engine = LinearEngine(self._restricted(everything), careful=True)
        return self._learn(watch, engine, everything)

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
        self,
        watch: Watch,
        selected: BoolArray,
        rounds: int,
        gap: Callable[[float], float],
        history: list[float],
    ) -> tuple[int, FloatArray]:
        engine = LinearEngine(self._restricted(selected))
        reduced = self._learn(watch, engine, selected)
        while rounds > 0 and gap(self.bound) > 0:
            rounds -= 1
            fresh = self._violated()
            if not len(fresh):
                break
            engine.add(_on_columns(self._pool.rows(fresh), selected))
            self.active = np.concatenate((self.active, fresh))
            try:
                reduced = self._learn(watch, engine, selected)
            except EngineFailure:
                watch.check()
                engine = LinearEngine(self._restricted(selected), careful=True)
                reduced = self._learn(watch, engine, selected)
            history.append(self.bound)
            if len(history) > STALL_ROUNDS:
                won = history[-1] - history[-1 - STALL_ROUNDS]
                if won <= STALL_SHARE * (history[-1] - history[0]):
                    break
        return rounds, reduced

    def _violated(self) -> IntArray:
        """Cuts that the point breaks: known ones first, else new ones."""
        fill = self._pool.fill(self.point)
        fill[self.active] = 0
        known = np.flatnonzero(fill > VIOLATED)
        if len(known):
            return known
        cuts = [cut for cut in (separate(knapsack, self.point) for knapsack in self._knapsacks) if cut is not None]
        return self._pool.extend(cuts) if cuts else np.zeros(0, dtype=np.int64)

    def _restricted(self, selected: BoolArray) -> Program:
        rows = self._program.rows.and_then(self._pool.rows(self.active))
        program = self._program
        return Program(
            program.lower[selected],
            program.upper[selected],
            program.whole[selected],
            program.cost[selected],
            _on_columns(rows, selected),
        )

    def _learn(self, watch: Watch, engine: LinearEngine, selected: BoolArray) -> FloatArray:
        """Solve; keep the point and what its prices prove; return the reduced costs of all columns."""
        try:
            vertex = watch.run(engine)
        except EngineFailure:
            watch.check()
            vertex = watch.run(LinearEngine(self._restricted(selected), careful=True))
        self.point = np.zeros(len(self._program.cost))
        self.point[selected] = vertex.columns
        rows = self._program.rows.and_then(self._pool.rows(self.active))
        # A price on a side that a row does not have proves nothing: it counts as zero.
        prices = np.where(np.isfinite(rows.lower), np.maximum(vertex.prices, 0), 0) + np.where(
            np.isfinite(rows.upper), np.minimum(vertex.prices, 0), 0
        )
        sides = np.where(prices > 0, rows.lower, np.where(prices < 0, rows.upper, 0))
        reduced = self._program.cost - np.bincount(
            rows.column, weights=rows.value * prices[rows.row], minlength=len(self._program.cost)
        )
        self._prove(float((prices * sides).sum()), reduced)
        return reduced

    def _prove(self, priced_rows: float, reduced: FloatArray) -> None:
        """Each item takes its cheapest choice, or none if all cost more than nothing: no plan can be below that."""
        choices = self._problem.choice_count
        usable = np.where(self._program.upper[:choices] > 0, reduced[:choices], np.inf)
        cheapest = np.zeros(self._problem.item_count)
        if choices:
            cheapest[self._item_of_first] = np.minimum(0, np.minimum.reduceat(usable, self._first_choice))
        parts = np.minimum(0, reduced[choices:]) @ self._program.upper[choices:]
        bound = priced_rows + float(cheapest.sum()) + float(parts)
        self.bound = max(self.bound, bound)
        np.maximum(self.floors, bound - cheapest[self._problem.choice_item] + usable, out=self.floors)
        np.maximum(self.left_out, bound - cheapest, out=self.left_out)


def _on_columns(rows: Rows, selected: BoolArray) -> Rows:
    """The rows over the selected columns alone, renumbered."""
    number = np.cumsum(selected) - 1
    kept = selected[rows.column]
    return Rows(rows.lower, rows.upper, rows.row[kept], number[rows.column[kept]], rows.value[kept])
