from __future__ import annotations

from collections.abc import Mapping

from optimiser.county import NOWHERE, County
from optimiser.rules.base import StandingRule
from optimiser.rules.vocabulary import Finding


class RunningCareStays(StandingRule):
    """Running care stays with its provider on its contract: an allocation ends nobody's care and moves nobody."""

    name = "running_care_stays"
    order = 10
    source = "snapshot format: allocate leaves running packages where they are"

    def settled(self, county: County) -> Mapping[int, int | None]:
        return {package: int(contract) for package, contract in enumerate(county.running_on) if contract != NOWHERE}

    def finding(self, county: County, package: int, contract: int | None) -> Finding | None:
        present = county.packages[package].contract_id
        if not present:
            return None
        planned = "" if contract is None else county.contracts[contract].contract_id
        what_next = "stays there" if planned == present else "would be ended or moved"
        return Finding(
            rule=self.name,
            passed=planned == present,
            measured=planned,
            limit=present,
            unit="contract",
            sentence=f"The care runs under contract {present} and {what_next}.",
        )
