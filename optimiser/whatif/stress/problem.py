"""A county in which some contracts end today, made from the county at hand: nothing is measured again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.county.offers_in_force import offers_in_force
from optimiser.county.succession import Succession
from optimiser.whatif.stress.ending import ended


def varied(county: County, contract_ids: Collection[str]) -> County:
    """What ``County.of`` makes of the snapshot with these contracts ended: people stay where they live."""
    snapshot = ended(county.snapshot, contract_ids)
    gone = [county.contract_index[contract_id] for contract_id in sorted(contract_ids)]
    return replace(
        county,
        snapshot=snapshot,
        packages=snapshot.packages,
        contracts=snapshot.contracts,
        offers_in_force=offers_in_force(snapshot, county.contract_index, Succession.of(snapshot.contracts)),
        running_on=np.where(np.isin(county.running_on, gone), NOWHERE, county.running_on),
    )
