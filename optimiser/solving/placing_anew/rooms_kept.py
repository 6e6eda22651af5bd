"""A plan that passes some limits made one that passes none: from each that is passed somebody goes where least is lost."""

from __future__ import annotations

import numpy as np

from optimiser.solving.linear_program import FloatArray, row_of_each
from optimiser.solving.problem import UNPLACED, IntArray, Problem


def within_rooms(problem: Problem, plan: IntArray, floors: FloatArray, left_out: FloatArray) -> IntArray:
    """``floors`` and ``left_out``: what each choice, and leaving an item out, costs over the item's cheapest choice.

    Whoever finds no room elsewhere is left out; nobody here has to be placed.
    """
    plan = plan.copy()
    rows = _Rows(problem)
    used = problem.limits.totals(problem.chosen(plan))
    for limit in range(len(problem.limits)):
        while used[limit] > problem.limit_capacity[limit]:
            item, choice = _least_lost(problem, rows, plan, used, limit, floors, left_out)
            used -= rows.taken(int(plan[item]), len(used))
            if choice != UNPLACED:
                used += rows.taken(choice, len(used))
            plan[item] = choice
    return plan


class _Rows:
    """What each choice takes of each limit."""

    def __init__(self, problem: Problem) -> None:
        self._row = row_of_each(problem.limits)
        self._order = np.argsort(problem.limits.choice, kind="stable")
        self._first = np.searchsorted(problem.limits.choice[self._order], np.arange(problem.choice_count + 1))
        self._amount = problem.limits.coefficient

    def taken(self, choice: int, limits: int) -> IntArray:
        entries = self._order[self._first[choice] : self._first[choice + 1]]
        taken = np.zeros(limits, dtype=np.int64)
        taken[self._row[entries]] = self._amount[entries]
        return taken


def _least_lost(
    problem: Problem, rows: _Rows, plan: IntArray, used: IntArray, limit: int, floors: FloatArray, left_out: FloatArray
) -> tuple[int, int]:
    """Who leaves a limit for which choice (or none): the least loss for each minute of what is too much there."""
    too_much = int(used[limit] - problem.limit_capacity[limit])
    there = problem.limits.choice[problem.limits.start[limit] : problem.limits.start[limit + 1]]
    best = (np.inf, -1, UNPLACED)
    for choice in there[problem.chosen(plan)[there]].tolist():
        item = int(problem.choice_item[choice])
        mine = rows.taken(choice, len(used))
        without = used - mine
        relief = min(int(mine[limit]), too_much)
        begin, end = np.searchsorted(problem.choice_item, [item, item + 1]).tolist()
        offers = [(float(floors[other]), other) for other in range(begin, end) if np.isfinite(floors[other])]
        offers.append((float(left_out[item]), UNPLACED))
        for floor, other in sorted(offers):
            if (floor - float(floors[choice])) / relief >= best[0]:
                break
            takes = rows.taken(other, len(used)) if other != UNPLACED else np.zeros_like(used)
            if takes[limit] == 0 and (without + takes <= np.maximum(problem.limit_capacity, without)).all():
                best = ((floor - float(floors[choice])) / relief, item, other)
                break
    return best[1], best[2]
