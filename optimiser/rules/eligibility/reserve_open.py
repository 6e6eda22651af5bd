from __future__ import annotations

import numpy as np

from optimiser.county import County, Ints
from optimiser.rules.base import Blocks, Bools, EligibilityRule
from optimiser.rules.vocabulary import NOT_ITS_AREA, Finding


class ReserveOpen(EligibilityRule):
    """A reserve contract is asked only in an area where a named person has opened the reserve."""

    name = "reserve_open"
    order = 35
    source = "snapshot format: a provider of last resort, in a declared emergency"
    in_statements = NOT_ITS_AREA
    obstacle = "the reserve is not opened in the area"
    blocks = Blocks(one="lives where the reserve is not opened", many="live where the reserve is not opened", turn=117)
    depends_on_date = False
    bars_asking_alone = True

    def in_use(self, county: County) -> bool:
        return any(contract.tier == "reserve" for contract in county.contracts)

    def passes(self, county: County, packages: Ints) -> Bools:
        opened = np.array([area.area_id in county.snapshot.reserve_areas for area in county.snapshot.areas], dtype=np.bool_)
        usual = np.array([contract.tier != "reserve" for contract in county.contracts], dtype=np.bool_)
        return np.asarray(usual | opened[county.package_area[packages]][:, None])

    def finding(self, county: County, package: int, contract: int) -> Finding:
        person, record = county.packages[package], county.contracts[contract]
        opened = person.area_id in county.snapshot.reserve_areas
        if record.tier != "reserve":
            sentence = "The contract is not one of last resort."
        else:
            sentence = f"The reserve {'is' if opened else 'is not'} opened in area {person.area_id}."
        return Finding(
            rule=self.name,
            passed=record.tier != "reserve" or opened,
            measured="open" if opened else "closed",
            limit="open" if record.tier == "reserve" else None,
            unit="reserve",
            sentence=sentence,
        )
