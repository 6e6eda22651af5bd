"""A toy eligibility rule."""

from __future__ import annotations

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding

MOST = 28


class ToyFewVisits(EligibilityRule):
    """A framework contract takes on nobody with more than 28 visits a week."""

    name = "toy_few_visits"
    order = 130
    source = "invented for a test"
    settings = ("max_moves",)

    def passes(self, county: County, packages: Ints) -> Bools:
        many = np.array([county.packages[package].visits_per_week > MOST for package in packages], dtype=np.bool_)
        small = np.array([contract.tier == "framework" for contract in county.contracts], dtype=np.bool_)
        return np.asarray(~(many[:, None] & small))

    def finding(self, county: County, package: int, contract: int) -> Finding:
        visits, tier = county.packages[package].visits_per_week, county.contracts[contract].tier
        return Finding(
            rule=self.name,
            passed=tier != "framework" or visits <= MOST,
            measured=visits,
            limit=MOST,
            unit="visits a week",
            sentence=f"The care has {visits} visits a week; a {tier} contract is asked for at most {MOST}.",
        )
