"""Exact whole-number measure of a level: its costs without fractions, and how its values step.

Solvers compute in floating point. Whatever decides (limits handed on to later levels, bounds reported) is turned into
whole numbers here, once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.solving.problem import IntArray, Level, Problem

SLACK = 1e-7
"""A solver's bound is trusted to this share of its size; bounds are lowered by it before they are rounded."""


LARGEST_SCALE = 10**11


@dataclass(frozen=True, slots=True)
class Measure:
    """A level times ``scale``: constant + choice_cost x choices + part_cost x parts, all of them whole."""

    level: Level
    scale: int
    constant: int
    choice_cost: IntArray
    part_cost: IntArray
    exact: bool
    """False where the costs had to be rounded down to the scale."""
    step: int
    """Every plan's scaled value is the constant plus a multiple of this (0: the level is constant)."""

    def largest(self, best: int) -> int:
        """The largest scaled value, without the constant, that still counts as what later levels may take it to, or less."""
        return math.ceil(self.scale * (self.level.largest(best) + Fraction(1, 2))) - 1 - self.constant

    def below(self, best: int) -> int:
        """The largest scaled value, without the constant, that counts as less than ``best``."""
        return math.ceil(self.scale * (best - Fraction(1, 2))) - 1 - self.constant

    def whole_bound(self, scaled: float) -> int:
        """The least whole value that a plan can have if its scaled value, without the constant, is at least this."""
        if self.step == 0:
            return self.whole_value(0)
        if scaled == -math.inf:
            return 0
        lowered = scaled - SLACK * max(1.0, abs(scaled), float(self.step))
        return max(0, self.whole_value(math.ceil(lowered / self.step) * self.step))

    def whole_value(self, scaled: int) -> int:
        """The level's value of a scaled one without the constant."""
        return self.level.whole(Fraction(scaled + self.constant, self.scale))


def measure(problem: Problem, level: Level) -> Measure:
    """Scale a level to whole numbers and find the step of its values.

    Where fractions of many sizes meet, no scale of a usable size makes all of them whole. Costs are then rounded down to the
    largest scale: the measure is at most the exact value, so that bounds stay valid and no plan that counts is cut off; the
    exact value of a plan is always asked of the problem itself.
    """
    exact = math.lcm(level.constant.denominator, *(cost.denominator for cost in level.part_cost))
    scale = min(exact, LARGEST_SCALE)
    choice_cost = level.choice_cost * scale
    part_cost = np.array([math.floor(cost * scale) for cost in level.part_cost], dtype=np.int64)
    step = math.gcd(*np.unique(choice_cost).tolist())
    parts = problem.parts
    for j in np.flatnonzero(part_cost).tolist():
        row = parts.coefficient[parts.start[j] : parts.start[j + 1]]
        step = math.gcd(step, int(part_cost[j]) * math.gcd(int(problem.part_constant[j]), *row.tolist()))
    return Measure(level, scale, math.floor(level.constant * scale), choice_cost, part_cost, scale == exact, step)
