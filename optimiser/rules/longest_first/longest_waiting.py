"""What the three levels for those who have waited longest have in common. Not a rule itself."""

from __future__ import annotations

from fractions import Fraction

from optimiser.county import County
from optimiser.rules.levels.waiting import WEIGHT, UnmetLevel, factor_of


class LongestWaitingLevel(UnmetLevel):
    """Each names its priorities, and stands before the level of unmet need that has the same."""

    settings = ("largest_first_after_days", "overdue_factor", "overdue_weeks")
    source = "a council's own choice: nobody is passed over for newcomers again and again"
    counted_again = True
    told_as = "among those who have waited longest"

    def counts(self, county: County, package: int) -> bool:
        return super().counts(county, package) and has_waited_longest(county, package)

    def cost(self, county: County, package: int) -> Fraction:
        """By hours alone: one large package counts as much as several small ones, so that it is not passed over for them."""
        person = county.packages[package]
        return WEIGHT[person.priority] * person.minutes_per_week * factor_of(county, package)


def has_waited_longest(county: County, package: int) -> bool:
    """Whether somebody was asked for so many days ago; where that is not recorded, whether care should have begun so long ago."""
    person = county.packages[package]
    since = person.start_by if person.requested_at is None else person.requested_at.date()
    return since is not None and (county.as_of - since).days >= county.policy.largest_first_after_days
