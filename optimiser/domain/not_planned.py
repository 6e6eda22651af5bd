"""Why no round makes a visit, in words with the figures compared: for those who plan, and for the check."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from optimiser.domain.records import Visit
from optimiser.domain.staffing import Staffing
from optimiser.domain.visit_windows import shift_in_words, window_in_words

Bar = Literal["longer than every shift", "longer than a run may be", "too long for a break", "outside of every shift"]
"""What keeps a visit out of every shift, whoever works it."""
TOO_LONG: Bar = "longer than every shift"
LONGER_THAN_A_RUN: Bar = "longer than a run may be"
NO_BREAK: Bar = "too long for a break"
OUTSIDE: Bar = "outside of every shift"
NO_SKILL = "no care worker of the provider has the skills that it needs"
ELSEWHERE = "the care workers of the provider who have the skills that it needs work other rounds"


def sentence(bar: Bar, visit: Visit, staffing: Staffing) -> str:
    """What is told of a visit that no shift can hold."""
    length = length_in_words(Fraction(visit.duration_minutes))
    shifts = ", ".join(map(shift_in_words, staffing.shifts))
    if bar == TOO_LONG:
        return f"it lasts {length}, longer than every shift ({shifts})"
    if bar == LONGER_THAN_A_RUN:
        limit = length_in_words(staffing.shift_hours_limit * 60)
        return f"it lasts {length}, and the run of one care worker may last {limit} at most"
    if bar == NO_BREAK:
        after, pause = length_in_words(staffing.break_after_hours * 60), length_in_words(Fraction(staffing.break_minutes))
        limit = length_in_words(staffing.shift_hours_limit * 60)
        needs = f"a run of more than {after} has a break of {pause} between two visits and lasts {limit} at most"
        return f"it lasts {length}, and {needs}"
    return f"it begins {window_in_words(visit)} and lasts {length}, which no shift holds ({shifts})"


def skills_sentence(able: int, workers: int) -> str:
    """What is told of a visit for which no round had the skills, by how many care workers of the provider have them."""
    if able == 0:
        return NO_SKILL
    return ELSEWHERE if able >= workers else f"it needs {workers} care workers with its skills, and the provider has {able}"


def length_in_words(minutes: Fraction) -> str:
    """Such as "7 hours 30 minutes", "1 hour", "45 minutes"; parts of a minute as a decimal number."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{count:g} {unit}{'' if count == 1 else 's'}" for count, unit in ((float(hours), "hour"), (float(rest), "minute"))
             if count]  # fmt: skip
    return " ".join(parts) or "0 minutes"
