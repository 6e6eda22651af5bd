from __future__ import annotations

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.domain.plan import Plan
from optimiser.rules.base import Level
from optimiser.rules.vocabulary import Charges, Group, Pairs


class Disruption(Level):
    """As few people as possible change provider."""

    name = "disruption"
    order = 70
    source = "domain: as few people as possible change provider"
    unit = "people"
    group = Group.MOVES
    about = "moves"
    indicator_turn = 60

    def measure(self, county: County, plan: Plan) -> int:
        moved = 0
        for package, contract in plan.placed():
            present = county.packages[package].contract_id
            if present:
                before = county.contracts[county.contract_index[present]].provider_id
                moved += county.contracts[contract].provider_id != before
        return moved

    def charge(self, county: County, pairs: Pairs, charges: Charges) -> None:
        now = county.running_on[pairs.package]
        moves = (now != NOWHERE) & (county.provider_of[now] != county.provider_of[pairs.contract])
        charges.each(moves.astype(np.int64))
