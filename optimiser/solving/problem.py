"""The optimisation problem in plain arrays: all that a solver sees of a county.

Items are packages of care, choices are (item, contract) pairs that every rule allows. A plan gives each item one of its
choices or none. Nothing here knows what a package or a contract means, of a level only its group, and nothing imports a solver.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from optimiser.rules.vocabulary import Group

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

UNPLACED = -1
"""In a plan: the item has none of its choices."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Sparse integer rows over the choices, in the usual compressed form.

    Row r has the coefficients ``coefficient[start[r]:start[r + 1]]`` on the choices ``choice[start[r]:start[r + 1]]``;
    no choice stands twice in a row.
    """

    start: IntArray
    choice: IntArray
    coefficient: IntArray

    def __len__(self) -> int:
        return len(self.start) - 1

    def totals(self, chosen: BoolArray) -> IntArray:
        """The value of every row, given which choices are taken (a mask over the choices)."""
        running = np.concatenate(([0], np.cumsum(self.coefficient * chosen[self.choice])))
        return np.asarray(running[self.start[1:]] - running[self.start[:-1]], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the strict order. Its exact value is

        constant + sum(choice_cost of the choices taken) + sum(part_cost[j] * part j)

    rounded half up to a whole number (``whole``). Part costs are never negative.
    """

    name: str
    constant: Fraction
    choice_cost: IntArray
    part_cost: tuple[Fraction, ...]
    tolerance: int = 0
    """How much of this level later levels may give away, in the level's own unit."""
    proof_gap: int = 0
    """Proven when best - bound is at most this many whole units (0: the bound meets the best) ..."""
    proof_share: Fraction = Fraction(0)
    """... or at most this share of the best."""
    most: int | None = None
    """Held at this or below, whatever its best: a limit for the levels after it, and nothing that a plan is better by."""
    group: Group = Group.OTHER
    """What it is about, where a search begins with some levels."""
    unit: str = ""
    """In which its value is told."""

    def whole(self, value: Fraction) -> int:
        return math.floor(value + Fraction(1, 2))

    def largest(self, best: int) -> int:
        """The largest value that a plan may have while later levels are brought down."""
        return best + self.tolerance if self.most is None else self.most

    def is_proven(self, best: int, bound: int) -> bool:
        return best - bound <= max(Fraction(self.proof_gap), self.proof_share * best)


@dataclass(frozen=True, slots=True)
class Problem:
    """Minimise the levels in strict order, each within its tolerance for the later ones.

    Level k's best is its minimum among plans that keep every earlier level within best + tolerance of its own.
    """

    item_count: int
    must_place: BoolArray
    """Per item: True when it has to have one of its choices (running care); False when it may stay unplaced."""
    choice_item: IntArray
    """Per choice: the item it places. Sorted, so an item's choices stand together."""
    limits: Terms
    """Per row: what the choices taken may add up to at most ``limit_capacity`` (coefficients are never negative)."""
    limit_capacity: IntArray
    parts: Terms
    """Part j is max(0, row j + part_constant[j]): a shortfall, an excess, one half of a deviation."""
    part_constant: IntArray
    levels: tuple[Level, ...]
    start: IntArray
    """A legal plan to begin with, made as it is done by hand (per item: choice or UNPLACED)."""

    def __repr__(self) -> str:
        return f"<Problem of {self.item_count} items with {len(self.choice_item)} choices, {len(self.levels)} levels>"

    @property
    def choice_count(self) -> int:
        return len(self.choice_item)

    def chosen(self, plan: IntArray) -> BoolArray:
        """The mask over the choices that a plan takes."""
        mask = np.zeros(self.choice_count, dtype=np.bool_)
        mask[plan[plan != UNPLACED]] = True
        return mask

    def is_legal(self, plan: IntArray) -> bool:
        """Every item has one of its own choices or none where it may, and no limit is passed."""
        placed = plan != UNPLACED
        if (self.must_place & ~placed).any():
            return False
        if (self.choice_item[plan[placed]] != np.flatnonzero(placed)).any():
            return False
        return bool((self.limits.totals(self.chosen(plan)) <= self.limit_capacity).all())

    def values(self, plan: IntArray) -> tuple[int, ...]:
        """The exact value of every level, whole."""
        mask = self.chosen(plan)
        parts = np.maximum(0, self.parts.totals(mask) + self.part_constant)
        return tuple(
            level.whole(
                level.constant
                + int(level.choice_cost[mask].sum())
                + sum(
                    (cost * int(part) for cost, part in zip(level.part_cost, parts, strict=True) if cost and part),
                    Fraction(0),
                )
            )
            for level in self.levels
        )
