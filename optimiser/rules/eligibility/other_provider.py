from __future__ import annotations

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.rules.base import Blocks, Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding


class OtherProvider(EligibilityRule):
    """Running care moves only to another provider; another contract of the same provider is paperwork, never automatic."""

    name = "other_provider"
    order = 120
    source = "snapshot format, rules: re-papering is reported but never automatic"
    obstacle = "it has the care already"
    running_only = True
    blocks = Blocks(one="has the principal already", many="have the principal already")
    depends_on_date = False

    def passes(self, county: County, packages: Ints) -> Bools:
        now = county.running_on[packages]
        present = np.append(county.provider_of, NOWHERE)[now]
        return np.asarray(present[:, None] != county.provider_of)

    def finding(self, county: County, package: int, contract: int) -> Finding:
        present = county.packages[package].contract_id
        provider_id = county.contracts[contract].provider_id
        same = bool(present) and county.contracts[county.contract_index[present]].provider_id == provider_id
        return Finding(
            rule=self.name,
            passed=not same,
            measured=provider_id if same else "",
            limit=None,
            unit="provider now",
            sentence=f"The care is {'already' if same else 'not'} with {county.provider(contract).name}.",
        )
