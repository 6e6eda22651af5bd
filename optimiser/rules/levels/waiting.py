"""What a person left waiting counts for. Shared by the three levels of unmet need."""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction
from typing import ClassVar

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.vocabulary import Charges, Group, Pairs

WEIGHT = {"urgent": 1, "discharge": 1, "standard": 2, "planned": 1}
"""Within a level: a standard package counts double a planned one."""


def waiting_cost(county: County, package: int) -> Fraction:
    """(minutes a week + the person's own weight) x the priority's weight, more when the start date is past."""
    person = county.packages[package]
    return WEIGHT[person.priority] * (person.minutes_per_week + county.policy.person_minutes) * factor_of(county, package)


def factor_of(county: County, package: int) -> Fraction:
    """How many times a person counts, by the date on which care should have begun."""
    start_by = county.packages[package].start_by
    return Fraction(1) if start_by is None else overdue_factor(county, (county.as_of - start_by).days)


def overdue_factor(county: County, days_late: int) -> Fraction:
    """How many times a person counts whose start date is so many days past: once more for every few weeks of waiting."""
    if days_late <= 0:
        return Fraction(1)
    weeks = county.policy.overdue_weeks
    return county.policy.overdue_factor + (days_late // (7 * weeks) if weeks else 0)


class UnmetLevel(Level):
    """What the three levels have in common; each names its priorities."""

    settings: ClassVar[tuple[str, ...]] = ("person_minutes", "overdue_factor", "overdue_weeks")
    unit = "weighted minutes a week"
    group = Group.WAITING
    about = "people left waiting"
    told_as: ClassVar[str] = ""
    """What those whose need comes first by it are, after "they are"; empty for the last of the three."""

    counted_again: ClassVar[bool] = False
    """Whether whom it counts is counted by a later level as well: left out where unmet need is added up."""

    @property
    @abstractmethod
    def priorities(self) -> tuple[str, ...]:
        """The priorities whose unmet need this level sums."""

    def counts(self, county: County, package: int) -> bool:
        """Whether somebody counts on it, left without care."""
        return county.packages[package].priority in self.priorities

    def cost(self, county: County, package: int) -> Fraction:
        """What somebody counts who does."""
        return waiting_cost(county, package)

    def measure(self, county: County, plan: Plan) -> Fraction:
        """The sum over everyone of these priorities who is on no contract and not being asked for."""
        return sum(
            (
                self.cost(county, package)
                for package, contract in enumerate(plan.contracts)
                if contract is None
                and self.counts(county, package)
                and county.packages[package].package_id not in county.offers_in_force.pending
            ),
            Fraction(0),
        )

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        for package in pairs.open_packages:
            if self.counts(county, int(package)):
                charges.unplaced(int(package), self.cost(county, int(package)))
        # What is settled on no contract without an offer pending would be unmet too; no standing rule settles anyone so.
        settled = np.setdiff1d(np.arange(len(county.packages)), np.concatenate((pairs.package, pairs.open_packages)))
        for package in settled:
            pending = county.packages[package].package_id in county.offers_in_force.pending
            if self.counts(county, int(package)) and not pending:
                charges.always(self.cost(county, int(package)))
