"""Between which shares the truth may lie where something held in so many of so many draws: Clopper and Pearson (1934), 95%."""

from __future__ import annotations

from fractions import Fraction
from math import comb

PER_SHARE = 10_000
"""Ends are told in hundredths of a percent, rounded outwards."""
TAIL = Fraction(1, 40)


def interval(held: int, draws: int) -> tuple[Fraction, Fraction]:
    """The shares at which so many held, or more, or fewer, would not come by in more than one of forty such runs."""
    return Fraction(_lower(held, draws), PER_SHARE), Fraction(PER_SHARE - _lower(draws - held, draws), PER_SHARE)


def _lower(held: int, draws: int) -> int:
    """The largest share at which ``held`` or more come by in at most one of forty."""
    low, high = 0, PER_SHARE
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _at_least(held, draws, middle) <= TAIL * PER_SHARE**draws else (low, middle)
    return low


def _at_least(held: int, draws: int, share: int) -> int:
    """The chance of ``held`` or more, times ``PER_SHARE ** draws``."""
    other = PER_SHARE - share
    return sum(comb(draws, count) * share**count * other ** (draws - count) for count in range(held, draws + 1))
