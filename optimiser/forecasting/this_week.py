"""The county of one week as the rules see it: those who wait, the contracts and restrictions in force, and what limits leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.county.offers_in_force import OffersInForce
from optimiser.domain.records import Package
from optimiser.forecasting.played import Played, PlayedCounty
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.base import Bools, Limit
from optimiser.rules.limits.all_care import AllCareLimit

ENDLESS = 10**9
"""Minutes a week: no limit."""
KEPT = ("contract_index", "area_of", "contract_area", "rates_of", "locations_of")
"""Facts of a county that no day changes."""


def county_of(played: PlayedCounty, people: Sequence[Played], *, running: bool = False) -> County:
    """Some people in play as a county of the day. ``running``: with the care that they have; else as people who wait.

    Demand is that of everybody in play. Homes are where they were measured on the first day.
    """
    ground = played.ground
    county = ground.county
    rows = np.array([person.row for person in people], dtype=np.int64)
    packages = tuple(_running(played, person) if running else person.package for person in people)
    snapshot = replace(
        county.snapshot,
        as_of=played.day,
        packages=packages,
        contracts=played.contracts,
        restrictions=played.restrictions,
        offers=(),
    )
    made = County(
        snapshot=snapshot,
        packages=packages,
        contracts=played.contracts,
        providers=county.providers,
        restrictions=tuple(each for each in played.restrictions if each.in_force(played.day)),
        offers_in_force=OffersInForce(played.declines_in_force(people), {}, {}),
        minutes=np.array([person.minutes for person in people], dtype=np.int64),
        provider_of=county.provider_of,
        running_on=np.array([person.contract if running else NOWHERE for person in people], dtype=np.int64),
        centre_miles=county.centre_miles[rows],
        band=county.band[rows],
        office_metres=county.office_metres[rows],
        place=county.place[rows],
        travel=county.travel,
    )
    for name in KEPT:
        made.__dict__[name] = getattr(county, name)
    made.__dict__["package_area"] = ground.area[rows]
    made.__dict__["demand_minutes"] = played.demand.copy()
    made.__dict__["succession"] = played.succession
    return made


def _running(played: PlayedCounty, person: Played) -> Package:
    if person.contract == NOWHERE:
        return person.package
    contract_id = played.contracts[person.contract].contract_id
    return replace(person.package, status="active", contract_id=contract_id, care_started=person.since)


class ThisWeek:
    """What a planner goes by in one week: who may be asked for whom, and how much room is left as people are placed."""

    def __init__(self, played: PlayedCounty) -> None:
        self.played = played
        self.waiting = sorted(played.waiting.values(), key=lambda person: person.name)
        self.county = county_of(played, self.waiting)
        self.place_of = {person.name: index for index, person in enumerate(self.waiting)}
        rules = played.ground.rules
        self.on: list[int] = played.minutes.sum(axis=1).tolist()
        """Per contract: minutes a week with care as the week begins."""
        self.limits: list[Limit] = rules.all_limits(self.county)
        self.rooms = [limit.whole_minutes - self._used(limit) for limit in self.limits]
        self._partial = {index: limit for index, limit in enumerate(self.limits) if not isinstance(limit, AllCareLimit)}
        """Limits under which not all care counts."""
        self.touching: list[list[int]] = [[] for _ in played.contracts]
        for index, limit in enumerate(self.limits):
            for contract in limit.contracts:
                self.touching[contract].append(index)
        self._free = [
            min((self.rooms[index] for index in touching if index not in self._partial), default=ENDLESS)
            for touching in self.touching
        ]
        """Per contract: the minutes that its limits on all care leave."""
        self.allowed: Bools = self._allowed()
        self.groups: Mapping[int, tuple[int, ...]] = {member: group for group in rules.groups(self.county) for member in group}

    def _allowed(self) -> Bools:
        ground, people = self.played.ground, np.arange(len(self.waiting))
        allowed = ground.fixed[[person.row for person in self.waiting]] if self.waiting else ground.fixed[:0].copy()
        for rule in ground.rules.eligibility:
            if not rule.fixed and not rule.running_only:
                allowed &= rule.passes(self.county, people)
        return allowed

    def _used(self, limit: Limit) -> int:
        if isinstance(limit, AllCareLimit):
            return sum(self.on[contract] for contract in limit.contracts)
        people = [person for contract in limit.contracts for person in self.played.on[contract].values()]
        county = county_of(self.played, people, running=True)
        return used_minutes(county, limit, entry_plan(county))

    def has_room(self, members: Sequence[int], contract: int) -> bool:
        """Whether a contract takes all of these together within every limit."""
        minutes = sum(self.waiting[each].minutes for each in members)
        if minutes > self._free[contract]:
            return False
        for index in self.touching[contract] if self._partial else ():
            takes = self._takes(index, members, contract) if index in self._partial else 0
            if takes > max(0, self.rooms[index]):
                return False  # whoever does not count under a limit is not barred where it is passed
        return True

    def take(self, members: Sequence[int], contract: int) -> None:
        """These go to a contract."""
        for index in self.touching[contract]:
            self._shrink(index, self._takes(index, members, contract))

    def _shrink(self, index: int, minutes: int) -> None:
        self.rooms[index] -= minutes
        if index not in self._partial:
            for contract in self.limits[index].contracts:
                self._free[contract] = min(self._free[contract], self.rooms[index])

    def _takes(self, index: int, members: Sequence[int], contract: int) -> int:
        limit = self._partial.get(index)
        if limit is None:
            return self.waiting[members[0]].minutes if len(members) == 1 else sum(self.waiting[each].minutes for each in members)
        return sum(self.waiting[each].minutes for each in members if limit.counts(self.county, each, contract))

    def grow(self, person: Played, minutes: int) -> bool:
        """Whether the contract that somebody is on has room for so many minutes more; if so, they are taken."""
        county = county_of(self.played, [person], running=True)
        counting = [index for index in self.touching[person.contract] if self.limits[index].counts(county, 0, person.contract)]
        if any(self.rooms[index] < minutes for index in counting):
            return False
        for index in counting:
            self._shrink(index, minutes)
        self.on[person.contract] += minutes
        if person.home_care:
            self.county.demand_minutes[person.area] += minutes
        return True
