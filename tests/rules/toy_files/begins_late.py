"""A toy eligibility rule that goes by the day, and says nothing of itself."""

from __future__ import annotations

import datetime as dt

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding

MOST = 28
FIRST = dt.date(2027, 3, 29)


class ToyBeginsLate(EligibilityRule):
    """Care of more than 28 visits a week begins, and moves, from 29 March 2027 on."""

    name = "toy_begins_late"
    order = 135
    source = "invented for a test"

    def passes(self, county: County, packages: Ints) -> Bools:
        few = np.array([county.packages[package].visits_per_week <= MOST for package in packages], dtype=np.bool_)
        late = county.start_day[packages] >= FIRST.toordinal()
        return np.broadcast_to((few | late)[:, None], (len(packages), len(county.contracts)))

    def finding(self, county: County, package: int, contract: int) -> Finding:
        visits, day = county.packages[package].visits_per_week, county.start_of(package)
        return Finding(
            rule=self.name,
            passed=visits <= MOST or day >= FIRST,
            measured=str(day),
            limit=str(FIRST),
            unit="date",
            sentence=f"Care of {visits} visits a week would begin on {day}; above {MOST} it begins from {FIRST} on.",
        )
