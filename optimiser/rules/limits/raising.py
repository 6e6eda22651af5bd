"""The smallest raise of a limit. Shared by the limit rules; not a rule itself."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from optimiser.amounts import MINUTES_PER_HOUR_4W, UNIT_HOURS_4W, hours_4w, raised_hours_4w
from optimiser.county import County
from optimiser.rules.base import Limit, LimitRule, Remedy


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
    needed = raised_hours_4w(minutes)
    return Remedy(
        change=rule.change,
        subject=limit.subject,
        amount=needed - limit.minutes / MINUTES_PER_HOUR_4W,
        unit="hours per four weeks",
        sentence=sentence(hours_4w(needed * MINUTES_PER_HOUR_4W)),
        applied=lambda county: with_hours(county, needed),
        one_unit_less=lambda county: with_hours(county, needed - UNIT_HOURS_4W),
    )
