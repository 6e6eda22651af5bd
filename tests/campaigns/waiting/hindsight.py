"""What could have been done, had everything been known that came from outside: a bound below the hours that waited.

Arrivals, ends, stays in hospital, failures, bars and answers are those of the draw. Nobody could have done better than the bound;
it may be that nobody could have reached it, since people are divided in it, and rules that change with the day are left aside.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.county.offers_in_force import stands_until
from optimiser.domain.dates import days_after
from optimiser.domain.records import Package
from optimiser.forecasting.events_drawn import DAYS, Drawn, Life
from optimiser.forecasting.ground import Ground
from optimiser.forecasting.many_draws import Course
from optimiser.forecasting.one_at_a_time import Replies
from optimiser.forecasting.played import Played
from optimiser.rules.limits.all_care import AllCareLimit
from optimiser.solving.linear_program import FloatArray
from tests.campaigns.waiting.placing_over_weeks import Bound, Need, Placing, least_waiting

NEVER = 10**6
"""A week after every forecast."""


def hindsight(course: Course, drawn: Drawn, replies: Replies) -> Bound:
    """The bound of one draw. ``replies``: those of a play that has not begun."""
    known = Known(course.ground, drawn, replies, course.given.hold_weeks)
    needs = dict(known.needs())
    counted = np.array([0.0] + [1.0] * drawn.weeks)
    return least_waiting([needs[name] for name in sorted(needs)], known.room(), known.limits_of, counted)


class Known:
    """A draw as somebody sees it who knows it to its end."""

    def __init__(self, ground: Ground, drawn: Drawn, replies: Replies, hold_weeks: int) -> None:
        county = ground.county
        self.ground, self.drawn, self._replies, self._hold = ground, drawn, replies, hold_weeks
        self._provider = [contract.provider_id for contract in county.contracts]
        self._fails = [drawn.fails.get(provider, NEVER) for provider in self._provider]
        self._limits = plain_limits(ground, county)
        self.limits_of = [
            [index for index, limit in enumerate(self._limits) if contract in limit.contracts]
            for contract in range(len(county.contracts))
        ]

    def needs(self) -> Iterator[tuple[str, Need]]:
        """By id everybody who waits at some time: from the first day, once asked for, or when the care that they had is lost."""
        county = self.ground.county
        for row, package in enumerate(county.packages):
            life, contract = self.drawn.lives[package.part_of or package.package_id], int(county.running_on[row])
            first = 0 if contract == NOWHERE else self.taken(life, contract, 0).again
            if first is not None:
                yield package.package_id, self._need(package, row, life, first)
        for week, arrivals in enumerate(self.drawn.arrivals):
            for each in arrivals:
                yield each.package.package_id, self._need(each.package, each.alike, each.life, week)

    def room(self) -> FloatArray:
        """Per limit and week the minutes that care which ran on the first day leaves free."""
        county = self.ground.county
        room = np.repeat(np.array([[float(limit.whole_minutes)] for limit in self._limits]), self.drawn.weeks + 1, axis=1)
        for row, package in enumerate(county.packages):
            if (contract := int(county.running_on[row])) != NOWHERE:
                left = self.taken(self.drawn.lives[package.part_of or package.package_id], contract, 0).left
                for limit in self.limits_of[contract]:
                    room[limit, :left] -= package.minutes_per_week
        return room

    def taken(self, life: Life, contract: int, week: int) -> Placing:
        """How long care that begins in a week (after what happens in it) takes hours, and when the person waits again."""
        ends = NEVER if life.ends is None else life.ends
        fails = self._fails[contract]
        for stay in life.stays:
            if stay.week <= week:
                continue
            if fails <= stay.week:
                break  # lost before, and whoever waits does not go to hospital
            released = stay.week + self._hold
            kept_to = released if released < stay.until or self._hold == 0 else stay.until
            left = min(kept_to, fails, ends)
            if not stay.returns:
                return Placing(week, contract, min(left, stay.until), None)
            if ends <= stay.until:
                return Placing(week, contract, left, None)
            if kept_to < stay.until or fails <= stay.until or self._hold == 0:
                return Placing(week, contract, left, stay.until)
        return Placing(week, contract, min(fails, ends), fails if fails < ends else None)

    def _need(self, package: Package, row: int, life: Life, first: int) -> Need:
        until = min(NEVER if life.ends is None else life.ends, self.drawn.weeks + 1)
        open_from = self._first_yes(package, row, first)
        placings = [
            self.taken(life, contract, week)
            for contract in np.flatnonzero(self.ground.fixed[row]).tolist()
            for week in range(max(first, open_from[self._provider[contract]]), until)
            if self._takes_new_work(contract, week)
        ]
        return Need(package.minutes_per_week, first, until, tuple(placings))

    def _takes_new_work(self, contract: int, week: int) -> bool:
        return week < self._fails[contract] and not any(
            bar.provider_id == self._provider[contract] and bar.week <= week < bar.until for bar in self.drawn.barred
        )

    def _first_yes(self, package: Package, row: int, first: int) -> dict[str, int]:
        """Per provider the first week in which it could have said yes, asked as early and as often as answers on record allow."""
        county, found = self.ground.county, dict[str, int]()
        person = Played(package, row, int(self.ground.area[row]), first)
        for provider in sorted(set(self._provider)):
            week = first
            while week <= self.drawn.weeks:
                day = days_after(county.as_of, DAYS * week)
                offer = self._replies.of(person, "", provider, day)
                if offer is None:
                    break
                until = stands_until(offer, county.policy)
                week = NEVER if until is None else week + max(1, -(-(until - day).days // DAYS))
            found[provider] = week
        return found


def plain_limits(ground: Ground, county: County) -> list[AllCareLimit]:
    """The limits of a county, which here are all on whatever care a contract or provider has."""
    found = [limit for limit in ground.rules.all_limits(county) if isinstance(limit, AllCareLimit)]
    if len(found) != len(ground.rules.all_limits(county)):
        raise ValueError("this campaign knows no limits on new work alone: leave caps out of its counties")
    return found
