from __future__ import annotations

from collections.abc import Mapping

from optimiser.county import County
from optimiser.rules.base import Beforehand, StandingRule
from optimiser.rules.vocabulary import Finding


class PinsHold(StandingRule):
    """What a named person has pinned for this run is kept: a package on a contract, or waiting."""

    name = "pins_hold"
    order = 990
    source = "a run with pins: package to contract, or stays waiting"

    def __init__(self, pins: Mapping[str, str | None] | None = None) -> None:
        self._pins = dict(pins or {})

    def settled(self, county: County) -> Mapping[int, int | None]:
        return {
            county.package_index[package_id]: None if contract_id is None else county.contract_index[contract_id]
            for package_id, contract_id in self._pins.items()
        }

    def finding(self, county: County, package: int, contract: int | None) -> Finding | None:
        package_id = county.packages[package].package_id
        if package_id not in self._pins:
            return None
        pinned = self._pins[package_id]
        planned = None if contract is None else county.contracts[contract].contract_id
        where = "to wait" if pinned is None else f"to contract {pinned}"
        return Finding(
            rule=self.name,
            passed=planned == pinned,
            measured=planned or "",
            limit=pinned or "",
            unit="contract",
            sentence=f"A named person has pinned it {where} for this run.",
        )

    def beforehand(self, county: County, package: int) -> Beforehand | None:
        person, offers = county.packages[package], county.offers_in_force
        if person.package_id not in self._pins or person.package_id in {**offers.accepted, **offers.pending}:
            return None  # what an offer settles is said of the offer
        if person.contract_id:
            return Beforehand("pinned", "Pinned by a named person for this run: the care stays where it is.")
        if self._pins[person.package_id] is None:
            return Beforehand("left waiting", "Pinned by a named person for this run: it stays waiting, and nobody was asked.")
        return Beforehand("pinned", "Pinned to this contract by a named person for this run; every rule and limit allows it.")
