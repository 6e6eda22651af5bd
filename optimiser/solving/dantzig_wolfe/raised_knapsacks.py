"""The reformulation by provider where one limit may be raised: a block has packings for each capacity that it could have.

A raise is a column: taken with a packing of a block whose limit it raises, or on its own where the limit is left a row of the
master program, as those are whose block would have too many states.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.solving.dantzig_wolfe.knapsacks import KnapsackBlock, Sizes, in_groups, overfillable, sizes_of
from optimiser.solving.linear_program import Program, Rows, row_of_each, single_row
from optimiser.solving.problem import BoolArray, IntArray, Problem

MOST_STATES = 8_000
"""A block has as many of its limits as leave it so few ways to be partly full; the others are rows of the master program."""


@dataclass(frozen=True, slots=True)
class Raise:
    """A limit with so much more capacity, and what that costs."""

    limit: int
    more: int
    cost: int


@dataclass(frozen=True, slots=True)
class Raised:
    """A program over the choices and then the raises, one of which a plan may take, with its blocks."""

    program: Program
    """Its rows: one choice per item, one raise at most, and the limits that are in no block."""
    blocks: list[KnapsackBlock]


def raised_knapsacks(problem: Problem, placed: BoolArray, choice_cost: IntArray, raises: Sequence[Raise]) -> Raised:
    """The plans that give every item ``placed`` a choice, at the lowest cost of the choices and the raise that they take."""
    capacity = problem.limit_capacity
    most = capacity.copy()
    for each in raises:
        most[each.limit] = max(most[each.limit], capacity[each.limit] + each.more)
    alive = _alive(problem, capacity, most)
    sizes = sizes_of(problem, alive)
    raisable = {each.limit for each in raises}
    kept = overfillable(problem, capacity, sizes, raisable)
    blocks, linking = [], list(kept)
    for rows in _in_blocks({row: sizes[row] for row in kept}, most, raisable):
        blocks.append(_block(problem, rows, sizes, raises))
        linking = [row for row in linking if row not in rows]
    return Raised(_program(problem, placed, choice_cost, raises, alive, {row: sizes[row] for row in linking}), blocks)


def _alive(problem: Problem, capacity: IntArray, most: IntArray) -> BoolArray:
    """The choices that fit by themselves, with one limit raised at most."""
    row, size = row_of_each(problem.limits), problem.limits.coefficient
    never = np.bincount(problem.limits.choice[size > most[row]], minlength=problem.choice_count)
    raised = np.bincount(problem.limits.choice[size > capacity[row]], minlength=problem.choice_count)
    return np.asarray((never == 0) & (raised <= 1))


def _in_blocks(sizes: Sizes, most: IntArray, raisable: set[int]) -> list[list[int]]:
    """The limits of every block: of those that share choices as many as leave it few enough states, the raisable ones first."""
    found = []
    for rows in in_groups(sizes):
        chosen: list[int] = []
        states = 1
        for row in sorted(rows, key=lambda row: (row not in raisable, int(most[row]), row)):
            more = int(most[row]) // math.gcd(*sizes[row].values()) + 1
            if states * more <= MOST_STATES:
                chosen.append(row)
                states *= more
        found += in_groups({row: sizes[row] for row in chosen})
    return found


def _block(problem: Problem, rows: list[int], sizes: Sizes, raises: Sequence[Raise]) -> KnapsackBlock:
    choice = np.array(sorted({each for row in rows for each in sizes[row]}), dtype=np.int64)
    table = np.array([[sizes[row].get(each, 0) for row in rows] for each in choice.tolist()], dtype=np.int64)
    units = np.array([math.gcd(*column) for column in table.T.tolist()], dtype=np.int64)
    usual = problem.limit_capacity[rows]
    raised = []
    for number, each in enumerate(raises):
        if each.limit in rows:
            more = np.where(np.array(rows) == each.limit, each.more, 0)
            raised.append((problem.choice_count + number, tuple(((usual + more) // units).tolist())))
    return KnapsackBlock(choice, problem.choice_item[choice], table // units, tuple((usual // units).tolist()), tuple(raised))


def _program(
    problem: Problem, placed: BoolArray, choice_cost: IntArray, raises: Sequence[Raise], alive: BoolArray, linking: Sizes
) -> Program:
    choices = problem.choice_count
    size = choices + len(raises)
    taken = np.flatnonzero(alive)
    rows = Rows(
        np.where(placed, 1.0, -np.inf), np.ones(problem.item_count), problem.choice_item[taken], taken, np.ones(len(taken))
    )
    if raises:
        rows = rows.and_then(single_row(choices + np.arange(len(raises)), np.ones(len(raises)), 1.0))
    for row, of_choice in sorted(linking.items()):
        own = [(choices + number, -each.more) for number, each in enumerate(raises) if each.limit == row]
        columns, values = zip(*of_choice.items(), *own, strict=True)
        limit = single_row(np.array(columns), np.array(values, dtype=np.float64), float(problem.limit_capacity[row]))
        rows = rows.and_then(limit)
    return Program(
        np.zeros(size),
        np.concatenate((alive, np.ones(len(raises)))).astype(np.float64),
        np.ones(size, dtype=np.bool_),
        np.concatenate((choice_cost, [each.cost for each in raises])).astype(np.float64),
        rows,
    )
