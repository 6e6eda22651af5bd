"""Even hours: each round's care in a week beside that of its provider's rounds in the same shift."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from optimiser.domain.rounds_plan import RoundsPlan

EVEN_SHARE = Fraction(3, 100)


def tolerance_of(mean: float, longest_visit: float) -> float:
    """How far from the mean of its shift a round's care may be: 3%, or one visit where that is more."""
    return max(float(EVEN_SHARE) * mean, longest_visit)


@dataclass(frozen=True, slots=True)
class RoundHours:
    """A round's care in a week, in seconds. ``longest_visit``: of its provider's rounds in the shift, one care worker's part."""

    care: int
    mean: Fraction
    longest_visit: int

    @property
    def from_mean(self) -> Fraction:
        return self.care - self.mean

    @property
    def is_even(self) -> bool:
        away = abs(self.from_mean)
        return away <= EVEN_SHARE * self.mean or away <= self.longest_visit


def hours_of_rounds(plan: RoundsPlan) -> dict[str, RoundHours]:
    """Per round with visits."""
    group_of = {each.round_id: (each.provider_id, each.shift) for each in plan.rounds}
    care: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    longest: dict[tuple[str, str], int] = defaultdict(int)
    for visit in plan.visits:
        group = group_of[visit.round_id]
        care[group][visit.round_id] += visit.end - visit.start
        longest[group] = max(longest[group], visit.end - visit.start)
    return {
        name: RoundHours(seconds, Fraction(sum(own.values()), len(own)), longest[group])
        for group, own in care.items()
        for name, seconds in own.items()
    }
