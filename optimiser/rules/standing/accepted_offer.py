from __future__ import annotations

from collections.abc import Mapping

from optimiser.county import County
from optimiser.rules.base import StandingRule
from optimiser.rules.vocabulary import Finding


class AcceptedOfferHolds(StandingRule):
    """Where a provider has said yes to an offer, the package goes there, whatever the rules now say."""

    name = "accepted_offer_holds"
    order = 20
    source = "snapshot format: an accepted offer is placed there"

    def settled(self, county: County) -> Mapping[int, int | None]:
        return {county.package_index[package_id]: contract for package_id, contract in county.offers_in_force.accepted.items()}

    def finding(self, county: County, package: int, contract: int | None) -> Finding | None:
        accepted = county.offers_in_force.accepted.get(county.packages[package].package_id)
        if accepted is None:
            return None
        promised = county.contracts[accepted].contract_id
        return Finding(
            rule=self.name,
            passed=contract == accepted,
            measured="" if contract is None else county.contracts[contract].contract_id,
            limit=promised,
            unit="contract",
            sentence=f"The provider has accepted this package on contract {promised}.",
        )
