"""A problem as a linear program: columns are the choices, then the parts; rows are kept as loose coefficients.

Only arrays here, no solver: see ``engine`` for who solves them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from optimiser.solving.integer_objective import Measure
from optimiser.solving.problem import BoolArray, IntArray, Problem, Terms

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Two-sided rows: coefficient ``value[e]`` stands in row ``row[e]`` on column ``column[e]``."""

    lower: FloatArray
    upper: FloatArray
    row: IntArray
    column: IntArray
    value: FloatArray

    def __len__(self) -> int:
        return len(self.lower)

    def and_then(self, *others: Rows) -> Rows:
        """These rows, followed by the others."""
        blocks = (self, *others)
        first = np.cumsum([0, *(len(block) for block in blocks)])
        return Rows(
            np.concatenate([block.lower for block in blocks]),
            np.concatenate([block.upper for block in blocks]),
            np.concatenate([block.row + start for block, start in zip(blocks, first[:-1], strict=True)]),
            np.concatenate([block.column for block in blocks]),
            np.concatenate([block.value for block in blocks]),
        )


@dataclass(frozen=True, slots=True)
class Program:
    """Minimise cost x columns within bounds and rows; some columns must be whole."""

    lower: FloatArray
    upper: FloatArray
    whole: BoolArray
    cost: FloatArray
    rows: Rows


def row_of_each(terms: Terms) -> IntArray:
    """For every coefficient: the row that it stands in."""
    return np.repeat(np.arange(len(terms), dtype=np.int64), np.diff(terms.start))


def single_row(columns: IntArray, values: FloatArray, upper: float) -> Rows:
    """One row: values x columns at most ``upper``."""
    return Rows(np.array([-np.inf]), np.array([upper]), np.zeros(len(columns), dtype=np.int64), columns, values)


def base_rows(problem: Problem, capacity: IntArray, wanted: BoolArray, exact: BoolArray, placed: BoolArray) -> Rows:
    """What every plan obeys: one choice per item, the limits, and each part that is wanted at least what its row asks.

    An exact part is just what its row asks; an item to be ``placed`` has just one choice.
    """
    items, limits, parts = problem.item_count, len(problem.limits), len(problem.parts)
    choices = np.arange(problem.choice_count, dtype=np.int64)
    part_columns = problem.choice_count + np.arange(parts, dtype=np.int64)
    placing = Rows(np.where(placed, 1.0, -np.inf), np.ones(items), problem.choice_item, choices, np.ones(len(choices)))
    limiting = Rows(
        np.full(limits, -np.inf),
        capacity.astype(np.float64),
        row_of_each(problem.limits),
        problem.limits.choice,
        problem.limits.coefficient.astype(np.float64),
    )
    measuring = Rows(
        problem.part_constant.astype(np.float64),
        np.where(exact, problem.part_constant, np.inf),
        np.concatenate((np.arange(parts, dtype=np.int64), row_of_each(problem.parts))),
        np.concatenate((part_columns, problem.parts.choice)),
        np.concatenate((np.ones(parts), -problem.parts.coefficient.astype(np.float64))),
    )
    return placing.and_then(limiting, only_rows(measuring, wanted))


def only_rows(rows: Rows, kept: BoolArray) -> Rows:
    """Some of the rows, renumbered."""
    number = np.cumsum(kept) - 1
    entries = kept[rows.row]
    return Rows(
        rows.lower[kept],
        rows.upper[kept],
        number[rows.row[entries]].astype(np.int64),
        rows.column[entries],
        rows.value[entries],
    )


def without_idle_rows(program: Program) -> Program:
    """The program without the rows that its columns cannot break, whatever they are within their bounds."""
    rows = program.rows
    most = np.maximum(rows.value * program.lower[rows.column], rows.value * program.upper[rows.column])
    least = np.minimum(rows.value * program.lower[rows.column], rows.value * program.upper[rows.column])
    idle = (np.bincount(rows.row, most, len(rows)) <= rows.upper) & (np.bincount(rows.row, least, len(rows)) >= rows.lower)
    return Program(program.lower, program.upper, program.whole, program.cost, only_rows(rows, ~idle))


def part_ceilings(problem: Problem) -> FloatArray:
    """The largest value that each part can take: a finite bound makes every dual bound a safe one."""
    positive = np.maximum(0, problem.parts.coefficient)
    running = np.concatenate(([0], np.cumsum(positive)))
    most = running[problem.parts.start[1:]] - running[problem.parts.start[:-1]] + problem.part_constant
    return np.maximum(0, most).astype(np.float64)


def hopeless_choices(problem: Problem) -> BoolArray:
    """Choices that no plan can take, being larger than the capacity of one of their limits."""
    hopeless = np.zeros(problem.choice_count, dtype=np.bool_)
    too_large = problem.limits.coefficient > problem.limit_capacity[row_of_each(problem.limits)]
    hopeless[problem.limits.choice[too_large]] = True
    return hopeless


def column_costs(measured: Measure) -> FloatArray:
    """A level's scaled costs, one per column."""
    return np.concatenate((measured.choice_cost, measured.part_cost)).astype(np.float64)


def level_row(measured: Measure, smallest: float, largest: int) -> Rows:
    """The row that keeps a level's scaled value, without its constant, within these."""
    costs = column_costs(measured)
    columns = np.flatnonzero(costs)
    row = single_row(columns, costs[columns], float(largest))
    return replace(row, lower=np.array([smallest]))


def plan_columns(problem: Problem, plan: IntArray) -> FloatArray:
    """The column values of a plan: what a solver is given to start from."""
    chosen = problem.chosen(plan)
    parts = np.maximum(0, problem.parts.totals(chosen) + problem.part_constant)
    return np.concatenate((chosen, parts)).astype(np.float64)


def on_columns(rows: Rows, selected: BoolArray) -> Rows:
    """The rows over the selected columns alone, renumbered."""
    number = np.cumsum(selected) - 1
    kept = selected[rows.column]
    return Rows(rows.lower, rows.upper, rows.row[kept], number[rows.column[kept]], rows.value[kept])


def counting(program: Program, amounts: IntArray) -> Program:
    """The program with one more column at the end: the sum of amounts on the choices, a whole number to branch on.

    Whether three people move or four says more than whether this one does: a proof is sooner done.
    """
    counted, last = np.flatnonzero(amounts), len(program.cost)
    row = Rows(
        np.zeros(1),
        np.zeros(1),
        np.zeros(len(counted) + 1, dtype=np.int64),
        np.append(counted, last),
        np.append(amounts[counted], -1).astype(np.float64),
    )
    return Program(
        np.append(program.lower, float(np.minimum(0, amounts).sum())),
        np.append(program.upper, float(np.maximum(0, amounts).sum())),
        np.append(program.whole, True),
        np.append(program.cost, 0.0),
        program.rows.and_then(row),
    )


def over_columns(program: Program, selected: BoolArray) -> Program:
    """The program over some of its columns alone."""
    return Program(
        program.lower[selected],
        program.upper[selected],
        program.whole[selected],
        program.cost[selected],
        on_columns(program.rows, selected),
    )
