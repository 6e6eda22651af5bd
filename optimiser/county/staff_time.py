"""How much of their paid hours the staff of rounds have beyond the care of the round."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from optimiser.county.facts import County


def spare_minutes(county: County) -> dict[str, int]:
    """Per round of the snapshot the minutes a week of its staff beyond its care; ways between visits are in them."""
    care: Counter[str] = Counter()
    for package in county.packages:
        care[package.round_id] += package.minutes_per_week
    return {
        each.round_id: int(Fraction(each.staff_hours_per_week) * 60) - care[each.round_id]
        for each in county.snapshot.rounds
        if each.staff_hours_per_week is not None
    }
