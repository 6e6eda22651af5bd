"""Restricted programs: the whole-number programs that branch and bound is given, the plans of a level up to a ceiling.

Columns whose reduced cost rules them out are not in them, so that what is proven of them holds for all (see ``relaxation``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.solving.dantzig_wolfe.pattern_master import PatternMaster
from optimiser.solving.linear_program import FloatArray, Program, Rows, on_columns, single_row
from optimiser.solving.problem import BoolArray, IntArray

MOST_PATTERNS = 100
"""A block with more patterns than this is left to its choices: they differ in little, and say no more than those do."""


@dataclass(frozen=True, slots=True)
class RestrictedMip:
    """A program, and the way back from its columns to the level's: start + each column's own share of them."""

    program: Program
    start: FloatArray
    alone: IntArray
    patterns: tuple[FloatArray, ...]
    """Per pattern column, after those on their own: what it changes in the level's columns ``changed``."""
    changed: tuple[IntArray, ...]
    cost: float = 0.0
    """What the start costs; the program's own costs come on top."""

    def columns(self, values: FloatArray) -> FloatArray:
        """The level's columns for a solution of the program."""
        found = self.start.copy()
        found[self.alone] = values[: len(self.alone)]
        for value, pattern, where in zip(values[len(self.alone) :], self.patterns, self.changed, strict=True):
            if value > 0.5:
                found[where] += pattern
        return found


def over_choices(program: Program, cuts: Rows, selected: BoolArray, ceiling: float) -> RestrictedMip:
    """Plans of a value up to the ceiling over the selected columns."""
    rows = program.rows.and_then(cuts, _up_to(program, ceiling))
    return RestrictedMip(
        Program(
            program.lower[selected],
            program.upper[selected],
            program.whole[selected],
            program.cost[selected],
            on_columns(rows, selected),
        ),
        np.zeros(len(program.cost)),
        np.flatnonzero(selected),
        (),
        (),
    )


def over_patterns(
    pattern_master: PatternMaster, cuts: Rows, selected: BoolArray, floors: list[FloatArray], reach: float, ceiling: float
) -> RestrictedMip | None:
    """The same, blocks as a choice among their patterns with a floor up to ``reach`` where those are few; None where none are.

    Every such block has a base pattern, the most promising one; what another changes of it makes smaller numbers, and fewer.
    """
    program = pattern_master.program
    few = [0 < int((floor <= reach).sum()) <= MOST_PATTERNS for floor in floors]
    if not any(few):
        return None
    pattern_master, floors = pattern_master.only(few), [floor for floor, kept in zip(floors, few, strict=True) if kept]
    picked = [np.flatnonzero(floor <= reach) for floor in floors]
    base = [int(patterns[np.argmin(floor[patterns])]) for patterns, floor in zip(picked, floors, strict=True)]
    picked = [patterns[patterns != first] for patterns, first in zip(picked, base, strict=True)]
    start = np.zeros(len(program.cost))
    for block, first in zip(pattern_master.blocks, base, strict=True):
        start[block.columns] = block.patterns[first]
    rows = pattern_master.rows.and_then(cuts, _up_to(program, ceiling))
    paid = np.bincount(rows.row, rows.value * start[rows.column], len(rows))
    alone = np.flatnonzero(selected & pattern_master.outside)
    over = pattern_master.over(rows, alone, picked, base)
    over = Rows(over.lower - paid, over.upper - paid, over.row, over.column, over.value)
    count = sum(len(patterns) for patterns in picked)
    first_costs = pattern_master.costs([np.array([first]) for first in base])
    costs = pattern_master.costs(picked) - np.repeat(first_costs, [len(patterns) for patterns in picked])
    changes = [
        (block.patterns[pattern] - block.patterns[first], block.columns)
        for block, patterns, first in zip(pattern_master.blocks, picked, base, strict=True)
        for pattern in patterns.tolist()
    ]
    return RestrictedMip(
        Program(
            np.concatenate((program.lower[alone], np.zeros(count))),
            np.concatenate((program.upper[alone], np.ones(count))),
            np.concatenate((program.whole[alone], np.ones(count, dtype=np.bool_))),
            np.concatenate((program.cost[alone], costs)),
            over.and_then(pattern_master.one_each(len(alone), picked, -np.inf)),
        ),
        start,
        alone,
        tuple(change for change, _ in changes),
        tuple(columns for _, columns in changes),
        float(first_costs.sum()),
    )


def _up_to(program: Program, ceiling: float) -> Rows:
    priced = np.flatnonzero(program.cost)
    return single_row(priced, program.cost[priced], ceiling)
