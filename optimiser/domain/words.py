"""Hours, money, shares and dates as people read them: a function for each meaning, and no other place says them.

A plain name gives a figure for a column (``12.25``); the same name ``_in_words`` gives what stands in a sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

MINUTES_PER_HOUR_4W = 15
"""An hour per four weeks is a quarter of an hour a week."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
REGIME_NAMES = {"pcr_2015": "PCR 2015", "procurement_act_2023": "Procurement Act 2023"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def decimals(value: Fraction, places: int, *, thousands: bool = False) -> str:
    """A number from 0 on with so many decimals, half up, by whole-number arithmetic."""
    units = int((2 * value * 10**places + 1) // 2)
    whole, rest = divmod(units, 10**places)
    return f"{whole:{',' if thousands else ''}}.{rest:0{places}}"


def rounded(value: float, places: int = 0) -> str:
    """A figure for a page, with thousands: 1,234.5. It is read, never calculated with."""
    return f"{value:,.{places}f}"


def people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def listed(names: Sequence[str]) -> str:
    """Names as they stand in a sentence: A, B and C."""
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def hours(minutes: int) -> str:
    """Minutes as hours with two decimals, half up: a package's hours are quarter hours and lose nothing, a single visit's may."""
    return decimals(Fraction(minutes, 60), 2)


def hours_in_words(minutes: int) -> str:
    """The same as 1,234.5 hours."""
    return _counted_hours(_trimmed(decimals(Fraction(minutes, 60), 2, thousands=True)))


def hours_per_4w(minutes_per_week: Fraction | int) -> str:
    """Minutes a week as hours per four weeks with two decimals, rounded; below 0 where a limit is exceeded."""
    return f"{float(minutes_per_week) / MINUTES_PER_HOUR_4W:.2f}"


def hours_per_4w_in_words(minutes_per_week: Fraction | int) -> str:
    """The same as 26.5 hours per four weeks."""
    return f"{_counted_hours(hours_per_4w_in_short(minutes_per_week))} per four weeks"


def hours_per_4w_in_short(minutes_per_week: Fraction | int) -> str:
    """The same as 26.5, where the sentence has the unit already."""
    return _trimmed(rounded(float(minutes_per_week) / MINUTES_PER_HOUR_4W, 2))


def _trimmed(figure: str) -> str:
    return figure.rstrip("0").rstrip(".")


def _counted_hours(text: str) -> str:
    return f"{text} {'hour' if text == '1' else 'hours'}"


def pounds(pence: int) -> str:
    """Pence as pounds with two decimals: 1234 is 12.34, and less than nothing has a minus."""
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{whole}.{rest:02}"


def pounds_in_words(pence: int) -> str:
    """The same with the sign of the pound and thousands: £1,234.56."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02}"


def whole_pounds(value: float) -> str:
    """Of a figure in pounds that is read, never calculated with: £1,235."""
    return f"£{rounded(value)}"


def more_pounds_in_words(pounds_more: str) -> str:
    """Whole pounds more or less than before, from a figure: +£1,235, −£12, £0."""
    value = round(float(pounds_more))
    return f"{'−' if value < 0 else '+' if value > 0 else ''}£{abs(value):,}"


def more_pounds_and_pence(pounds_more: str) -> str:
    """Pounds more or less than before, to the penny, from a figure with two decimals: +£12.50, −£3.00, £0.00."""
    less, figure = pounds_more.startswith("-"), pounds_more.lstrip("-")
    whole, _, pence = figure.partition(".")
    sign = "−" if less else "" if figure.strip("0.") == "" else "+"
    return f"{sign}£{int(whole):,}.{pence}"


def share(part: Fraction) -> str:
    """A share with six decimals, half up: exact enough to be checked again from its file."""
    return decimals(part, 6)


def share_of(part: int, whole: int) -> str | None:
    """A part of a whole with four decimals, rounded; None: of nothing there is no share."""
    return f"{part / whole:.4f}" if whole else None


def percent(part: Fraction, places: int = 1) -> str:
    """A share as a percentage, half up: 66.7%."""
    return f"{decimals(part * 100, places)}%"


def percent_in_short(figure: str | float) -> str:
    """A share's figure as a percentage for a page: 66.7%, and 65% where that is all."""
    return f"{float(figure) * 100:.1f}".removesuffix(".0") + "%"


def date_in_words(day: dt.date) -> str:
    """A date as a letter says it: 1 March 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def weekday_in_words(day: dt.date) -> str:
    """The same with its weekday: Tuesday 30 May 2028."""
    return f"{WEEKDAYS[day.weekday()]} {date_in_words(day)}"


def moment_in_words(shown: dt.datetime) -> str:
    """A moment on the wall clock as a letter says it: 8:10 on 26 November 2026."""
    return f"{shown.hour}:{shown.minute:02} on {date_in_words(shown.date())}"
