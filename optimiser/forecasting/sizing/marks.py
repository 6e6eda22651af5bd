"""What is asked of an area in a draw, in exact numbers: how far each mark is missed, if it is.

The marks are looked at over the last weeks of a draw. Where a mark is missed in a draw whatever room there is, hours are not what
it is missed for: there, hours are as good as all that room where they come close to it (``SHORT_OF_ROOM``) in the same draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from optimiser.county import Ints
from optimiser.domain.policy import Policy
from optimiser.forecasting.weekly_figures import AT

NAMES = ("unmet", "principal_low", "principal_high", "framework_low")
IN_WORDS = {
    "unmet": "unmet need at or below the mark in every one of the last weeks",
    "principal_low": "the principal's share not below its tolerance",
    "principal_high": "the principal's share not above its tolerance",
    "framework_low": "the framework's share not below what the principal's tolerance leaves",
}
OF_THE_PRINCIPAL = ("unmet", "principal_low")
"""What more hours for the principal can only help. Its upper edge and the framework's share they can only harm: for these the
fewest hours with which the others hold are the best."""
SHORT_OF_ROOM = Fraction(1, 100)
"""Of a share that is not reached with all the room there could be: one point less than with it is as good."""


class Seen(NamedTuple):
    """The last weeks of an area in one draw, in minutes: the most unmet need of a week; sums of weeks with a principal."""

    unmet: int
    principal: int
    framework: int
    whole: int


@dataclass(frozen=True)
class Marks:
    """``unmet_minutes``: the most in a week, of each area. Shares: of the home care of an area, the last weeks together."""

    unmet_minutes: Fraction
    low: Fraction
    high: Fraction
    last_weeks: int

    @staticmethod
    def of(policy: Policy, unmet_hours: Fraction, last_weeks: int) -> Marks:
        return Marks(unmet_hours * 60, policy.share_low, policy.share_high, last_weeks)

    def missed_by(self, seen: Seen) -> tuple[Fraction, ...]:
        """Per mark by how much it is missed; 0 or less: it is met. Of an area without a principal no share is asked."""
        unmet = Fraction(seen.unmet) - self.unmet_minutes
        if not seen.whole:
            return unmet, Fraction(0), Fraction(0), Fraction(0)
        principal, framework = Fraction(seen.principal, seen.whole), Fraction(seen.framework, seen.whole)
        return unmet, self.low - principal, principal - self.high, 1 - self.high - framework

    def missed(self, seen: Seen, of: Sequence[str] = NAMES) -> list[str]:
        """The names of the marks that are missed."""
        return [name for name, by in zip(NAMES, self.missed_by(seen), strict=True) if by > 0 and name in of]

    def as_good_as(self, seen: Seen, roomy: Seen, of: Sequence[str] = NAMES) -> bool:
        """Whether each mark is met, or missed as it is in the same draw where there is all the room that there could be."""
        slack = (self.unmet_minutes, SHORT_OF_ROOM, SHORT_OF_ROOM, SHORT_OF_ROOM)
        return all(
            name not in of or by <= 0 or (most > 0 and by <= most + more)
            for name, by, most, more in zip(NAMES, self.missed_by(seen), self.missed_by(roomy), slack, strict=True)
        )


def seen_in(figures: Ints) -> Seen:
    """Of the last weeks of an area, shape (weeks, figures)."""
    weeks = [{name: int(week[AT[name]]) for name in COUNTED} for week in figures]
    shared = [week for week in weeks if week["share_of_minutes"]]
    return Seen(
        max(week["unmet_minutes"] for week in weeks),
        sum(week["principal_minutes"] for week in shared),
        sum(week["framework_minutes"] for week in shared),
        sum(week["share_of_minutes"] for week in shared),
    )


COUNTED = ("unmet_minutes", "principal_minutes", "framework_minutes", "share_of_minutes")
