"""Which items to set free together, when everything at once is too much: those that stand in each other's way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimiser.solving.linear_program import FloatArray, row_of_each
from optimiser.solving.problem import UNPLACED, BoolArray, IntArray, Problem


class Neighbourhoods:
    """Draws sets of items, always the same ones in the same order: the generator starts from a fixed number."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._row = row_of_each(problem.limits)
        self._random = np.random.default_rng(problem.item_count)

    def draw(self, plan: IntArray, losses: FloatArray, point: FloatArray, size: int) -> BoolArray:
        """Around items that lose much by their present choice: whoever uses the rooms that they could go to.

        ``losses``: per choice, how much its prices say it costs over the cheapest plan. ``point``: how much of it the
        relaxation takes; that is where an item could go first.
        """
        problem = self._problem
        free = np.zeros(problem.item_count, dtype=np.bool_)
        placed = plan != UNPLACED
        taken = problem.chosen(plan)
        loss = np.ones(problem.item_count)
        loss[placed] += np.maximum(0, losses[plan[placed]])
        loss[~placed] += loss.max()
        order = np.argsort(-np.log1p(loss) * self._random.random(problem.item_count), kind="stable")
        for seed in order.tolist():
            if free.sum() >= size:
                break
            free[seed] = True
            mine = np.flatnonzero((problem.choice_item == seed) & np.isfinite(losses))
            near = mine[np.lexsort((losses[mine], -point[mine]))[:3]]
            rows = np.unique(self._row[np.isin(problem.limits.choice, near)])
            there = problem.limits.choice[np.isin(self._row, rows)]
            others = np.unique(problem.choice_item[there[taken[there]]])
            free[others[: max(0, size - int(free.sum()))]] = True
        return free


def one_room_at_a_time(problem: Problem, plan: IntArray) -> Iterator[BoolArray]:
    """Per limit that somebody is under who has to be somewhere: the items free are those, and all who may stay out.

    Whoever waits needs room with somebody, and it is those there who can make it; the others stay.
    """
    row = row_of_each(problem.limits)
    for limit in range(len(problem.limits)):
        taken = problem.chosen(plan)[problem.limits.choice] & (row == limit)
        there = np.zeros(problem.item_count, dtype=np.bool_)
        there[problem.choice_item[problem.limits.choice[taken]]] = True
        if (there & problem.must_place).any():
            yield there | ~problem.must_place
