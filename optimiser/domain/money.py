"""How a week is priced: the one rule by which pence, and whatever else is whole, are rounded."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Whole = TypeVar("Whole", int, NDArray[np.int64])


def whole_half_up(value: Fraction) -> int:
    """A fraction as a whole number, half up."""
    return int((2 * value + 1) // 2)


def weekly_pence(minutes_per_week: Whole, rate_pence: Whole) -> Whole:
    """What a week costs at so many pence an hour, half up to a whole penny; of one, or of many at once."""
    return (2 * minutes_per_week * rate_pence + 60) // 120
