"""A toy limit that counts some of the care on a contract, and says nothing of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Bools, Limit, LimitRule, Remedy

FEW = 4
MOST_MINUTES = Fraction(9 * 60)


@dataclass(frozen=True)
class ToyShortLimit(Limit):
    """What one contract may have of it."""

    rule: str
    subject: str
    minutes: Fraction
    contracts: tuple[int, ...]

    def counts(self, county: County, package: int, contract: int) -> bool:
        return contract in self.contracts and county.packages[package].visits_per_week < FEW

    def counts_many(self, county: County, packages: Ints, contracts: Ints) -> Bools:
        few = np.array([county.packages[package].visits_per_week < FEW for package in packages], dtype=np.bool_)
        return np.asarray(few & np.isin(contracts, self.contracts))

    def sentence(self, county: County, used: int) -> str:
        return f"Contract {self.subject} would have {used / 60:g} hours a week of short care, of at most 9."


class ToyShortCare(LimitRule):
    """A principal or framework contract has at most nine hours a week of care in fewer than four visits."""

    name = "toy_short_care"
    order = 50
    source = "invented for a test"
    change = "contract hours"

    def limits(self, county: County) -> list[Limit]:
        return [
            ToyShortLimit(self.name, contract.contract_id, MOST_MINUTES, (index,))
            for index, contract in enumerate(county.contracts)
            if contract.tier != "legacy"
        ]

    def raised(self, county: County, limit: Limit, minutes: Fraction) -> Iterator[Remedy]:
        return iter(())
