"""A limit on all care on some contracts. Shared by two limit rules; not a rule itself."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.words import hours_per_4w_in_words
from optimiser.rules.base import Bools, Limit


@dataclass(frozen=True)
class AllCareLimit(Limit):
    """Everything on the contracts counts, running care and new alike."""

    rule: str
    subject: str
    minutes: Fraction
    contracts: tuple[int, ...]
    who: str
    """The subject, as a sentence begins with it."""
    called: str
    """What it is to one of its contracts."""

    def counts(self, county: County, package: int, contract: int) -> bool:
        return contract in self.contracts

    def counts_many(self, county: County, packages: Ints, contracts: Ints) -> Bools:
        return np.isin(contracts, self.contracts)

    def sentence(self, county: County, used: int) -> str:
        return f"{self.who} would hold {hours_per_4w_in_words(used)} of at most {self.in_words}."
