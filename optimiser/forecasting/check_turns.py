"""Who is asked before whom in one week of a draw, worked out from plain records for its check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from math import floor

from optimiser.county.succession import Succession
from optimiser.domain.records import TIERS, Contract
from optimiser.domain.snapshot import Snapshot

AFTER_FRAMEWORK = TIERS.index("framework") + 0.5


class Turns:
    """By tier, and a principal that care would lift above the upper edge of its share after the framework."""

    def __init__(
        self,
        snapshot: Snapshot,
        contracts: Mapping[str, Contract],
        demand: Mapping[str, int],
        on: Mapping[str, int],
        day: dt.date,
    ) -> None:
        """``demand``: minutes a week by area; ``on``: by contract, looked at whenever somebody is placed."""
        self._contracts, self._on = contracts, on
        succession = Succession.of(contracts.values())
        self._one = {each: succession.counts_with(each, day) for each in contracts}
        self._edges = {
            area.area_id: floor(snapshot.policy.share_high * demand.get(area.area_id, 0))
            for area in snapshot.areas
            if area.is_live(day)
        }
        self._day = day

    def before(self, contract: Contract, area_id: str, minutes: int) -> Iterator[Contract]:
        """The contracts of somebody's area that are asked before one for so many minutes a week."""
        turn = self._turn(contract, minutes)
        yield from (each for each in self._contracts.values() if each.area_id == area_id and self._turn(each, minutes) < turn)

    def _turn(self, contract: Contract, minutes: int) -> float:
        return AFTER_FRAMEWORK if self._is_beyond(contract, minutes) else TIERS.index(contract.tier)

    def _is_beyond(self, contract: Contract, minutes: int) -> bool:
        one = self._one[contract.contract_id]
        if contract.tier != "principal" or contract.area_id not in self._edges or not self._contracts[one].in_force(self._day):
            return False
        held = sum(self._on.get(each, 0) for each, other in self._one.items() if other == one)
        return held + minutes > self._edges[contract.area_id]
