"""A limit on how much. Copy to ``optimiser/rules/limits/``, under the rule's name, and fill in what says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Bools, Limit, LimitRule, Remedy

FILL_IN_MOST = Fraction(600)
"""FILL IN: minutes of care a week; or take it from the records, as ``contract_hours`` does."""


@dataclass(frozen=True)
class FillInLimit(Limit):
    """FILL IN: what one of them allows."""

    rule: str
    subject: str
    minutes: Fraction
    contracts: tuple[int, ...]
    called: str = "FILL IN: what it is to one of its contracts, in a few words"

    def counts(self, county: County, package: int, contract: int) -> bool:
        # FILL IN: the check's half: whether the care of this package counts on this contract.
        return contract in self.contracts and county.packages[package].area_id == self.subject

    def counts_many(self, county: County, packages: Ints, contracts: Ints) -> Bools:
        # FILL IN: the model's half: the same for many pairs at once.
        here = county.package_area[packages] == county.area_of[self.subject]
        return np.asarray(here & np.isin(contracts, self.contracts))

    def sentence(self, county: County, used: int) -> str:
        # FILL IN: what is used of what is allowed, as people say it.
        return f"Area {self.subject} would have {used / 60:g} legacy hours a week of at most {self.in_words}."


class FillInName(LimitRule):
    """FILL IN: the sentence of the rule book, which people read."""

    name = "fill_in_name"
    order = 900  # FILL IN: where it stands among the limits; no two have the same
    source = "FILL IN: the document that it comes from"
    providers_own = False  # FILL IN: True where the provider sets it itself, and may say yes beyond it
    change = "contract hours"  # FILL IN: the kind of change that raises it

    def limits(self, county: County) -> list[Limit]:
        # FILL IN: every limit of this kind that the county has, here one an area.
        old = tuple(index for index, contract in enumerate(county.contracts) if contract.tier == "legacy")
        return [FillInLimit(self.name, area.area_id, FILL_IN_MOST, old) for area in county.snapshot.areas]

    def raised(self, county: County, limit: Limit, minutes: Fraction) -> Iterator[Remedy]:
        # FILL IN: the smallest raise, with ``raising.raised_to``, where it lies in somebody's power; nothing where it does not.
        return iter(())
