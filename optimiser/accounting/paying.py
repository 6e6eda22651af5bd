"""What a visit pays: the minutes that count, the increment, the price. Whole seconds and pence throughout, halves up."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import numpy as np

from optimiser.domain.accounts import DOWN, NEAREST, ROUNDINGS, UP
from optimiser.domain.actuals import Ints
from optimiser.domain.money import whole_half_up

NO_INCREMENT = 0
"""Where the increment is not known seconds count as they are."""


def in_increments(seconds: Ints, increment_seconds: Ints, rounding: Ints) -> Ints:
    """Seconds as whole increments; ``rounding``: places in ``ROUNDINGS``."""
    step = np.maximum(increment_seconds, 1)
    added = np.select(
        [rounding == ROUNDINGS.index(UP), rounding == ROUNDINGS.index(DOWN)], [2 * (step - 1), np.zeros_like(step)], step
    )
    whole: Ints = (2 * seconds + added) // (2 * step) * step
    return np.where(increment_seconds == NO_INCREMENT, seconds, whole)


def pence_of(seconds: Ints, rate_pence: Ints) -> Ints:
    """What so many seconds cost at so many pence an hour, half up to a whole penny."""
    whole: Ints = (2 * seconds * rate_pence + 3600) // 7200
    return whole


@cache
def pence_of_share(minutes: int, share: Fraction, rate_pence: int) -> int:
    """What a share of so many minutes costs, half up."""
    return whole_half_up(share * minutes * rate_pence / 60)


def two_decimals(seconds: int) -> str:
    """Seconds as minutes with two decimals, half up: there are many thousands of these, so by whole numbers alone."""
    hundredths = (10 * seconds + 3) // 6
    return f"{hundredths // 100}.{hundredths % 100:02}"


def rounding_place(rounding: str | None) -> int:
    """The place of a way of rounding; where it is not known, of the nearest increment."""
    return ROUNDINGS.index(rounding or NEAREST)
