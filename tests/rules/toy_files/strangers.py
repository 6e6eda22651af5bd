"""A toy level between two of the standard book, and says nothing of itself but its unit."""

from __future__ import annotations

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.vocabulary import Charges, Pairs


class ToyStrangers(Level):
    """As few people as possible with providers that CQC has not rated."""

    name = "toy_strangers"
    order = 25
    source = "invented for a test"
    unit = "people"

    def measure(self, county: County, plan: Plan) -> int:
        return sum(county.provider(contract).cqc_rating == "not_rated" for _, contract in plan.placed())

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        unrated = np.array([provider.cqc_rating == "not_rated" for provider in county.providers], dtype=np.int64)
        charges.each(unrated[county.provider_of[pairs.contract]])
