"""What all searches of one level share: its program, its relaxation, what it is after, and how it asks for branch and bound."""

from __future__ import annotations

import numpy as np

from optimiser.solving.cut_pool import CutPool
from optimiser.solving.cutoffs import Cutoffs
from optimiser.solving.dantzig_wolfe.pattern_master import PatternMaster
from optimiser.solving.dantzig_wolfe.patterns import PatternBlock
from optimiser.solving.engine import Answer, EngineError, WholeEngine
from optimiser.solving.incumbent import Incumbent
from optimiser.solving.interruptible import Watch
from optimiser.solving.knapsack_separation import Knapsack
from optimiser.solving.linear_program import FloatArray, Program, Rows, column_costs, plan_columns
from optimiser.solving.problem import BoolArray, IntArray, Problem
from optimiser.solving.relaxation import Relaxation

NEARLY_TIGHT = 0.98
SMALL = 500
"""So few choices that may still be taken are searched as quickly as a few neighbourhoods are."""


class LevelState:
    """One level at work."""

    def __init__(
        self,
        incumbent: Incumbent,
        index: int,
        rows: Rows,
        upper: FloatArray,
        pool: CutPool,
        knapsacks: list[Knapsack],
        pattern_blocks: list[PatternBlock],
    ) -> None:
        """``rows``: what plans obey at this level. ``upper``: of the columns; 0 for choices that earlier levels ruled out."""
        self.incumbent = incumbent
        self.problem: Problem = incumbent.problem
        self.index = index
        self.measured = incumbent.measures[index]
        self.goal = Cutoffs(incumbent, index)
        self._pool = pool
        whole = np.arange(len(upper)) < self.problem.choice_count
        self.program = Program(np.zeros(len(upper)), upper, whole, column_costs(self.measured), rows)
        self.relaxation = Relaxation(self.problem, self.program, pool, knapsacks, self.plan_columns())
        self.pattern_master = PatternMaster(self.program, pattern_blocks, self._part_rows()) if pattern_blocks else None
        self.pattern_floors: list[FloatArray] = []
        """Per block and pattern, once patterns were mixed: no plan with it is below this."""

    def _part_rows(self) -> IntArray:
        """Per row of the program: the column of the part that it measures, or -1."""
        column = np.full(len(self.program.rows), -1, dtype=np.int64)
        parts = np.flatnonzero(self.incumbent.wanted_parts(self.index))
        first = self.problem.item_count + len(self.problem.limits)
        column[first : first + len(parts)] = self.problem.choice_count + parts
        return column

    def plan_columns(self) -> FloatArray:
        """The columns of the plan in hand."""
        return plan_columns(self.problem, self.incumbent.held.plan)

    def usable(self) -> BoolArray:
        """The choices that earlier levels left."""
        return np.asarray(self.program.upper[: self.problem.choice_count] > 0)

    def is_small(self) -> bool:
        """Whether so few choices are left that searching all of them costs no more than a few neighbourhoods."""
        return self.choices_left() <= SMALL

    def choices_left(self) -> int:
        """How many choices a better plan could take."""
        return int((self.usable() & (self.relaxation.floors <= self.goal.top())).sum())

    def rise(self) -> float:
        """What the cuts won: the truth is about as far again."""
        return max(self.relaxation.bound - self.relaxation.plain_bound, 2.0 * self.measured.step)

    def tight_cuts(self) -> Rows:
        """The cuts that the relaxation's point fills, or nearly."""
        return self._pool.rows(np.flatnonzero(self._pool.fill(self.relaxation.point) > NEARLY_TIGHT))

    def ask(self, watch: Watch, program: Program, hint: FloatArray | None, gap: float, nodes: int, paid: float = 0.0) -> Answer:
        """Branch and bound; ``paid`` is what is not in the program's costs."""
        enough = self.goal.enough() - paid
        try:
            return watch.run(WholeEngine(program, hint=hint, gap=gap, nodes=nodes, enough=enough))
        except EngineError:
            return Answer(None, -np.inf)

    def offer(self, columns: FloatArray) -> bool:
        """Offer the plan that these columns stand for."""
        return self.incumbent.offer(self.incumbent.plan_from(columns))
