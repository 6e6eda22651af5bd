"""What is known so far: the best plan, each level's best and bound, and how a new plan changes them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from optimiser.solving.linear import FloatArray, Rows, base_rows, level_row
from optimiser.solving.measure import Measure, measure
from optimiser.solving.outcome import LevelOutcome
from optimiser.solving.problem import UNPLACED, IntArray, Problem


@dataclass
class Standing:
    """The plan in hand is legal and within best + tolerance of every level dealt with, at any moment."""

    problem: Problem
    plan: IntArray
    values: tuple[int, ...]
    measures: tuple[Measure, ...]
    bounds: list[int]
    bests: list[int] = field(default_factory=list)
    """Of the levels dealt with and, last, of the one at work."""

    @classmethod
    def of(cls, problem: Problem) -> Standing:
        """Before the first level: the start plan, and no bound but zero."""
        measures = tuple(measure(problem, level) for level in problem.levels)
        return cls(problem, problem.start.copy(), problem.values(problem.start), measures, [0] * len(measures))

    def open_level(self, index: int) -> None:
        """Begin with a level: its best is, for now, the value of the plan in hand."""
        assert index == len(self.bests)
        self.bests.append(self.values[index])
        if self.measures[index].step == 0:
            self.raise_bound(index, self.bests[index])

    def raise_bound(self, index: int, bound: int) -> None:
        """A bound that was found for a level; the best one counts, and never above the level's best."""
        self.bounds[index] = min(max(self.bounds[index], bound), self.bests[index])

    def proven(self, index: int) -> bool:
        return self.problem.levels[index].is_proven(self.bests[index], self.bounds[index])

    def plan_from(self, columns: FloatArray) -> IntArray:
        """The plan that a solver's columns stand for."""
        plan = np.full(self.problem.item_count, UNPLACED, dtype=np.int64)
        taken = np.flatnonzero(columns[: self.problem.choice_count] > 0.5)
        plan[self.problem.choice_item[taken]] = taken
        return plan

    def offer(self, plan: IntArray) -> bool:
        """Take a plan over if it is strictly better on a level opened so far, and spoils none before.

        Better on an earlier level lowers that level's best, and with it what later levels may give away: their bests
        are then those of the new plan, as no other plan is known to keep within the tighter limits.
        """
        if not self.problem.is_legal(plan):
            return False
        values = self.problem.values(plan)
        for index, best in enumerate(self.bests):
            if values[index] < best:
                self._adopt(plan, values, index)
                return True
            if values[index] > best + self.problem.levels[index].tolerance:
                return False
        return False

    def _adopt(self, plan: IntArray, values: tuple[int, ...], improved: int) -> None:
        self.plan, self.values = plan, values
        self.bests[improved] = values[improved]
        for later in range(improved + 1, len(self.bests)):
            self.bests[later] = values[later]

    def rows_for(self, index: int) -> Rows:
        """What plans obey at a level: the base rows, and every earlier level within its tolerance."""
        kept = [
            level_row(measured, measured.largest(best))
            for measured, best in zip(self.measures[:index], self.bests[:index], strict=True)
            if measured.step
        ]
        return base_rows(self.problem).and_then(*kept)

    def outcomes(self) -> tuple[LevelOutcome, ...]:
        """The result of every level; one never opened has the value of the plan in hand, and the bound it came with."""
        for index in range(len(self.bests), len(self.measures)):
            self.open_level(index)
        return tuple(
            LevelOutcome(level.name, best, min(bound, best), level.is_proven(best, min(bound, best)))
            for level, best, bound in zip(self.problem.levels, self.bests, self.bounds, strict=True)
        )
