"""What a contract's hours are worth in the weeks to come, by futures that could be: never by the one that is being played.

In each future everybody who waits today and everybody who is asked for in it is placed by a linear program; the prices of the
hours of contracts are averaged over the futures. Declines, hospital, failures and bars to come are left aside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.forecasting.events_drawn import DAYS, Scenery
from optimiser.forecasting.keyed_chance import Dice
from optimiser.forecasting.many_draws import Course
from optimiser.forecasting.this_week import ThisWeek
from optimiser.solving.engine import EngineError
from optimiser.solving.linear_program import FloatArray
from tests.campaigns.waiting.placing_over_weeks import Need, Placing, least_waiting

OTHER_NUMBERS = 1_000_000_007
"""Added to a course's seed, so that no future has the numbers of a draw that is played."""
TIED = 1e-6
"""Prices nearer to each other than this are the same."""


@dataclass(frozen=True)
class Outlook:
    """Per contract, for a minute a week of care that begins now and lasts as care usually does."""

    price: FloatArray
    """What its hours would be worth to others, over the weeks that are looked ahead."""
    worth: float
    """What care is worth from now on: the weeks that it is needed."""
    later: FloatArray
    """The most that is left of the worth of care after its price, should it begin there in a later week."""

    def gain(self, contract: int) -> float:
        """What is left of the worth after the price."""
        return self.worth - float(self.price[contract])


class Futures:
    """Samples of the weeks to come in one county. ``count`` of them a week, each of ``ahead`` weeks."""

    def __init__(self, course: Course, count: int, ahead: int) -> None:
        self.count, self.ahead = count, ahead
        self.unsolved = 0
        """Futures whose program came to no answer: they price nothing, and are told."""
        self._ground, self._given = course.ground, course.given
        self.seed = course.seed + OTHER_NUMBERS
        self._scenery = Scenery(course.ground.county.snapshot, course.given, course.weeks + ahead)

    def outlook(self, week: ThisWeek) -> Outlook:
        """The prices of today, averaged over so many futures."""
        now = (week.county.as_of - self._ground.county.as_of).days // DAYS
        prices = np.zeros((len(week.limits), self.ahead + 1))
        for number in range(self.count):
            prices += self._prices(week, now, Dice(self.seed, now * self.count + number))
        prices /= self.count
        lasts = (1 - self._given.ends_per_week) ** np.arange(self.ahead + 1)
        of_contract = np.array([prices[touching].sum(axis=0) for touching in week.touching])
        gains = (lasts * (1 - of_contract))[:, ::-1].cumsum(axis=1)[:, ::-1]
        return Outlook((lasts * of_contract).sum(axis=1), float(lasts.sum()), gains[:, 1:].max(axis=1))

    def _prices(self, week: ThisWeek, now: int, dice: Dice) -> FloatArray:
        needs = [*self._who_wait(week, now, dice), *self._who_come(week, now, dice)]
        room = np.repeat(np.array([[float(max(0, each))] for each in week.rooms]), self.ahead + 1, axis=1)
        for contract, people in enumerate(week.played.on):
            for name in sorted(people):
                for limit in week.touching[contract]:
                    room[limit, self._end(now, dice, name) :] += people[name].minutes
        try:
            return least_waiting(needs, room, week.touching, np.ones(self.ahead + 1)).prices
        except EngineError:
            self.unsolved += 1
            return np.zeros(room.shape)

    def _end(self, now: int, dice: Dice, name: str) -> int:
        """When care ends, in weeks from now."""
        ends = self._scenery.ends.after(now, dice.chance("ends", name))
        return self.ahead + 1 if ends is None else min(ends - now, self.ahead + 1)

    def _who_wait(self, week: ThisWeek, now: int, dice: Dice) -> list[Need]:
        found = []
        for place, person in enumerate(week.waiting):
            end = self._end(now, dice, person.name)
            allowed = np.flatnonzero(week.allowed[place]).tolist()
            today = [contract for contract in allowed if week.has_room((place,), contract)]
            found.append(_need(person.minutes, 0, end, allowed, today))
        return found

    def _who_come(self, week: ThisWeek, now: int, dice: Dice) -> list[Need]:
        takes_new_work, found = self._takes_new_work(week), []
        for ahead in range(1, self.ahead + 1):
            for arrival in self._scenery._asked_for(dice, now + ahead):
                allowed = np.flatnonzero(self._ground.fixed[arrival.alike] & takes_new_work).tolist()
                ends = arrival.life.ends
                end = self.ahead + 1 if ends is None else min(ends - now, self.ahead + 1)
                found.append(_need(arrival.package.minutes_per_week, ahead, end, allowed, allowed))
        return found

    def _takes_new_work(self, week: ThisWeek) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        day = week.county.as_of
        barred = {each.provider_id for each in week.played.restrictions if each.in_force(day)}
        return np.array([each.in_force(day) and each.provider_id not in barred for each in week.played.contracts])


def _need(minutes: int, first: int, end: int, allowed: list[int], at_once: list[int]) -> Need:
    """``at_once``: the contracts that have room for somebody in the first week."""
    placings = [Placing(first, contract, end, None) for contract in at_once]
    placings += [Placing(week, contract, end, None) for week in range(first + 1, end) for contract in allowed]
    return Need(minutes, first, end, tuple(placings))


def dearest_last(outlook: Outlook, contracts: list[int]) -> list[int]:
    """Contracts by their price; those of one price in the order in which they come."""
    return sorted(contracts, key=lambda contract: round(float(outlook.price[contract]) / TIED))


def too_dear(outlook: Outlook, contract: int) -> bool:
    """Whether hours are worth more to others than care from now on is to anybody."""
    return outlook.gain(contract) < -TIED


def better_later(outlook: Outlook, contract: int, allowed: list[int]) -> bool:
    """Whether more is left of the worth of care, after prices, should it begin in a later week at one of these contracts."""
    return outlook.gain(contract) < max((float(outlook.later[each]) for each in allowed), default=0.0) - TIED
