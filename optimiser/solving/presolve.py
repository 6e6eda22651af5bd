"""Presolve by reduced costs: choices that no plan worth having takes are left out, and items left with one choice are settled.

Reduced-cost fixing (Dantzig, Fulkerson and Johnson 1954; Crowder, Johnson and Padberg 1983).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimiser.solving.linear_program import row_of_each
from optimiser.solving.problem import UNPLACED, BoolArray, IntArray, Level, Problem, Terms


@dataclass(frozen=True)
class Presolved:
    """A smaller problem with the way back."""

    problem: Problem
    whole: Problem
    choice: IntArray
    """Per choice of the smaller problem: which one it is."""
    item: IntArray
    """Per item of the smaller problem: which one it is."""
    settled: IntArray
    """The whole problem's plan for the items that are settled, UNPLACED for the others."""

    def widened(self, plan: IntArray) -> IntArray:
        """The whole problem's plan for one of the smaller problem."""
        made = self.settled.copy()
        placed = plan != UNPLACED
        made[self.item[placed]] = self.choice[plan[placed]]
        return made


def presolved(problem: Problem, keep: BoolArray) -> Presolved:
    """The problem over the choices to keep and those of its start plan."""
    keep = keep | problem.chosen(problem.start)
    counts = np.bincount(problem.choice_item[keep], minlength=problem.item_count)
    single = problem.must_place & (counts == 1)
    fixed = keep & single[problem.choice_item]
    choice, item = np.flatnonzero(keep & ~fixed), np.flatnonzero(~single)
    settled = np.full(problem.item_count, UNPLACED, dtype=np.int64)
    settled[problem.choice_item[fixed]] = np.flatnonzero(fixed)
    number = np.cumsum(~single) - 1
    place = np.full(problem.choice_count + 1, UNPLACED, dtype=np.int64)
    place[choice] = np.arange(len(choice))
    made = Problem(
        item_count=len(item),
        must_place=problem.must_place[item],
        choice_item=number[problem.choice_item[choice]].astype(np.int64),
        limits=_on(problem.limits, place),
        limit_capacity=problem.limit_capacity - problem.limits.totals(fixed),
        parts=_on(problem.parts, place),
        part_constant=problem.part_constant + problem.parts.totals(fixed),
        levels=tuple(_level(level, choice, fixed) for level in problem.levels),
        start=place[problem.start[item]],  # UNPLACED is the last place
    )
    return Presolved(made, problem, choice, item, settled)


def _level(level: Level, choice: IntArray, fixed: BoolArray) -> Level:
    return replace(level, constant=level.constant + int(level.choice_cost[fixed].sum()), choice_cost=level.choice_cost[choice])


def _on(terms: Terms, place: IntArray) -> Terms:
    """The rows over the choices that have a place, renumbered."""
    kept = place[terms.choice] != UNPLACED
    sizes = np.bincount(row_of_each(terms)[kept], minlength=len(terms))
    return Terms(np.concatenate(([0], np.cumsum(sizes))).astype(np.int64), place[terms.choice[kept]], terms.coefficient[kept])
