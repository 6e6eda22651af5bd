from __future__ import annotations

from collections.abc import Mapping

from optimiser.county import County
from optimiser.rules.base import StandingRule
from optimiser.rules.vocabulary import Finding


class PendingOfferWaits(StandingRule):
    """A package with an offer still waiting for an answer is left out of the run; its hours stay held."""

    name = "pending_offer_waits"
    order = 30
    source = "snapshot format: a pending offer holds its hours and takes its package out of the run"

    def settled(self, county: County) -> Mapping[int, int | None]:
        return {county.package_index[package_id]: None for package_id in county.offers_in_force.pending}

    def finding(self, county: County, package: int, contract: int | None) -> Finding | None:
        asked = county.offers_in_force.pending.get(county.packages[package].package_id)
        if not asked:
            return None
        names = ", ".join(county.contracts[index].contract_id for index in asked)
        return Finding(
            rule=self.name,
            passed=contract is None,
            measured="" if contract is None else county.contracts[contract].contract_id,
            limit="",
            unit="contract",
            sentence=f"An offer on {names} is waiting for an answer.",
        )
