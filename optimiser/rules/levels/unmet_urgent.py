from __future__ import annotations

from fractions import Fraction

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.levels.waiting import SETTINGS, charge_unmet, measure_unmet
from optimiser.rules.vocabulary import Charges, Pairs

PRIORITIES = ("urgent",)


class UnmetUrgent(Level):
    """Nobody urgent waits: the least urgent need left without care."""

    name = "unmet_urgent"
    order = 10
    source = "domain: nobody urgent waits"
    settings = SETTINGS
    unit = "weighted minutes a week"

    def measure(self, county: County, plan: Plan) -> Fraction:
        return measure_unmet(county, plan, PRIORITIES)

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        charge_unmet(county, pairs, charges, PRIORITIES)
