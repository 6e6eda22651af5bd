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
    return (_reached(items, unit, units).bit_length() - 1) * unit


def sums_between(items: list[set[int]], least: int, most: int) -> list[int]:
    """The sums of at most one size per item that are more than ``least`` and no more than ``most``; of very many, also others."""
    if most <= least:
        return []
    unit = math.gcd(*(size for sizes in items for size in sizes))
    units = range(least // unit + 1, most // unit + 1)
    if most // unit > MOST_UNITS:
        return [each * unit for each in units]
    reached = _reached(items, unit, most // unit)
    return [each * unit for each in units if reached >> each & 1]


def _reached(items: list[set[int]], unit: int, units: int) -> int:
    """A number whose bit s stands for: the sum of s units can be reached."""
    reached, within = 1, (1 << (units + 1)) - 1
    for sizes in items:
        before = reached
        for size in sorted(sizes):
            reached |= before << (size // unit)
        reached &= within
    return reached
