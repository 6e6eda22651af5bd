from __future__ import annotations

from optimiser.county import County, Ints
from optimiser.domain.plan import Plan
from optimiser.rules.levels.travel import Travel
from optimiser.rules.vocabulary import Charges, Pairs


class TravelByRounds(Travel):
    """The least travelling added: seconds a week by which a package lengthens the ways of its provider's rounds."""

    replaces = Travel
    source = "rounds as they are built; domain: rounds are clusters of care close together"
    unit = "seconds a week"

    def __init__(self, seconds: Ints) -> None:
        self._seconds = seconds

    def measure(self, county: County, plan: Plan) -> int:
        return sum(int(self._seconds[package, county.provider_of[contract]]) for package, contract in plan.placed())

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        charges.each(self._seconds[pairs.package, county.provider_of[pairs.contract]])
