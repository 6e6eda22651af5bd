"""Knapsack blocks: choices that share limits, and the most profitable packing of one at given prices.

Choices that share a limit, directly or through others, make a block: in the county, a provider with its contracts' capacities
inside its own. A plan takes a packing of every block: choices that fit, each item at most once. Where capacities are small there
are too many packings to list but few sums that they can reach, so the best one is found by dynamic programming: a multiple-choice
knapsack with a few dimensions (Kellerer, Pferschy and Pisinger 2004, *Knapsack Problems*).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from optimiser.solving.linear_program import FloatArray, row_of_each
from optimiser.solving.problem import BoolArray, IntArray, Problem

MOST_STATES = 5_000
"""A block with more ways to be partly full than this is not worked with."""
Sizes = Mapping[int, Mapping[int, int]]
"""Per limit: the choices that count under it, with what they take up."""


@dataclass(frozen=True, slots=True)
class KnapsackBlock:
    """Some choices, and the limits that they can overfill."""

    choice: IntArray
    item: IntArray
    size: IntArray
    """Per choice and limit, in the limit's unit."""
    capacity: tuple[int, ...]
    """Per limit, in the limit's unit."""
    raised: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """Other capacities that it may be had with, each with the column that is then taken as well; none as a rule."""

    def having(self, profit: FloatArray) -> FloatArray:
        """Per position: a number that no packing with this choice is more profitable than."""
        capacity = np.array(self.capacity, dtype=np.int64)
        offers = self._offers(profit)
        before = self._tables(profit, offers, capacity)
        after = self._tables(profit, offers[::-1], capacity)
        # Without an offer of its own, an item joins the best packing of what it leaves; with one, that without itself.
        best = np.array([before[-1][tuple(capacity - size)] if (size <= capacity).all() else -np.inf for size in self.size])
        for place, positions in enumerate(offers):
            for position in positions:
                rest = capacity - self.size[position]
                if (rest >= 0).all():
                    some = before[place][tuple(slice(0, left + 1) for left in rest)]
                    others = after[len(offers) - 1 - place][tuple(slice(0, left + 1) for left in rest)]
                    best[position] = (some + np.flip(others)).max()
        return best + profit

    def _offers(self, profit: FloatArray) -> list[list[int]]:
        """The items worth looking at, by the positions of their choices."""
        by_item: dict[int, list[int]] = {}
        for position in np.flatnonzero((profit > 0) & (self.size <= self.capacity).all(axis=1)).tolist():
            by_item.setdefault(int(self.item[position]), []).append(position)
        return list(by_item.values())

    def _tables(self, profit: FloatArray, offers: list[list[int]], capacity: IntArray) -> list[FloatArray]:
        """After no offer, after the first, ...: the largest profit within each capacity up to the whole one."""
        sides, needs = [int(left) + 1 for left in capacity], self.size.tolist()
        table = np.zeros(sides)
        tables = [table]
        for positions in offers:
            before, table = table, table.copy()
            for position in positions:
                there = tuple([slice(need, None) for need in needs[position]])
                here = tuple([slice(0, side - need) for side, need in zip(sides, needs[position], strict=True)])
                np.maximum(table[there], before[here] + profit[position], out=table[there])
            tables.append(table)
        return tables


def knapsack_blocks(problem: Problem, capacity: IntArray, alive: BoolArray) -> list[KnapsackBlock]:
    """All blocks of the choices alive; none at all if one of them has too many states."""
    blocks, large = small_blocks(problem, capacity, alive, MOST_STATES)
    return [] if large else blocks


def small_blocks(
    problem: Problem, capacity: IntArray, alive: BoolArray, most_states: int
) -> tuple[list[KnapsackBlock], list[int]]:
    """The blocks with no more states than this, and the limits of all others."""
    sizes = sizes_of(problem, alive)
    binding = overfillable(problem, capacity, sizes)
    found, large = [], []
    for rows in in_groups({row: sizes[row] for row in binding}):
        choice = np.array(sorted({each for row in rows for each in sizes[row]}), dtype=np.int64)
        table = np.array([[sizes[row].get(each, 0) for row in rows] for each in choice.tolist()], dtype=np.int64)
        units = [math.gcd(*column) for column in table.T.tolist()]
        capacities = tuple(int(capacity[row]) // unit for row, unit in zip(rows, units, strict=True))
        if math.prod(size + 1 for size in capacities) > most_states:
            large += rows
        else:
            found.append(KnapsackBlock(choice, problem.choice_item[choice], table // units, capacities))
    return found, large


def sizes_of(problem: Problem, alive: BoolArray) -> Sizes:
    """What the choices alive take up of each limit under which they count."""
    counts = alive[problem.limits.choice] & (problem.limits.coefficient > 0)
    sizes: dict[int, dict[int, int]] = {}
    entries = (row_of_each(problem.limits)[counts], problem.limits.choice[counts], problem.limits.coefficient[counts])
    for row, choice, size in zip(*(each.tolist() for each in entries), strict=True):
        sizes.setdefault(row, {})[choice] = size
    return sizes


def overfillable(problem: Problem, capacity: IntArray, sizes: Sizes, raisable: Collection[int] = ()) -> list[int]:
    """The limits that can be overfilled, without those that another one, which is not ``raisable``, always keeps."""
    tight = []
    for row, of_choice in sizes.items():
        largest: dict[int, int] = {}
        for choice, size in of_choice.items():
            item = int(problem.choice_item[choice])
            largest[item] = max(largest.get(item, 0), size)
        if sum(largest.values()) > capacity[row]:
            tight.append(row)
    kept: list[int] = []
    for row in sorted(tight, key=lambda row: (int(capacity[row]), -len(sizes[row]), row)):
        firm = (other for other in kept if other not in raisable)
        if not any(all(sizes[other].get(choice, 0) >= size for choice, size in sizes[row].items()) for other in firm):
            kept.append(row)
    return kept


def in_groups(sizes: Sizes) -> list[list[int]]:
    """The limits in groups that have no choice in common."""
    group = {row: row for row in sizes}
    first: dict[int, int] = {}
    for row, of_choice in sizes.items():
        for choice in of_choice:
            here, there = group[row], group[first.setdefault(choice, row)]
            if here != there:
                group = {each: there if root == here else root for each, root in group.items()}
    roots = sorted(set(group.values()))
    return [sorted(row for row in group if group[row] == root) for root in roots]
