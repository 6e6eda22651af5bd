"""The order in which a package's contracts are asked: tier, then furthest below its part, cost, travel, a neutral hash.

Whoever asks one person at a time (the service, a forecast's planner) asks a principal that would end above the upper edge of its
share after the framework; where all are placed at once, levels see to that.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import TIERS
from optimiser.judging.candidates import neutral_hash
from optimiser.rules.levels.shares import AreaShares, live_areas, minutes_on

Rank = tuple[int, Fraction | int, int, int, str]
AFTER_FRAMEWORK = TIERS.index("framework") + 0.5


@dataclass(frozen=True)
class Place:
    """A contract's place in the cascade of one package, with the figures that put it there."""

    contract: int
    tier: str
    below_part_minutes: Fraction | int
    """Minutes a week below the part of the area that it should have (negative: above it)."""
    cost_pence: int
    metres: int
    over_upper_edge: bool
    """A principal that would end above the upper edge of its share: told, without effect on ``order``."""

    @property
    def turn(self) -> float:
        """When it is asked by whoever asks one person at a time."""
        return turn(self.tier, over_upper_edge=self.over_upper_edge)


def turn(tier: str, *, over_upper_edge: bool) -> float:
    """When a contract is asked by whoever asks one person at a time: the least comes first."""
    return AFTER_FRAMEWORK if over_upper_edge else TIERS.index(tier)


class Cascade:
    """Orders contracts for packages, given who has how much: keep ``minutes`` up to date while placing."""

    def __init__(self, county: County, plan: Plan) -> None:
        self._county = county
        self._areas: dict[str, AreaShares] = {area.area_id: area for area in live_areas(county)}
        self._role: dict[int, tuple[AreaShares, Fraction | None]] = {}
        for area in self._areas.values():
            if area.principal is not None:
                self._role[area.principal] = (area, None)
            for contract, part in zip(area.framework, area.parts, strict=True):
                self._role[contract] = (area, part)
        self.minutes = {contract: minutes_on(county, plan, contract) for contract in self._role}

    def order(self, package: int, contracts: Iterable[int], now_on: int | None = None) -> list[Place]:
        """The contracts in the order in which they are asked for a package.

        ``now_on``: the contract that its own minutes are counted on already; they do not count against it.
        """
        return sorted(self.places(package, contracts, now_on), key=partial(self.rank, package))

    def in_turn(self, package: int, contracts: Iterable[int]) -> list[Place]:
        """The contracts in the order in which they are asked by whoever asks for one person at a time."""
        return sorted(self.places(package, contracts), key=lambda place: (place.turn, self.rank(package, place)))

    def places(self, package: int, contracts: Iterable[int], now_on: int | None = None) -> list[Place]:
        """The same as ``order`` gives, in the order of ``contracts``."""
        minutes = self._county.packages[package].minutes_per_week
        if now_on is not None:
            self.add(now_on, -minutes)
        places = [self.place(package, contract) for contract in contracts]
        if now_on is not None:
            self.add(now_on, minutes)
        return places

    def add(self, contract: int, minutes: int) -> None:
        """Count minutes more on a contract; one that has not begun counts with the one that it succeeds."""
        one = int(self._county.counts_with[contract])
        if one in self.minutes:
            self.minutes[one] += minutes

    def rank(self, package: int, place: Place) -> Rank:
        """What places are sorted by: the least is asked first."""
        names = self._county.packages[package].package_id, self._county.contracts[place.contract].contract_id
        return (
            TIERS.index(place.tier),
            -place.below_part_minutes,
            place.cost_pence,
            place.metres,
            neutral_hash(self._county, *names),
        )

    def rests_on(self, contract: int) -> tuple[int, ...]:
        """The minutes that a contract's place depends on: those of its area's principal and framework."""
        area, _ = self._role.get(self._one(contract), (None, None))
        if area is None:
            return ()
        principal = () if area.principal is None else (area.principal,)
        return tuple(self.minutes[each] for each in (*principal, *area.framework))

    def following(self, county: County, plan: Plan | None) -> Cascade:
        """The cascade of a plan for a county that differs in its offers alone. ``plan``: None where it is the same."""
        other = copy(self)
        other._county = county
        other.minutes = (
            dict(self.minutes) if plan is None else {contract: minutes_on(county, plan, contract) for contract in self._role}
        )
        return other

    def copy(self) -> Cascade:
        """Another of the same, to order with while others do."""
        other = copy(self)
        other.minutes = dict(self.minutes)
        return other

    def upper_edge_minutes(self, contract: int) -> int | None:
        """The upper edge of a principal's share; None for every other contract."""
        area, part = self._role.get(self._one(contract), (None, None))
        return area.upper if area is not None and part is None else None

    def place(self, package: int, contract: int) -> Place:
        county = self._county
        return Place(
            contract=contract,
            tier=county.contracts[contract].tier,
            below_part_minutes=self._below_part(contract),
            cost_pence=county.price_pence(package, contract),
            metres=int(county.base_metres[package, county.provider_of[contract]]),
            over_upper_edge=self._over_edge(package, contract),
        )

    def _one(self, contract: int) -> int:
        return int(self._county.counts_with[contract])

    def _below_part(self, contract: int) -> Fraction | int:
        contract = self._one(contract)
        if contract not in self._role:
            return 0  # the legacy framework has no part
        area, part = self._role[contract]
        if part is None:
            return area.entitlement - self.minutes[contract]
        return part * sum(self.minutes[each] for each in area.framework) - self.minutes[contract]

    def _over_edge(self, package: int, contract: int) -> bool:
        contract = self._one(contract)
        if contract not in self._role:
            return False
        area, part = self._role[contract]
        return part is None and self.minutes[contract] + self._county.packages[package].minutes_per_week > area.upper
