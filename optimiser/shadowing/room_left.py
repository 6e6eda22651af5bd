"""What limits leave as people are placed one by one, and in which order contracts with room would be asked for somebody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from optimiser.county import County
from optimiser.judging.candidates import judge
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.judging.ranking import Cascade, Place
from optimiser.rules.base import Limit
from optimiser.rules.book import RuleBook


class RoomLeft:
    """One night's limits and shares; tell it of everybody who is placed. A person's own pending offers hold nothing from them."""

    def __init__(self, county: County, rules: RuleBook, packages: Iterable[int]) -> None:
        """``packages``: whoever may be asked about."""
        self.county = county
        self.plan = entry_plan(county)
        usage = Usage.of(county, rules, self.plan)
        self.limits: Sequence[Limit] = usage.limits
        self.used = list(usage.used)
        self._touching = usage.touching
        self._cascade = Cascade(county, self.plan)
        self._candidates = judge(county, rules, np.array(sorted(set(packages)), dtype=np.int64))
        self._released: set[int] = set()

    def order(self, members: Sequence[int], barred: Collection[str] = ()) -> list[Place]:
        """The contracts with room for all of these together, in the order asked for the first. ``barred``: no such provider."""
        allowed = set.intersection(*(set(self._candidates.of(member).tolist()) for member in members))
        able = [
            contract
            for contract in sorted(allowed)
            if self.county.provider(contract).provider_id not in barred and not self.lacking(members, contract)
        ]
        return self._cascade.in_turn(members[0], able)

    def lacking(self, members: Sequence[int], contract: int) -> list[tuple[Limit, int]]:
        """The limits that a contract would pass by these people, each with the minutes that it would then hold."""
        taken, held = self._taken(members, contract), self._held(members)
        after = {index: self.used[index] - held[index] + minutes for index, minutes in taken.items()}
        return [(self.limits[index], minutes) for index, minutes in after.items() if minutes > self.limits[index].whole_minutes]

    def place(self, members: Sequence[int], contract: int) -> None:
        """These go to a contract; what was held for them elsewhere is free."""
        for index, minutes in self._held(members).items():
            self.used[index] -= minutes
        for index, minutes in self._taken(members, contract).items():
            self.used[index] += minutes
        self._released.update(members)
        for member in members:
            self._cascade.add(contract, self.county.packages[member].minutes_per_week)
            self.plan = self.plan.with_package(member, contract)

    def _taken(self, members: Sequence[int], contract: int) -> Counter[int]:
        taken: Counter[int] = Counter()
        for index in self._touching.get(contract, ()):
            for member in members:
                if self.limits[index].counts(self.county, member, contract):
                    taken[index] += self.county.packages[member].minutes_per_week
        return taken

    def _held(self, members: Sequence[int]) -> Counter[int]:
        held: Counter[int] = Counter()
        for member in members:
            if member not in self._released:
                for contract in self.county.offers_in_force.pending.get(self.county.packages[member].package_id, ()):
                    held.update(self._taken([member], contract))
        return held
