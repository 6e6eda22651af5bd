"""The few words in which a rule speaks: what a choice costs the model, what a level is about, and what was found, with the
figures compared and the sentence that says it. They hide every solver.

A rule sees *pairs*: each (package, contract) that a plan may hold, the settled ones included, so that it states one cost for
all and need not know which of them are still open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

OWN_REASONS = ("restriction", "rating", "skills", "radius", "band", "contract_maximum", "own_limit", "decline")
"""What of a provider's own kept it from being asked, in the order in which one that is kept by several is counted: see
``Rule.in_statements``."""
NOT_ITS_AREA = "not_its_area"
"""In place of a reason of its own: the request is none that the contract was made for, so that it is not counted at all."""


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


Figure = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule, judged once."""

    rule: str
    passed: bool
    measured: Figure
    limit: Figure
    unit: str
    sentence: str


Change = Literal["contract hours", "provider hours", "cap", "travel radius", "skill", "band", "decline for capacity"]
"""The kinds of change that lie in the council's or a provider's power."""


class Group(Enum):
    """What a level counts."""

    WAITING = "people left without care"
    EXCEPTION = "care that is placed by exception only"
    MOVES = "people who change provider"
    COST = "what the care costs"
    TRAVEL = "travelling"
    OTHER = "anything else"


FOREMOST = (Group.WAITING, Group.EXCEPTION)
"""Unmet need and exception: what a quick trial asks for bounds of, and puts right first."""


class Grouped(Protocol):
    """A level, of the rule book or of a problem."""

    @property
    def group(self) -> Group: ...


def up_to(levels: Iterable[Grouped], *groups: Group) -> int:
    """How many levels of the strict order there are up to the last one of these groups."""
    return max((place for place, level in enumerate(levels, start=1) if level.group in groups), default=0)
