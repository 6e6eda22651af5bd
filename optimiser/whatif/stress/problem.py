"""A snapshot, and the county made of the one at hand, as they would be if some contracts ended today: what stress solves, and
what anybody can do by hand. Nothing is measured again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.county.offers_in_force import offers_in_force
from optimiser.county.succession import Succession, carried_over
from optimiser.domain.records import Contract, Package
from optimiser.domain.snapshot import Snapshot


def contracts_of(snapshot: Snapshot, provider_ids: Collection[str]) -> frozenset[str]:
    """The ids of every contract that some providers hold, of every tier and date."""
    return frozenset(contract.contract_id for contract in snapshot.contracts if contract.provider_id in provider_ids)


def ended(snapshot: Snapshot, contract_ids: Collection[str]) -> Snapshot:
    """The same snapshot with these contracts ended on its date, and everybody who runs on them waiting for somebody else.

    Their packages become ``new``, with ``contract_id``, ``round_id``, ``care_started`` and ``start_by`` emptied: they need
    care now and are not overdue. Offers stay as they stand: an accepted one holds its place, whatever the rules now say, and
    a pending one its hours. Everything else is as it was.
    """
    packages = carried_over(snapshot, Succession.of(snapshot.contracts))
    return replace(
        snapshot,
        contracts=tuple(_ended(c, snapshot) if c.contract_id in contract_ids else c for c in snapshot.contracts),
        packages=tuple(_waiting(p) if p.contract_id in contract_ids and p.status == "active" else p for p in packages),
    )


def _ended(contract: Contract, snapshot: Snapshot) -> Contract:
    """Ended today (half-open: today is the first day not covered), or earlier if it had ended before."""
    ends = snapshot.as_of if contract.ends is None else min(contract.ends, snapshot.as_of)
    starts = contract.starts if contract.starts is None else min(contract.starts, ends)
    return replace(contract, starts=starts, ends=ends)


def _waiting(package: Package) -> Package:
    return replace(package, status="new", contract_id="", round_id="", care_started=None, start_by=None)


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
