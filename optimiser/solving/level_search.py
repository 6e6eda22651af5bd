"""One level: the relaxation says which choices can matter, branch and bound does the rest on those alone."""

from __future__ import annotations

import math

import numpy as np

from optimiser.solving.cut_pool import CutPool
from optimiser.solving.engine import WholeEngine
from optimiser.solving.knapsack import Knapsack
from optimiser.solving.linear import FloatArray, Program, column_costs, plan_columns, single_row
from optimiser.solving.measure import SLACK
from optimiser.solving.outcome import Effort
from optimiser.solving.problem import Problem
from optimiser.solving.relaxation import Relaxation, _on_columns
from optimiser.solving.standing import Standing
from optimiser.solving.watch import Watch

FIRST_REACH = 0.5
"""The first search goes as far above the bound as this share of what the cuts raised it by; each next one twice as far."""
LEAST_REACH = 1e-6
NEARLY_TIGHT = 0.98


class LevelSearch:
    """Lowers the best of one level and raises its bound until they meet or the effort is spent."""

    def __init__(
        self,
        standing: Standing,
        index: int,
        upper: FloatArray,
        pool: CutPool,
        knapsacks: list[Knapsack],
    ) -> None:
        self._standing = standing
        self._problem: Problem = standing.problem
        self._index = index
        self._measured = standing.measures[index]
        self._pool = pool
        costs = column_costs(self._measured)
        whole = np.arange(len(upper)) < self._problem.choice_count
        self.program = Program(np.zeros(len(upper)), upper, whole, costs, standing.rows_for(index))
        self.relaxation = Relaxation(
            self._problem, self.program, pool, knapsacks, plan_columns(self._problem, standing.plan)
        )

    def run(self, watch: Watch, effort: Effort) -> None:
        if effort.cut_rounds <= 0:
            return
        self.relaxation.tighten(watch, effort.cut_rounds, self._gap)
        self._note(self.relaxation.bound)
        reach = FIRST_REACH * (self.relaxation.bound - self.relaxation.plain_bound)
        reach = max(reach, 2.0 * self._measured.step, LEAST_REACH * abs(self.relaxation.bound))
        bottom = self.relaxation.bound
        while not self._standing.proven(self._index) and effort.nodes > 0:
            top = self._cap()
            ceiling = min(top, math.floor(bottom + reach))
            bottom = max(bottom, self._search(watch, ceiling, effort.nodes))
            if ceiling >= top:
                return
            reach *= 2

    def _note(self, scaled: float) -> None:
        self._standing.raise_bound(self._index, self._measured.whole_bound(scaled))

    def _slack(self) -> int:
        """How many whole units a proof may leave open."""
        level = self._measured.level
        return max(level.proof_gap, math.floor(level.proof_share * self._standing.bests[self._index]))

    def _gap(self, scaled: float) -> float:
        """How much a scaled bound is short of a proof."""
        self._note(scaled)
        if self._standing.proven(self._index):
            return 0.0
        needed = self._measured.below(self._standing.bests[self._index] - self._slack()) + 1
        return max(needed - scaled, 1e-9)

    def _cap(self) -> float:
        """The largest scaled value that would be better than the best."""
        return float(self._measured.below(self._standing.bests[self._index]))

    def _search(self, watch: Watch, ceiling: float, nodes: int) -> float:
        """Branch and bound among the plans of a scaled value up to ``ceiling``, over the choices that they can take.

        Returns what it proved: a bound for all plans.
        """
        measured = self._measured
        choices = self._problem.choice_count
        margin = SLACK * max(1.0, abs(ceiling))
        selected = np.ones(len(self.program.cost), dtype=np.bool_)
        selected[:choices] = (self.program.upper[:choices] > 0) & (self.relaxation.floors <= ceiling + margin)
        tight = np.flatnonzero(self._pool.fill(self.relaxation.point) > NEARLY_TIGHT)
        priced = np.flatnonzero(self.program.cost)
        rows = self.program.rows.and_then(
            self._pool.rows(tight), single_row(priced, self.program.cost[priced], ceiling + margin)
        )
        best, bound = self._standing.bests[self._index], self._standing.bounds[self._index]
        program = Program(
            self.program.lower[selected],
            self.program.upper[selected],
            self.program.whole[selected],
            self.program.cost[selected],
            _on_columns(rows, selected),
        )
        allowed = max(float(self._slack() * measured.scale), measured.step * 0.99)
        enough = float(measured.below(bound + self._slack() + 1))
        answer = watch.run(WholeEngine(program, hint=None, gap=allowed, nodes=nodes, enough=enough))
        if answer.columns is not None:
            columns = np.zeros(len(self.program.cost))
            columns[selected] = answer.columns
            self._standing.offer(self._standing.plan_from(columns))
        proved = min(answer.bound, ceiling + 1)
        self._note(proved)
        return proved
