from __future__ import annotations

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.vocabulary import Charges, Group, Pairs

RESERVE_WEIGHT = 2
"""What a minute with a provider of last resort counts."""


class Legacy(Level):
    """The legacy framework only by exception, the reserve last: the fewest minutes on them, those on the reserve twice.

    Legacy care counts in live areas, reserve care everywhere.
    """

    name = "legacy"
    order = 40
    source = "briefing: legacy by exception, where neither principal nor framework can meet the need"
    unit = "minutes a week"
    group = Group.EXCEPTION
    about = "use of the legacy framework"
    indicator = "legacy in live areas"
    indicator_turn = 10
    settled_in_words = "are on the legacy framework in live areas"

    def measure(self, county: County, plan: Plan) -> int:
        live = {area.area_id for area in county.snapshot.areas if area.is_live(county.as_of)}
        total = 0
        for package, contract in plan.placed():
            person, tier = county.packages[package], county.contracts[contract].tier
            if tier == "reserve":
                total += RESERVE_WEIGHT * person.minutes_per_week
            elif tier == "legacy" and person.area_id in live:
                total += person.minutes_per_week
        return total

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        live = np.array([area.is_live(county.as_of) for area in county.snapshot.areas], dtype=np.bool_)
        legacy = np.array([contract.tier == "legacy" for contract in county.contracts], dtype=np.bool_)
        reserve = np.array([contract.tier == "reserve" for contract in county.contracts], dtype=np.bool_)
        counts = legacy[pairs.contract] & live[county.package_area[pairs.package]]
        charges.each(county.minutes[pairs.package] * (counts + RESERVE_WEIGHT * reserve[pairs.contract]))
