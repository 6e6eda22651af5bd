"""A county while it is played: who has care under which contract, who waits, who is in hospital.

Sums are kept as people come and go. It knows no chances and decides nothing.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

import numpy as np

from optimiser.county import NOWHERE, Ints
from optimiser.county.offers_in_force import stands_until
from optimiser.county.succession import Succession
from optimiser.domain.money import weekly_pence
from optimiser.domain.records import Contract, Offer, Package, Restriction
from optimiser.forecasting.ground import Ground

Where = Literal["waiting", "care", "hospital", "ended"]


class Played:
    """One person in play. ``contract``: whose care it is, in hospital the one that keeps the place; NOWHERE: none."""

    __slots__ = (
        "area", "asked", "contract", "home_care", "minutes", "more", "name", "package", "pence", "row", "since", "week", "where",
    )  # fmt: skip

    def __init__(self, package: Package, row: int, area: int, week: int) -> None:
        self.name = package.package_id
        self.package = package
        self.row, self.area = row, area
        self.week = week
        """When a place was first sought, in weeks of the forecast: below 0 for whoever waits already."""
        self.minutes = package.minutes_per_week
        self.home_care = not package.service
        self.where: Where = "waiting"
        self.contract = NOWHERE
        self.since: dt.date | None = None
        self.pence = 0
        self.more = 0
        """Minutes a week that the person's needs have grown by, for which the provider has no room yet."""
        self.asked: dict[str, int] = {}
        """Per provider how often it was asked."""

    def __repr__(self) -> str:
        return f"<Played, {self.where}>"


class PlayedCounty:
    """All people in play, and the contracts, restrictions and answers in force, on one day."""

    def __init__(self, ground: Ground) -> None:
        county = ground.county
        self.ground = ground
        self.day = county.as_of
        self.contracts: tuple[Contract, ...] = county.contracts
        self.restrictions: tuple[Restriction, ...] = county.snapshot.restrictions
        self.people: dict[str, Played] = {}
        self.waiting: dict[str, Played] = {}
        self.on: list[dict[str, Played]] = [{} for _ in county.contracts]
        shape = len(county.contracts), len(county.snapshot.areas)
        self.minutes = np.zeros(shape, dtype=np.int64)
        """Per contract and area: minutes a week with care, places kept for people in hospital included."""
        self.pence = np.zeros(shape, dtype=np.int64)
        self.people_on = np.zeros(shape, dtype=np.int64)
        """Per contract and area: how many people these are."""
        self.more: Ints = np.zeros(shape[1], dtype=np.int64)
        """Per area: the minutes that needs have grown by, for which there is no room yet."""
        self.demand: Ints = np.zeros(shape[1], dtype=np.int64)
        """Per area: the minutes of all home care, of those who wait included."""
        self.declines: dict[str, dict[str, tuple[Offer, ...]]] = defaultdict(dict)
        """Per person and provider the answers no that stand or once stood."""
        self.rates = [county.rates_pence(contract, self.day) for contract in range(shape[0])]
        self._priced = {county.contract_index[contract_id] for contract_id in county.rates_of}
        self.succession = Succession.of(self.contracts)
        for row, package in enumerate(county.packages):
            self._begins(row, package)
        for (name, provider_id), offers in county.offers_in_force.declines.items():
            self.declines[name][provider_id] = offers

    def __repr__(self) -> str:
        return f"<PlayedCounty on {self.day}: {len(self.people)} people>"

    def _begins(self, row: int, package: Package) -> None:
        county = self.ground.county
        contract = int(county.running_on[row])
        asked_on = package.requested_at.date() if package.requested_at else self.day
        person = Played(self.ground.as_new[row], row, int(self.ground.area[row]), min(0, (asked_on - self.day).days // 7))
        self.come(person)
        if contract != NOWHERE:
            self.place(person, contract, package.care_started)

    def come(self, person: Played) -> None:
        """Somebody for whom a place is sought."""
        self.people[person.name] = person
        self._waits(person)

    def place(self, person: Played, contract: int, since: dt.date | None) -> None:
        """Care under a contract, from a day on."""
        del self.waiting[person.name]
        person.where, person.contract, person.since = "care", contract, since
        self._add(person, contract, 1)

    def lose(self, person: Played, week: int) -> None:
        """The care cannot go on where it is: another place is sought, from this week on."""
        self._leave(person)
        person.week = week
        person.package = replace(person.package, start_by=self.day)
        self._waits(person)

    def to_hospital(self, person: Played) -> None:
        """The provider keeps the place."""
        person.where = "hospital"

    def back(self, person: Played, week: int) -> None:
        """From hospital: to the place that was kept, else one is sought as for anybody from hospital."""
        if person.contract != NOWHERE:
            person.where = "care"
            return
        person.week = week
        person.package = replace(person.package, priority="discharge", source="acute_hospital", start_by=self.day)
        self._waits(person)

    def release(self, person: Played) -> None:
        """The place of somebody in hospital is kept no longer."""
        self._leave(person)

    def end(self, person: Played) -> None:
        """Care is needed no more."""
        if person.where == "waiting":
            del self.waiting[person.name]
            self._demand(person, -1)
        elif person.contract != NOWHERE:
            self._leave(person)
        person.where = "ended"
        self.declines.pop(person.name, None)

    def grow(self, person: Played, minutes: int) -> None:
        """Other hours a week where the person is."""
        counts = person.contract != NOWHERE or person.where == "waiting"
        if person.contract != NOWHERE:
            self._add(person, person.contract, -1)
        if counts:
            self._demand(person, -1)
        person.minutes = minutes
        person.package = replace(person.package, minutes_per_week=minutes)
        if person.contract != NOWHERE:
            self._add(person, person.contract, 1)
        if counts:
            self._demand(person, 1)

    def want_more(self, person: Played, minutes: int) -> None:
        """So many minutes are wanted beside those that the person has, for which there is no room yet; 0: none."""
        self.more[person.area] += minutes - person.more
        person.more = minutes

    def stop(self, provider_id: str) -> list[Played]:
        """A provider's contracts end today; those whom it had care for, who have lost it."""
        lost: list[Played] = []
        contracts = list(self.contracts)
        for index, contract in enumerate(contracts):
            if contract.provider_id == provider_id:
                if contract.ends is None or contract.ends > self.day:
                    starts = None if contract.starts is None else min(contract.starts, self.day)
                    contracts[index] = replace(contract, starts=starts, ends=self.day, succeeds="")
                lost.extend(self.on[index].values())
        self.contracts = tuple(contracts)
        self.succession = Succession.of(self.contracts)
        return lost

    def go_to(self, day: dt.date) -> list[tuple[Played, int, int]]:
        """A later day: care carries over to contracts that have taken over, and prices are those of the day.

        Each person carried over, with the contract before and after.
        """
        self.day = day
        index = self.ground.county.contract_index
        carried: list[tuple[Played, int, int]] = []
        for contract_id in sorted(self.succession.successor):
            before = index[contract_id]
            after = index[self.succession.contract_on(contract_id, day)]
            if after != before:
                for person in list(self.on[before].values()):
                    self._add(person, before, -1)
                    person.contract = after
                    self._add(person, after, 1)
                    carried.append((person, before, after))
        for contract in sorted(self._priced):
            rates = self.ground.county.rates_pence(contract, day)
            if rates != self.rates[contract]:
                people = list(self.on[contract].values())
                for person in people:
                    self._add(person, contract, -1)
                self.rates[contract] = rates
                for person in people:
                    self._add(person, contract, 1)
        return carried

    def say_no(self, name: str, provider_id: str, offer: Offer) -> None:
        """A provider has declined."""
        self.declines[name][provider_id] = (*self.declines[name].get(provider_id, ()), offer)

    def needs_changed(self, name: str) -> None:
        """Declines that stood until needs change stand no more."""
        kept = {provider: tuple(o for o in offers if stands_until(o, self.ground.county.policy) is not None)
                for provider, offers in self.declines.get(name, {}).items()}  # fmt: skip
        if name in self.declines:
            self.declines[name] = {provider: offers for provider, offers in kept.items() if offers}

    def declines_in_force(self, people: Iterable[Played]) -> dict[tuple[str, str], tuple[Offer, ...]]:
        """As ``OffersInForce`` has them: per person and provider the declines that stand today."""
        policy, found = self.ground.county.policy, {}
        for person in people:
            for provider_id, offers in self.declines.get(person.name, {}).items():
                stand = tuple(o for o in offers if (until := stands_until(o, policy)) is None or self.day < until)
                if stand:
                    found[person.name, provider_id] = stand
        return found

    def _waits(self, person: Played) -> None:
        person.where = "waiting"
        self.waiting[person.name] = person
        self._demand(person, 1)

    def _leave(self, person: Played) -> None:
        self._add(person, person.contract, -1)
        self._demand(person, -1)
        self.want_more(person, 0)
        person.contract, person.since = NOWHERE, None

    def _add(self, person: Played, contract: int, sign: int) -> None:
        """Sums with or without somebody on a contract; whoever waited until now counts in the demand already."""
        if sign > 0:
            self.on[contract][person.name] = person
            person.pence = weekly_pence(person.minutes, self.rates[contract][int(self.ground.county.band[person.row]) - 1])
        else:
            del self.on[contract][person.name]
        self.people_on[contract, person.area] += sign
        self.minutes[contract, person.area] += sign * person.minutes
        self.pence[contract, person.area] += sign * person.pence

    def _demand(self, person: Played, sign: int) -> None:
        if person.home_care:
            self.demand[person.area] += sign * person.minutes
