"""What a person left waiting counts for. Shared by the three levels of unmet need; not a rule itself."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.vocabulary import Charges, Pairs

WEIGHT = {"urgent": 1, "discharge": 1, "standard": 2, "planned": 1}
"""Within a level: a standard package counts double a planned one."""

SETTINGS = ("person_minutes", "overdue_factor")


def waiting_cost(county: County, package: int) -> Fraction:
    """(minutes a week + the person's own weight) x the priority's weight, more when the start date is past."""
    person = county.packages[package]
    overdue = person.start_by is not None and person.start_by < county.as_of
    factor = county.policy.overdue_factor if overdue else 1
    return Fraction(WEIGHT[person.priority] * (person.minutes_per_week + county.policy.person_minutes)) * factor


def measure_unmet(county: County, plan: Plan, priorities: Collection[str]) -> Fraction:
    """The sum over everyone of these priorities who is on no contract and not being asked for."""
    return sum(
        (
            waiting_cost(county, package)
            for package, contract in enumerate(plan.contracts)
            if contract is None
            and county.packages[package].priority in priorities
            and county.packages[package].package_id not in county.standing.pending
        ),
        Fraction(0),
    )


def charge_unmet(county: County, pairs: Pairs, charges: Charges, priorities: Collection[str]) -> None:
    for package in pairs.open_packages:
        if county.packages[package].priority in priorities:
            charges.unplaced(int(package), waiting_cost(county, int(package)))
    # What is settled on no contract without an offer pending would be unmet too; no standing rule settles anyone so.
    settled = np.setdiff1d(np.arange(len(county.packages)), np.concatenate((pairs.package, pairs.open_packages)))
    for package in settled:
        person = county.packages[package]
        if person.priority in priorities and person.package_id not in county.standing.pending:
            charges.always(waiting_cost(county, int(package)))
