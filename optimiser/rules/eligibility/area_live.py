from __future__ import annotations

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.records import OF_ONE_AREA
from optimiser.rules.base import Blocks, Bools, EligibilityRule
from optimiser.rules.eligibility.in_force import NEVER_ENDS
from optimiser.rules.vocabulary import NOT_ITS_AREA, Finding

ANY_DAY = {"legacy": "The legacy framework", "reserve": "A reserve contract", "specialist": "A specialist contract"}
"""Tiers that do not wait for an area's go-live, as a sentence begins with them."""


class AreaLive(EligibilityRule):
    """A principal or framework contract is used only once its area has gone live."""

    name = "area_live"
    order = 30
    source = "briefing: roll-out dates by area"
    in_statements = NOT_ITS_AREA
    obstacle = "the area is not live when care would start"
    blocks = Blocks(principal="the area is not live on any wave")
    depends_on_date = True

    def passes(self, county: County, packages: Ints) -> Bools:
        go_live = np.array([a.go_live.toordinal() if a.go_live else NEVER_ENDS for a in county.snapshot.areas])
        any_day = np.array([contract.tier not in OF_ONE_AREA for contract in county.contracts], dtype=np.bool_)
        live = go_live[county.package_area[packages]] <= county.start_day[packages]
        return np.asarray(any_day | live[:, None])

    def finding(self, county: County, package: int, contract: int) -> Finding:
        person, record = county.packages[package], county.contracts[contract]
        area = county.snapshot.areas[county.area_of[person.area_id]]
        day = county.start_of(package)
        any_day = record.tier not in OF_ONE_AREA
        if any_day:
            sentence = f"{ANY_DAY[record.tier]} may be used before and after an area goes live."
        elif area.go_live is None:
            sentence = f"Area {area.area_id} has no go-live date yet, so only the legacy framework is used there."
        else:
            sentence = f"Area {area.area_id} goes live on {area.go_live}; care would start on {day}."
        return Finding(
            rule=self.name,
            passed=any_day or area.is_live(day),
            measured=str(day),
            limit=None if any_day else str(area.go_live or "no date"),
            unit="date",
            sentence=sentence,
        )
