"""How much room every limit has left while changes are made one after the other, counted from plain records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.judging.limit_use import Usage
from optimiser.rules.book import RuleBook


@dataclass(frozen=True)
class Change:
    """One package goes to a contract: placed, when it had none, or moved."""

    package: int
    before: int | None
    after: int

    @property
    def is_move(self) -> bool:
        return self.before is not None


class Rooms:
    """Minutes used under each limit, as changes go ahead. A limit exceeded on entry may stay so but not grow."""

    def __init__(self, county: County, rules: RuleBook, plan: Plan) -> None:
        usage = Usage.of(county, rules, plan)
        self._county, self._limits, self._touching = county, usage.limits, usage.touching
        self._used = list(usage.used)
        self._most = [max(limit.whole_minutes, entry) for limit, entry in zip(usage.limits, usage.on_entry, strict=True)]
        self._shifts: dict[Change, dict[int, int]] = {}

    def allow(self, changes: Iterable[Change]) -> bool:
        """Whether all limits hold once these changes have gone ahead together."""
        return not self.excess(changes)

    def excess(self, changes: Iterable[Change]) -> dict[int, int]:
        """The limits that these changes together would pass, and by how many minutes."""
        total: dict[int, int] = {}
        for change in changes:
            for limit, minutes in self.shift(change).items():
                total[limit] = total.get(limit, 0) + minutes
        over = {limit: self._used[limit] + minutes - self._most[limit] for limit, minutes in total.items() if minutes > 0}
        return {limit: minutes for limit, minutes in over.items() if minutes > 0}

    def make(self, changes: Iterable[Change]) -> None:
        """Let changes go ahead."""
        for change in changes:
            for limit, minutes in self.shift(change).items():
                self._used[limit] += minutes

    def shift(self, change: Change) -> dict[int, int]:
        """Per limit: the minutes that a change adds, or takes away."""
        if change not in self._shifts:
            minutes = self._county.packages[change.package].minutes_per_week
            shift: dict[int, int] = {}
            sides = [(change.after, 1)] if change.before is None else [(change.before, -1), (change.after, 1)]
            for contract, sign in sides:
                for limit in self._touching.get(contract, ()):
                    if self._limits[limit].counts(self._county, change.package, contract):
                        shift[limit] = shift.get(limit, 0) + sign * minutes
            self._shifts[change] = {limit: amount for limit, amount in shift.items() if amount}
        return self._shifts[change]
