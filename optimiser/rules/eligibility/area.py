from __future__ import annotations

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.rules.base import Blocks, Bools, EligibilityRule
from optimiser.rules.vocabulary import NOT_ITS_AREA, Finding


class AreaCovered(EligibilityRule):
    """The contract covers the area where the person lives."""

    name = "area"
    order = 20
    source = "briefing: contracts are let by PCN area; the legacy framework is county-wide"
    in_statements = NOT_ITS_AREA
    obstacle = "it covers another area"
    blocks = Blocks(one="lives in another area", many="live in another area", turn=115)
    depends_on_date = False
    fixed = True

    def passes(self, county: County, packages: Ints) -> Bools:
        own = county.package_area[packages][:, None]
        return np.asarray((county.contract_area == NOWHERE) | (county.contract_area == own))

    def finding(self, county: County, package: int, contract: int) -> Finding:
        person, record = county.packages[package], county.contracts[contract]
        passed = record.area_id in ("", person.area_id)
        covers = record.area_id or "the whole county"
        return Finding(
            rule=self.name,
            passed=passed,
            measured=person.area_id,
            limit=record.area_id or "county",
            unit="area",
            sentence=f"The care is in area {person.area_id}; the contract covers {covers}.",
        )
