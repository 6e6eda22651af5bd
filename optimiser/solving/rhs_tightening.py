"""Right-hand-side tightening: the part of a limit's capacity that no set of whole items can use is taken away.

No plan is lost by it, but relaxations can no longer sell the unusable rest by fractions (Savelsbergh 1994, *Preprocessing and
probing techniques for mixed integer programming problems*). The largest reachable sum is a subset sum, found by bit sets.
"""

from __future__ import annotations

import math
from dataclasses import replace

from optimiser.solving.problem import BoolArray, Problem

MOST_UNITS = 200_000
"""A capacity of more units than this is left as it is: nearly everything can be reached in it."""


def with_tightened_capacities(problem: Problem, alive: BoolArray) -> Problem:
    """The same problem, each limit's capacity lowered to the largest sum that choices alive can reach."""
    capacity = problem.limit_capacity.copy()
    for row in range(len(problem.limits)):
        span = slice(problem.limits.start[row], problem.limits.start[row + 1])
        sizes = problem.limits.coefficient[span]
        usable = (sizes > 0) & (sizes <= capacity[row]) & alive[problem.limits.choice[span]]
        by_item: dict[int, set[int]] = {}
        for choice, size in zip(problem.limits.choice[span][usable].tolist(), sizes[usable].tolist(), strict=True):
            by_item.setdefault(int(problem.choice_item[choice]), set()).add(size)
        capacity[row] = _largest_sum(list(by_item.values()), int(capacity[row]))
    return replace(problem, limit_capacity=capacity)


def _largest_sum(items: list[set[int]], capacity: int) -> int:
    """The largest sum of at most one size per item that is no more than the capacity."""
    if sum(max(sizes) for sizes in items) <= capacity:
        return capacity  # it never binds; nothing to gain
    unit = math.gcd(*(size for sizes in items for size in sizes))
    units = capacity // unit
    if units > MOST_UNITS:
        return capacity
    # Bit s of the number stands for: the sum s can be reached.
    reached, within = 1, (1 << (units + 1)) - 1
    for sizes in items:
        before = reached
        for size in sorted(sizes):
            reached |= before << (size // unit)
        reached &= within
    return (reached.bit_length() - 1) * unit
