"""The smallest raise of a limit. Shared by the limit rules; not a rule itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.words import MINUTES_PER_HOUR_4W, hours_per_4w_in_words
from optimiser.rules.base import Limit, LimitRule, Remedy

UNIT_HOURS_4W = Fraction(1, 4)
"""Limits are raised in quarter hours per four weeks."""


def raised_to(
    rule: LimitRule,
    limit: Limit,
    minutes: Fraction,
    *,
    sentence: Callable[[str], str],
    with_hours: Callable[[County, Fraction], County],
) -> Remedy:
    """A limit raised to at least these minutes a week.

    ``sentence`` says the new limit, given in words; ``with_hours`` is a county with another limit, in hours per four weeks.
    """
    needed = math.ceil(minutes / MINUTES_PER_HOUR_4W / UNIT_HOURS_4W) * UNIT_HOURS_4W
    return Remedy(
        change=rule.change,
        subject=limit.subject,
        amount=needed - limit.minutes / MINUTES_PER_HOUR_4W,
        unit="hours per four weeks",
        sentence=sentence(hours_per_4w_in_words(needed * MINUTES_PER_HOUR_4W)),
        applied=lambda county: with_hours(county, needed),
        one_unit_less=lambda county: with_hours(county, needed - UNIT_HOURS_4W),
    )
