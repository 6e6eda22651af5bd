from __future__ import annotations

from fractions import Fraction

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.vocabulary import Charges, Group, Pairs


class Travel(Level):
    """The least travelling: visits a week times the way to the provider's nearest office or running care in the area."""

    name = "travel"
    order = 90
    source = "domain: rounds are clusters of care close together; straight line unless a travel source is given"
    unit = "metres a week"
    group = Group.TRAVEL
    about = "travel"
    indicator_turn = 70

    def measure(self, county: County, plan: Plan) -> int:
        return sum(
            county.packages[package].visits_per_week * int(county.base_metres[package, county.provider_of[contract]])
            for package, contract in plan.placed()
        )

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        visits = np.array([package.visits_per_week for package in county.packages], dtype=np.int64)
        metres = county.base_metres[pairs.package, county.provider_of[pairs.contract]]
        charges.each(visits[pairs.package] * metres)

    def proof(self, county: County) -> tuple[int, Fraction]:
        return 0, Fraction(1, 10_000)
