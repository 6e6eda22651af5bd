"""A limit that several councils share, exactly: in proportion to weights, by largest remainders.

Each first gets the whole units of its exact part; what is left goes, a unit each, to those whose parts were cut most, ties to
the name that comes first. Nobody gets less than the whole units of its own weight where all weights are within the limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

HUNDREDTH = Fraction(1, 100)
WHOLE = Fraction(1)


def unit_of(total: Fraction) -> Fraction:
    """A hundredth, or what the limit itself is exact to where that is finer."""
    unit = HUNDREDTH
    while (total / unit).denominator != 1:
        unit /= 10
    return unit


def apportioned(total: Fraction, weights: Mapping[str, int], unit: Fraction) -> dict[str, Fraction]:
    """Each one's part, in whole units: they add up to ``total``, itself whole units. Equal parts where all weights are 0."""
    names = sorted(weights)
    of = weights if any(weights.values()) else dict.fromkeys(names, 1)
    units, whole = int(total / unit), sum(of.values())
    exact = {name: Fraction(units * of[name], whole) for name in names}
    given = {name: int(exact[name]) for name in names}
    most_cut = sorted(names, key=lambda name: (given[name] - exact[name], name))
    for name in most_cut[: units - sum(given.values())]:
        given[name] += 1
    return {name: given[name] * unit for name in names}
