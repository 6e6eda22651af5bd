"""Parts that are never cut off at zero: whatever is chosen, their row is positive, so the part equals it.

Elsewhere a relaxation may let a part be larger than its row asks. Where it cannot, what is proven of a level from below
binds the choices themselves, and later levels are proven sooner.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from optimiser.solving.linear_program import row_of_each
from optimiser.solving.problem import BoolArray, IntArray, Problem


def exact_parts(problem: Problem, capacity: IntArray, alive: BoolArray) -> BoolArray:
    """Per part: whether its row stays at or above zero for every plan of the choices alive."""
    limit_of: dict[int, dict[int, int]] = {}
    rows = row_of_each(problem.limits).tolist()
    for row, choice, size in zip(rows, problem.limits.choice.tolist(), problem.limits.coefficient.tolist(), strict=True):
        limit_of.setdefault(choice, {})[row] = size
    exact = np.zeros(len(problem.parts), dtype=np.bool_)
    for part in range(len(problem.parts)):
        span = slice(problem.parts.start[part], problem.parts.start[part + 1])
        falling = [
            (choice, -coefficient)
            for choice, coefficient in zip(
                problem.parts.choice[span].tolist(), problem.parts.coefficient[span].tolist(), strict=True
            )
            if coefficient < 0 and alive[choice]
        ]
        exact[part] = int(problem.part_constant[part]) >= _most(problem, capacity, limit_of, falling)
    return exact


def _most(problem: Problem, capacity: IntArray, limit_of: dict[int, dict[int, int]], falling: list[tuple[int, int]]) -> Fraction:
    """The most that the choices can take off a row: each item's largest, or what a limit on all of them allows."""
    if not falling:
        return Fraction(0)
    largest: dict[int, int] = {}
    for choice, size in falling:
        item = int(problem.choice_item[choice])
        largest[item] = max(largest.get(item, 0), size)
    most = Fraction(sum(largest.values()))
    shared = set.intersection(*(set(limit_of.get(choice, {})) for choice, _ in falling))
    for row in sorted(shared):
        if all(limit_of[choice][row] > 0 for choice, _ in falling):
            each = max(Fraction(size, limit_of[choice][row]) for choice, size in falling)
            most = min(most, each * int(capacity[row]))
    return most
