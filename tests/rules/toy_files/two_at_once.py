"""A toy eligibility rule whose findings may tell something of the person."""

from __future__ import annotations

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding


class ToyTwoAtOnce(EligibilityRule):
    """Nobody who needs two care workers at once goes to a provider that CQC has not rated."""

    name = "toy_two_at_once"
    order = 140
    source = "invented for a test"
    private = True

    def passes(self, county: County, packages: Ints) -> Bools:
        two = np.array([county.packages[package].workers == 2 for package in packages], dtype=np.bool_)
        unrated = np.array([provider.cqc_rating == "not_rated" for provider in county.providers], dtype=np.bool_)
        return np.asarray(~(two[:, None] & unrated[county.provider_of]))

    def finding(self, county: County, package: int, contract: int) -> Finding:
        workers, rating = county.packages[package].workers, county.provider(contract).cqc_rating
        return Finding(
            rule=self.name,
            passed=workers != 2 or rating != "not_rated",
            measured=workers,
            limit=1 if rating == "not_rated" else 2,
            unit="care workers at once",
            sentence=f"The care needs {workers} at once; the provider is {rating.replace('_', ' ')}.",
        )
