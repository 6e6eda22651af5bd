"""Hours, shares and dates as the outputs of a transfer say them: exact, in a fixed number of decimals."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def hours(minutes: int) -> str:
    """Minutes as hours with two decimals: care comes in quarter hours, so nothing is lost."""
    return decimals(Fraction(minutes, 60), 2)


def hours_in_words(minutes: int) -> str:
    text = decimals(Fraction(minutes, 60), 2, thousands=True).rstrip("0").rstrip(".")
    return f"{text} {'hour' if text == '1' else 'hours'}"


def share(part: Fraction) -> str:
    """A share with six decimals, half up."""
    return decimals(part, 6)


def percent(part: Fraction) -> str:
    """A share as a percentage with one decimal."""
    return f"{decimals(part * 100, 1)}%"


def decimals(value: Fraction, places: int, *, thousands: bool = False) -> str:
    """A number from 0 on with so many decimals, half up, by whole-number arithmetic."""
    units = int((2 * value * 10**places + 1) // 2)
    whole, rest = divmod(units, 10**places)
    return f"{whole:{',' if thousands else ''}}.{rest:0{places}}"


def people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def in_words(day: dt.date) -> str:
    """A date as a letter says it: 1 March 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
