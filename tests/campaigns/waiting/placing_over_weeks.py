"""Who could have had care when, over some weeks, as a linear program: as few minutes that wait as the hours of contracts allow.

People may be divided in it, so its best is a bound below what whole people come to. Each person who needs a place stands in the
weeks of waiting until a placing takes them out of them; after a placing they may wait again (their provider fails, a place is
kept no longer). Hours in use go from week to week: what begins is added, what ends is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.solving.engine import LinearEngine
from optimiser.solving.linear_program import FloatArray, Program, Rows


@dataclass(frozen=True, slots=True)
class Placing:
    """Care that could begin in a week under a contract."""

    week: int
    contract: int
    left: int
    """The first week in which it takes no hours any more."""
    again: int | None
    """The week from which the person waits again; None: not within these weeks."""


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody for whom a place is needed. ``until``: the first week in which, still waiting, they need none any more."""

    minutes: int
    first: int
    until: int
    placings: tuple[Placing, ...]


@dataclass(frozen=True)
class Bound:
    """The program's answer. ``minutes``: a sum over weeks that no way to place people comes below.

    ``prices[limit, week]``: how many minutes less would wait, had the limit a minute more in that week.
    """

    minutes: float
    prices: FloatArray


class _Cells:
    """Coefficients as they are found, and a cost and an upper bound for each column."""

    def __init__(self) -> None:
        self.row: list[int] = []
        self.column: list[int] = []
        self.value: list[float] = []
        self.cost: list[float] = []
        self.upper: list[float] = []

    def new_column(self, cost: float, upper: float) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        return len(self.cost) - 1

    def put(self, row: int, column: int, value: float) -> None:
        self.row.append(row)
        self.column.append(column)
        self.value.append(value)


def least_waiting(needs: Sequence[Need], room: FloatArray, limits_of: Sequence[Sequence[int]], counted: FloatArray) -> Bound:
    """The bound and its prices. ``room[limit, week]``: the minutes a week that are free for these people; ``limits_of``: per
    contract its limits; ``counted[week]``: how often a week of waiting counts.
    """
    limits, weeks = room.shape
    cells, sides = _Cells(), [0.0] * (limits * weeks)
    for limit in range(limits):
        for week in range(weeks):
            used = cells.new_column(0.0, max(0.0, float(room[limit, week])))
            cells.put(limit * weeks + week, used, 1.0)
            if week + 1 < weeks:
                cells.put(limit * weeks + week + 1, used, -1.0)
    for need in needs:
        _of_one(need, cells, sides, limits_of, counted)
    size, side = len(cells.cost), np.array(sides)
    lower, upper, cost = np.zeros(size), np.array(cells.upper), np.array(cells.cost)
    row, column = np.array(cells.row, dtype=np.int64), np.array(cells.column, dtype=np.int64)
    rows = Rows(side, side, row, column, np.array(cells.value))
    prices = LinearEngine(Program(lower, upper, np.zeros(size, dtype=np.bool_), cost, rows), careful=True).solve().prices
    # Whatever the prices are, this holds (Neumaier and Shcherbina 2004): no tolerance of a solver makes the bound wrong.
    reduced = cost - np.bincount(column, rows.value * prices[row], size)
    safe = float(prices @ side + np.minimum(0.0, reduced) @ upper)
    begun = prices[: limits * weeks].reshape(limits, weeks)
    later = np.hstack((begun[:, 1:], np.zeros((limits, 1))))
    return Bound(safe, np.maximum(0.0, begun - later))


def _of_one(need: Need, cells: _Cells, sides: list[float], limits_of: Sequence[Sequence[int]], counted: FloatArray) -> None:
    """One person's weeks of waiting and placings: whoever comes into a week of waiting waits on or is placed."""
    weeks = len(counted)
    until = min(need.until, weeks)
    if need.first >= until:
        return
    at = len(sides) - need.first
    sides.extend([1.0] + [0.0] * (until - need.first - 1))
    for week in range(need.first, until):
        waits = cells.new_column(need.minutes * float(counted[week]), 1.0)
        cells.put(at + week, waits, 1.0)
        if week + 1 < until:
            cells.put(at + week + 1, waits, -1.0)
    for placing in need.placings:
        if not need.first <= placing.week < until:
            continue
        chosen = cells.new_column(0.0, 1.0)
        cells.put(at + placing.week, chosen, 1.0)
        if placing.again is not None and placing.again < until:
            cells.put(at + placing.again, chosen, -1.0)
        for limit in limits_of[placing.contract]:
            cells.put(limit * weeks + placing.week, chosen, -float(need.minutes))
            if placing.left < weeks:
                cells.put(limit * weeks + placing.left, chosen, float(need.minutes))
