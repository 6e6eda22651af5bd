"""Deciding with prices of hours by sampled futures. For evidence alone: no command and no page of the product decides so.

People are come to in the planner's order and hear the same answers. Prices say which of the contracts that may be asked is asked
first, the cheapest, so that hours are spared for those who have no other; and, where they may, that somebody waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from optimiser.forecasting.asked_next import AskedNext
from optimiser.forecasting.one_at_a_time import Asked, Replies, queue
from optimiser.forecasting.this_week import ThisWeek
from tests.campaigns.waiting.prices import Futures, Outlook, better_later, dearest_last, too_dear

Waits = Literal["for nothing", "if too dear", "in hope"]
"""When somebody waits although a contract has room: never for a price; where its hours are worth more to others than care is to
anybody; or where, by the same prices, more is to be hoped for of a later week."""


@dataclass
class Priced:
    """A way to decide."""

    futures: Futures
    waits: Waits
    made_to_wait: set[str] = field(default_factory=set)
    """By id who was left waiting at least once although a contract with room had not been asked."""
    weeks_made_to_wait: int = 0

    def __call__(self, week: ThisWeek, replies: Replies, asks: int) -> Iterator[Asked]:
        if not week.waiting:
            return
        outlook, next_asked = self.futures.outlook(week), AskedNext(week)
        for person in queue(week):
            yield from self._one(week, outlook, next_asked, person, replies, asks)

    def _one(
        self, week: ThisWeek, outlook: Outlook, next_asked: AskedNext, place: int, replies: Replies, asks: int
    ) -> Iterator[Asked]:
        person, refused = week.waiting[place], set[str]()
        allowed: list[int] = np.flatnonzero(week.allowed[place]).tolist()
        able = dearest_last(outlook, list(next_asked.order((place,), allowed)))
        for contract in self._asked(outlook, able, allowed):
            record = week.county.contracts[contract]
            if record.provider_id in refused:
                continue
            if asks == 0:
                return
            asks -= 1
            offer = replies.of(person, record.contract_id, record.provider_id, week.county.as_of)
            if offer is None:
                week.take((place,), contract)
                next_asked.add(contract, person.minutes)
                yield Asked(person, contract, None)
                return
            refused.add(record.provider_id)
            yield Asked(person, contract, offer)
        if asks and any(week.county.contracts[contract].provider_id not in refused for contract in able):
            self.made_to_wait.add(person.name)
            self.weeks_made_to_wait += 1

    def _asked(self, outlook: Outlook, able: list[int], allowed: list[int]) -> list[int]:
        if self.waits == "for nothing":
            return able
        if self.waits == "if too dear":
            return [contract for contract in able if not too_dear(outlook, contract)]
        return [contract for contract in able if not better_later(outlook, contract, allowed)]
