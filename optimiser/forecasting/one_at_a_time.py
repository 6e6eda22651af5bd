"""Deciding as a planner does: one person at a time, the most urgent first, each asked of one provider after the other.

The order is that of ``solving.greedy.by_hand``: priority, the day by which care is to start, a neutral hash.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from optimiser.county.offers_in_force import LASTING_REASON
from optimiser.domain.records import PRIORITIES, Offer
from optimiser.forecasting.answers_record import Answers
from optimiser.forecasting.asked_next import AskedNext
from optimiser.forecasting.keyed_chance import Dice
from optimiser.forecasting.played import Played
from optimiser.forecasting.this_week import ThisWeek
from optimiser.judging.candidates import neutral_hash

NOON = dt.time(12)


class Asked(NamedTuple):
    """An offer and its answer. ``offer``: what is on record of a no; None: the provider has said yes."""

    person: Played
    contract: int
    offer: Offer | None


class Replies:
    """What providers answer in one draw. The same person asked of the same provider for the n-th time hears the same."""

    def __init__(self, dice: Dice, answers: Answers, factor: Callable[[dt.date], float] = lambda _day: 1.0) -> None:
        self._dice, self._answers, self._factor = dice, answers, factor

    def of(self, person: Played, contract_id: str, provider_id: str, day: dt.date) -> Offer | None:
        """The no on record, or None for a yes."""
        number = person.asked.get(provider_id, 0)
        person.asked[provider_id] = number + 1
        part = min(1.0, self._answers.decline[provider_id] * self._factor(day))
        if self._dice.chance("answer", person.name, provider_id, number) >= part:
            return None
        why = self._dice.chance("why", person.name, provider_id, number)
        lapsed = why < self._answers.lapsed
        lasting = not lapsed and why < self._answers.lapsed + self._answers.lasting
        moment = dt.datetime.combine(day, NOON)
        return Offer(
            offer_id=f"{person.name}/{provider_id}/{number}",
            package_id=person.name,
            contract_id=contract_id,
            offered_at=moment,
            responded_at=moment,
            response="expired" if lapsed else "declined",
            reason=LASTING_REASON if lasting else "",
        )


def queue(week: ThisWeek) -> list[int]:
    """Everybody who waits, in the order in which a planner comes to them."""
    county = week.county

    def turn(person: int) -> tuple[int, dt.date, str]:
        record = county.packages[person]
        return (
            PRIORITIES.index(record.priority),
            record.start_by or dt.date.max,
            neutral_hash(county, record.package_id),
        )

    return sorted(range(len(week.waiting)), key=turn)


def decided(week: ThisWeek, replies: Replies, asks: int) -> Iterator[Asked]:
    """Every offer of the week in turn, with its answer. Rooms and shares are kept up to date; nobody is placed here."""
    next_asked, done = AskedNext(week), set[int]()
    for person in queue(week):
        if person in done:
            continue
        members = (person, *(each for each in week.groups.get(person, ()) if each != person))
        done.update(members)
        yield from _one(week, next_asked, members, replies, asks)


def _one(week: ThisWeek, next_asked: AskedNext, members: Sequence[int], replies: Replies, asks: int) -> Iterator[Asked]:
    """One person's offers; several people's, where they are placed together."""
    first, refused = week.waiting[members[0]], set[str]()
    allowed = np.flatnonzero(week.allowed[list(members)].all(axis=0)).tolist()
    for contract in next_asked.order(members, allowed):
        if asks == 0:
            return
        record = week.county.contracts[contract]
        if record.provider_id in refused:
            continue
        asks -= 1
        offer = replies.of(first, record.contract_id, record.provider_id, week.county.as_of)
        if offer is not None:
            refused.add(record.provider_id)
            yield Asked(first, contract, offer)
            continue
        week.take(members, contract)
        next_asked.add(contract, sum(week.waiting[member].minutes for member in members))
        for member in members:
            yield Asked(week.waiting[member], contract, None)
        return
