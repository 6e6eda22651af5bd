"""A toy level."""

from __future__ import annotations

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.vocabulary import Charges, Pairs


class ToyUnrated(Level):
    """As little care as possible with providers that CQC has not rated."""

    name = "toy_unrated"
    order = 75
    source = "invented for a test"
    unit = "minutes a week"

    def measure(self, county: County, plan: Plan) -> int:
        return sum(
            county.packages[package].minutes_per_week
            for package, contract in plan.placed()
            if county.provider(contract).cqc_rating == "not_rated"
        )

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        unrated = np.array([provider.cqc_rating == "not_rated" for provider in county.providers], dtype=np.bool_)
        charges.each(county.minutes[pairs.package] * unrated[county.provider_of[pairs.contract]])
