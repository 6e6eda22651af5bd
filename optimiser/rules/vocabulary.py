"""The few words in which a rule tells the model what a choice costs. They hide every solver.

A rule sees *pairs*: each (package, contract) that a plan may hold, the settled ones included, so that it states one cost for
all and need not know which of them are still open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Pairs 0 to ``open_count`` - 1 may be chosen; the pairs after them are settled and always hold."""

    package: Ints
    contract: Ints
    open_count: int
    open_packages: Ints
    """The packages that may end on none of their pairs."""

    def __len__(self) -> int:
        return len(self.package)


@dataclass(frozen=True)
class Part:
    """max(0, coefficient of the pairs held + constant), charged at ``cost`` a unit."""

    coefficient: Ints
    constant: int
    cost: Fraction


@dataclass
class Charges:
    """One level's charges, collected while its rule speaks."""

    constant: Fraction = Fraction(0)
    per_pair: list[Ints] = field(default_factory=list)
    per_unplaced: list[tuple[int, Fraction]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def always(self, amount: Fraction | int) -> None:
        """What is charged whatever is chosen."""
        self.constant += amount

    def each(self, cost: Ints) -> None:
        """Each pair that the plan holds costs this much (whole units, shape (pairs,))."""
        self.per_pair.append(cost)

    def unplaced(self, package: int, cost: Fraction | int) -> None:
        """An open package that ends on none of its pairs costs this much."""
        self.per_unplaced.append((package, Fraction(cost)))

    def excess(self, coefficient: Ints, over: Fraction | int, cost: Fraction | int = 1) -> None:
        """Charge for what the pairs' coefficients add up to over a mark: max(0, sum - over)."""
        mark = Fraction(over)
        self.parts.append(Part(coefficient * mark.denominator, -mark.numerator, Fraction(cost) / mark.denominator))

    def shortfall(self, coefficient: Ints, under: Fraction | int, cost: Fraction | int = 1) -> None:
        """Charge for what they fall short of a mark: max(0, under - sum)."""
        self.excess(-coefficient, -Fraction(under), cost)

    def distance(self, coefficient: Ints, mark: Fraction | int, cost: Fraction | int = 1) -> None:
        """Charge for the distance from a mark, either way: |sum - mark|."""
        self.excess(coefficient, mark, cost)
        self.shortfall(coefficient, mark, cost)
