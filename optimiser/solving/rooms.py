"""Rooms as small as whole items can fill them: the part of a limit that no set of choices can use is taken away.

No plan is lost by it, but relaxations can no longer sell the unusable rest by fractions.
"""

from __future__ import annotations

import math
from dataclasses import replace

from optimiser.solving.problem import BoolArray, Problem

MOST_UNITS = 200_000
"""A room of more units than this is left as it is: nearly everything can be reached in it."""


def with_reachable_rooms(problem: Problem, alive: BoolArray) -> Problem:
    """The same problem, each limit's room lowered to the largest sum that choices alive can reach."""
    room = problem.limit_room.copy()
    for row in range(len(problem.limits)):
        span = slice(problem.limits.start[row], problem.limits.start[row + 1])
        sizes = problem.limits.coefficient[span]
        usable = (sizes > 0) & (sizes <= room[row]) & alive[problem.limits.choice[span]]
        by_item: dict[int, set[int]] = {}
        for choice, size in zip(problem.limits.choice[span][usable].tolist(), sizes[usable].tolist(), strict=True):
            by_item.setdefault(int(problem.choice_item[choice]), set()).add(size)
        room[row] = _largest_sum(list(by_item.values()), int(room[row]))
    return replace(problem, limit_room=room)


def _largest_sum(items: list[set[int]], room: int) -> int:
    """The largest sum of at most one size per item that is no more than the room."""
    if sum(max(sizes) for sizes in items) <= room:
        return room  # it never binds; nothing to gain
    unit = math.gcd(*(size for sizes in items for size in sizes))
    units = room // unit
    if units > MOST_UNITS:
        return room
    # Bit s of the number stands for: the sum s can be reached.
    reached, within = 1, (1 << (units + 1)) - 1
    for sizes in items:
        before = reached
        for size in sorted(sizes):
            reached |= before << (size // unit)
        reached &= within
    return (reached.bit_length() - 1) * unit
