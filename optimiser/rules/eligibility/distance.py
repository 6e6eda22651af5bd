from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from optimiser.county import County, Ints
from optimiser.geography.grid import METRES_PER_MILE
from optimiser.rules.base import Blocks, Bools, EligibilityRule, Remedy
from optimiser.rules.vocabulary import Finding

UNIT_MILES = Fraction(1, 100)
"""Distances are shown, and radiuses widened, in hundredths of a mile."""


MILES_AT_EASE = 5
"""A radius may be asked to grow by so much for anybody, and by a mile for each hour of care a week; more is far-fetched."""


class Distance(EligibilityRule):
    """The place is within the provider's own travel radius, measured from its nearest office."""

    name = "distance"
    order = 80
    source = "snapshot format, providers: max_distance_miles, inclusive"
    in_statements = "radius"
    change = "travel radius"
    obstacle = "too far away"
    blocks = Blocks(one="lives further away than the principal travels", many="live further away than the principal travels")
    depends_on_date = False
    fixed = True

    def passes(self, county: County, packages: Ints) -> Bools:
        radius = np.array([math.inf if p.max_distance_miles is None else float(p.max_distance_miles) for p in county.providers])
        within = county.office_metres[packages] / METRES_PER_MILE <= radius
        return np.asarray(within[:, county.provider_of])

    def finding(self, county: County, package: int, contract: int) -> Finding:
        provider = county.provider(contract)
        miles = county.office_miles(package, int(county.provider_of[contract]))
        radius = provider.max_distance_miles
        if radius is None:
            sentence = f"{provider.name}'s nearest office is {miles:.2f} miles away; it sets no travel radius."
        else:
            sentence = f"{provider.name}'s nearest office is {miles:.2f} miles away; it travels up to {float(radius):g} miles."
        return Finding(
            rule=self.name,
            passed=radius is None or miles <= float(radius),
            measured=round(miles, 4),
            limit=None if radius is None else float(radius),
            unit="miles",
            sentence=sentence,
        )

    def smallest_change(self, county: County, package: int, contract: int) -> Iterator[Remedy]:
        provider = county.provider(contract)
        miles = county.office_miles(package, int(county.provider_of[contract]))
        if provider.max_distance_miles is None or miles <= float(provider.max_distance_miles):
            return
        needed = math.ceil(miles / float(UNIT_MILES)) * UNIT_MILES
        now = f"{float(provider.max_distance_miles):g}"
        at_ease = max(Fraction(MILES_AT_EASE), Fraction(county.packages[package].minutes_per_week, 60))
        yield Remedy(
            change=self.change,
            subject=provider.provider_id,
            amount=needed - provider.max_distance_miles,
            unit="miles",
            far_fetched=needed - provider.max_distance_miles > at_ease,
            sentence=f"{provider.name} travels up to {float(needed):.2f} miles instead of {now}.",
            applied=lambda county: county.changed(provider=replace(provider, max_distance_miles=needed)),
            one_unit_less=lambda county: county.changed(provider=replace(provider, max_distance_miles=needed - UNIT_MILES)),
        )
