"""What minutes and hours come to, as the check of an account counts it: in steps, at a price, half up."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import floor

from optimiser.domain.accounts import IncentiveAmount


def half_up(exact: Fraction) -> int:
    """The nearest whole number; of half of one the next."""
    return int(exact + Fraction(1, 2))


def in_decimals(exact: Fraction, places: int = 2) -> str:
    """A number with so many decimals, half up."""
    units = floor(abs(exact) * 10**places + Fraction(1, 2))
    whole, rest = divmod(units, 10**places)
    return f"{'-' if units and exact < 0 else ''}{whole}.{rest:0{places}}"


@cache
def priced(allowed: int, step: int | None, rounding: str | None, rate: int) -> tuple[int, int, int, int]:
    """Of so many seconds that may count: the seconds that do, what they cost, and what they would in steps of 5 and of 15."""
    counted = allowed if step is None else _in_steps(allowed, step, rounding)
    of_each = (counted, _in_steps(allowed, 5, rounding), _in_steps(allowed, 15, rounding))
    pence, in_fives, in_fifteens = ((seconds * rate + 1800) // 3600 for seconds in of_each)
    return counted, pence, in_fives, in_fifteens


def _in_steps(seconds: int, minutes: int, rounding: str | None) -> int:
    """Whole steps, as seconds: the nearest where nobody has said how, and of half a step the whole."""
    step = minutes * 60
    whole, rest = divmod(seconds, step)
    more = rest > 0 if rounding == "up" else 2 * rest >= step and rounding != "down"
    return (whole + more) * step


def is_within(hours: Fraction, amount: IncentiveAmount) -> bool:
    """Whether care in place after so many hours earns an amount: its last hour is within it."""
    return hours <= amount.up_to_hours and (hours > amount.over_hours or hours == amount.over_hours == 0)
