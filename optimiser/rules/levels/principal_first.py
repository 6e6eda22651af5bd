from __future__ import annotations

from fractions import Fraction

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.levels.shares import live_areas, minutes_on
from optimiser.rules.vocabulary import Charges, Pairs


class PrincipalFirst(Level):
    """The principal provider first, up to its contract or the upper edge of its share, whichever is less."""

    name = "principal_first"
    order = 50
    source = "briefing: packages are offered to the principal provider first; about 70%"
    settings = ("principal_share_target", "share_tolerance", "tolerance_minutes_divisor")
    unit = "minutes a week"
    about = "the principal's share"
    indicator = "principals short of what they are due first"
    indicator_turn = 30

    def measure(self, county: County, plan: Plan) -> Fraction:
        return sum(
            (
                max(Fraction(0), area.entitlement - minutes_on(county, plan, area.principal))
                for area in live_areas(county)
                if area.principal is not None
            ),
            Fraction(0),
        )

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        minutes, contract = county.minutes[pairs.package], county.counts_with[pairs.contract]
        for area in live_areas(county):
            if area.principal is not None:
                charges.shortfall(minutes * (contract == area.principal), under=area.entitlement)

    def tolerance(self, county: County) -> int:
        return county.waiting_minutes // county.policy.tolerance_minutes_divisor
