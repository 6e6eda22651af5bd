"""A toy limit rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Bools, Limit, LimitRule, Remedy

MOST_MINUTES = Fraction(600)


@dataclass(frozen=True)
class ToyAreaLimit(Limit):
    """What one area allows on all legacy contracts together."""

    rule: str
    subject: str
    minutes: Fraction
    contracts: tuple[int, ...]

    def counts(self, county: County, package: int, contract: int) -> bool:
        return county.contracts[contract].tier == "legacy" and county.packages[package].area_id == self.subject

    def counts_many(self, county: County, packages: Ints, contracts: Ints) -> Bools:
        here = county.package_area[packages] == county.area_of[self.subject]
        return np.asarray(here & np.isin(contracts, self.contracts))

    def sentence(self, county: County, used: int) -> str:
        return f"Area {self.subject} would have {used / 60:g} legacy hours a week of at most {float(self.minutes / 60):g}."


class ToyLegacyHours(LimitRule):
    """An area has at most ten hours a week on the legacy framework."""

    name = "toy_legacy_hours"
    order = 40
    source = "invented for a test"
    change = "contract hours"

    def limits(self, county: County) -> list[Limit]:
        old = tuple(index for index, contract in enumerate(county.contracts) if contract.tier == "legacy")
        return [ToyAreaLimit(self.name, area.area_id, MOST_MINUTES, old) for area in county.snapshot.areas]

    def raised(self, county: County, limit: Limit, minutes: Fraction) -> Iterator[Remedy]:
        return iter(())  # in nobody's power
