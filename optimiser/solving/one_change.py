"""What one different choice would make of every level, all else where it is: the answer to "why not that one?"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from optimiser.solving.problem import UNPLACED, IntArray, Problem


class Comparison:
    """Compares a plan with its neighbours, one choice at a time."""

    def __init__(self, problem: Problem, plan: IntArray) -> None:
        self._problem, self._plan = problem, plan
        chosen = problem.chosen(plan)
        self._rows = problem.parts.totals(chosen) + problem.part_constant
        self._touches: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row in range(len(problem.parts)):
            span = slice(problem.parts.start[row], problem.parts.start[row + 1])
            for choice, coefficient in zip(problem.parts.choice[span], problem.parts.coefficient[span], strict=True):
                self._touches[int(choice)].append((row, int(coefficient)))
        self._exact = [self._value(level.constant, level.choice_cost, level.part_cost, chosen) for level in problem.levels]

    def _value(
        self,
        constant: Fraction,
        choice_cost: IntArray,
        part_cost: tuple[Fraction, ...],
        chosen: np.typing.NDArray[np.bool_],
    ) -> Fraction:
        parts = (cost * max(0, int(row)) for cost, row in zip(part_cost, self._rows, strict=True) if cost)
        return constant + int(choice_cost[chosen].sum()) + sum(parts, Fraction(0))

    def differences(self, choice: int) -> Mapping[str, int]:
        """Per level that would change: its new value less the plan's, in whole units."""
        problem = self._problem
        before = int(self._plan[problem.choice_item[choice]])
        shift: dict[int, int] = defaultdict(int)
        for row, coefficient in self._touches[choice]:
            shift[row] += coefficient
        if before != UNPLACED:
            for row, coefficient in self._touches[before]:
                shift[row] -= coefficient
        changed = {}
        for level, exact in zip(problem.levels, self._exact, strict=True):
            moved = Fraction(int(level.choice_cost[choice]) - (int(level.choice_cost[before]) if before != UNPLACED else 0))
            for row, amount in shift.items():
                if cost := level.part_cost[row]:
                    moved += cost * (max(0, int(self._rows[row]) + amount) - max(0, int(self._rows[row])))
            difference = level.whole(exact + moved) - level.whole(exact)
            if difference:
                changed[level.name] = difference
        return changed
