"""Hours as people say them, and the smallest raise of a limit."""

from __future__ import annotations

import math
from fractions import Fraction

UNIT_HOURS_4W = Fraction(1, 4)
"""Limits are raised in quarter hours per four weeks."""

MINUTES_PER_HOUR_4W = 15
"""An hour per four weeks is a quarter of an hour a week."""


def hours_4w(minutes_per_week: Fraction | int) -> str:
    """Minutes a week as hours per four weeks, in words."""
    hours = f"{float(minutes_per_week) / MINUTES_PER_HOUR_4W:,.2f}".rstrip("0").rstrip(".")
    return f"{hours} {'hour' if hours == '1' else 'hours'} per four weeks"


def raised_hours_4w(minutes_per_week: Fraction) -> Fraction:
    """The smallest limit in whole units that allows at least these minutes a week."""
    return math.ceil(minutes_per_week / MINUTES_PER_HOUR_4W / UNIT_HOURS_4W) * UNIT_HOURS_4W
