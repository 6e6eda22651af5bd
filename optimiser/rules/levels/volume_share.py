from __future__ import annotations

from fractions import Fraction

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.levels.shares import AreaShares, live_areas, minutes_on
from optimiser.rules.vocabulary import Charges, Pairs


class VolumeShare(Level):
    """The target share with the principal and the rest with the framework, fairly parted among the framework's providers."""

    name = "volume_share"
    order = 60
    source = "briefing: about 70% and 30%; the framework's parts by contract size"
    settings = ("principal_share_target", "share_tolerance", "tolerance_minutes_divisor")
    unit = "minutes a week"
    about = "even shares"
    indicator = "shares out of line"
    indicator_turn = 30

    def measure(self, county: County, plan: Plan) -> Fraction:
        return sum((_of_area(county, plan, area) for area in live_areas(county)), Fraction(0))

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        minutes, on = county.minutes[pairs.package], county.counts_with[pairs.contract]
        for area in live_areas(county):
            if area.principal is not None:
                with_principal = minutes * (on == area.principal)
                charges.excess(with_principal, over=area.upper)
                charges.shortfall(with_principal, under=area.lower)
            in_framework = minutes * np.isin(on, area.framework)
            for contract, part in zip(area.framework, area.parts, strict=True):
                own = minutes * (on == contract)
                # own - part x all, in whole numbers: both sides times the part's denominator
                uneven = own * part.denominator - in_framework * part.numerator
                charges.distance(uneven, mark=0, cost=Fraction(1, part.denominator))

    def tolerance(self, county: County) -> int:
        return county.waiting_minutes // county.policy.tolerance_minutes_divisor


def _of_area(county: County, plan: Plan, area: AreaShares) -> Fraction:
    outside = Fraction(0)
    if area.principal is not None:
        held = minutes_on(county, plan, area.principal)
        outside += max(0, held - area.upper) + max(0, area.lower - held)
    delivered = [minutes_on(county, plan, contract) for contract in area.framework]
    everyone = sum(delivered)
    return outside + sum((abs(own - part * everyone) for own, part in zip(delivered, area.parts, strict=True)), Fraction(0))
