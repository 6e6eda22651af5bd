"""What drives a forecast: one rate moved at a time, the same draws, and how far the last week's figures go with it.

Since each draw keeps its chances, the difference of a draw to itself is what the rate does, and few draws tell it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimiser.forecasting.fan import BY_NAME
from optimiser.forecasting.many_draws import DECLINE, Draws, Variant
from optimiser.forecasting.rates_given import Given

FACTOR = 1.1
"""By how much a rate is moved."""
MOVED = {
    "arrivals": "people asked for", "ends_per_week": "needs that end", DECLINE: "offers declined",
    "changes_per_week": "needs that change", "hospital_per_week": "people who go to hospital",
    "fails_per_year": "providers that fail", "restricted_per_year": "providers barred from new work",
}  # fmt: skip
LOOKED_AT = ("unmet", "people_waiting", "principal_share", "legacy", "cost", "guarantee_unused")


@dataclass(frozen=True, slots=True)
class Driver:
    """What moving one rate does to one figure of the county, on average over the draws, with its standard error."""

    rate: str
    figure: str
    change: float
    error: float
    draws: int


def variants(given: Given) -> list[Variant]:
    """Each rate that is not nothing, moved alone."""
    return [Variant(name, FACTOR) for name in MOVED if name in ("arrivals", DECLINE) or getattr(given, name)]


def drivers(draws: Draws, given: Given) -> Iterator[Driver]:
    """Per rate and figure; of rates whose draws were not played, nothing."""
    plain = {number: made for (variant, number), made in draws.made.items() if not variant.moved}
    for variant in variants(given):
        both = [
            (plain[number].figures[-1, -1], made.figures[-1, -1])
            for (each, number), made in sorted(draws.made.items(), key=lambda item: item[0][1])
            if each == variant and number in plain
        ]
        for name in LOOKED_AT if both else ():
            told = BY_NAME[name]
            changes = np.array([float(told.of(after) - told.of(before)) for before, after in both])
            error = changes.std(ddof=1) / np.sqrt(len(changes)) if len(changes) > 1 else float("nan")
            yield Driver(variant.moved, name, float(changes.mean()), float(error), len(changes))
