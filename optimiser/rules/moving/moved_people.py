"""Who changes provider. Shared by the rules on moving; not a rule itself."""

from __future__ import annotations

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.domain.plan import Plan
from optimiser.rules.base import Bools


def moves(county: County, packages: Ints, contracts: Ints) -> Bools:
    """Model half: which pairs (package, contract) are a change of provider."""
    now = county.running_on[packages]
    return np.asarray((now != NOWHERE) & (county.provider_of[now] != county.provider_of[contracts]), dtype=np.bool_)


def moves_of(county: County, plan: Plan) -> dict[int, str]:
    """Check half: the packages whose provider a plan changes, each with the id of the provider that it leaves."""
    found = {}
    for package, contract in plan.placed():
        present = county.packages[package].contract_id
        if present:
            before = county.contracts[county.contract_index[present]].provider_id
            if county.contracts[contract].provider_id != before:
                found[package] = before
    return found
