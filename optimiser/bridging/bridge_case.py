"""Who may have a bridge, which of their visits cannot wait, and who may take each: by arithmetic and the rule book alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from optimiser.bridging.urgent_visits import UrgentVisit, cannot_wait, foremost_first
from optimiser.county import NOWHERE, County, Ints
from optimiser.county.staff_time import spare_minutes
from optimiser.domain.dates import days_after
from optimiser.domain.policy import MeanwhileSettings
from optimiser.domain.records import HARMS, Contract, Visit
from optimiser.judging.candidates import judge
from optimiser.rules.base import Bools
from optimiser.rules.book import standard_rules

ACCEPTED, ASKED, DUE_LATER, VISITS_NOT_KNOWN, CAN_WAIT = (
    "accepted", "asked", "due_later", "visits_not_known", "can_wait",
)  # fmt: skip
"""Why somebody who waits has no place in a bridge."""


@dataclass(frozen=True)
class Waiting:
    """One person who waits, with the visits that cannot. Whose care is divided is one person."""

    person_id: str
    packages: tuple[int, ...]
    visits: tuple[UrgentVisit, ...]
    """Foremost first."""
    if_missed: str
    """As recorded, the worst where parts say differently; empty: not recorded."""
    counted_as: str
    has_some_care: bool
    """Whether another part of their care runs, or a provider has said yes to it."""
    days_overdue: int

    def __repr__(self) -> str:
        return f"<Waiting {self.person_id}: {len(self.visits)} visits>"

    @property
    def minutes_per_week(self) -> int:
        return sum(each.minutes_per_week for each in self.visits)


@dataclass(frozen=True)
class Case:
    """Everybody who may have a bridge, and everybody else who waits with the reason."""

    county: County
    settings: MeanwhileSettings
    people: tuple[Waiting, ...]
    """Most harm first, then who has waited longest, then by id."""
    others: tuple[tuple[int, str], ...]
    """Packages that wait and are not in it, each with the reason."""

    def __repr__(self) -> str:
        return f"<Case of {len(self.people)} people>"

    @property
    def urgent_minutes(self) -> int:
        return sum(person.minutes_per_week for person in self.people)

    @cached_property
    def members(self) -> Ints:
        """Every package of these people, sorted."""
        return np.array(sorted(package for person in self.people for package in person.packages), dtype=np.int64)

    def begins(self, package: int) -> dt.date:
        return self.county.start_of(package)

    def ends(self, package: int) -> dt.date:
        """The first day that a bridge no longer covers."""
        return days_after(self.begins(package), self.settings.bridge_days)

    @cached_property
    def _lasting(self) -> Bools:
        """Per member and contract whether it, or what takes over from it at once, is in force until the bridge ends."""
        county, found = self.county, {}
        for day in {self.ends(package) for package in self.members.tolist()}:
            last = days_after(day, -1)
            found[day] = [_goes_on(county, each, last) for each in county.contracts]
        rows = [found[self.ends(package)] for package in self.members.tolist()]
        return np.array(rows, dtype=np.bool_).reshape(len(self.members), len(county.contracts))

    def lasts(self, package: int, contract: int) -> bool:
        """Whether a contract, or what takes over from it, is in force until a bridge would end."""
        return bool(self._lasting[np.searchsorted(self.members, package), contract])

    @cached_property
    def _for_workers(self) -> dict[int, County]:
        """Per number of care workers the county with every member as a part whose visits take so many."""
        members = self.members.tolist()
        return {workers: as_parts(self.county, {package: {"workers": workers} for package in members}) for workers in (1, 2)}

    @cached_property
    def _allowed(self) -> dict[int, Bools]:
        """The same by member and contract: whether every rule lets it take visits for so many, until the bridge ends."""
        return {
            workers: judge(parts, standard_rules(), self.members).allowed & self._lasting
            for workers, parts in self._for_workers.items()
        }

    def as_asked(self, each: UrgentVisit) -> County:
        """The county in which a visit's package is the part that this visit alone would make of it."""
        return self._for_workers[each.visit.workers]

    def may_take(self, each: UrgentVisit) -> Ints:
        """The contracts that every rule lets take a visit until the bridge ends."""
        row = int(np.searchsorted(self.members, each.package))
        return np.flatnonzero(self._allowed[each.visit.workers][row])

    def rounds_have(self, person: Waiting, contract: int, minutes: int) -> bool:
        """Whether the running rounds of a contract's provider in a person's area have so many minutes free, nobody else asked."""
        area_id = self.county.packages[person.packages[0]].area_id
        return minutes <= self.free_in_rounds.get((self.county.contracts[contract].provider_id, area_id), 0)

    @cached_property
    def free_in_rounds(self) -> dict[tuple[str, str], int]:
        """Per provider and area the minutes a week that the staff of its running rounds there have beyond their care."""
        spare, free = spare_minutes(self.county), defaultdict[tuple[str, str], int](int)
        for each in self.county.snapshot.rounds:
            free[each.provider_id, each.area_id] += max(0, spare.get(each.round_id, 0))
        return {key: minutes for key, minutes in free.items() if minutes}


def _goes_on(county: County, contract: Contract, last: dt.date) -> bool:
    """Whether care under a contract is under one on every day up to the last: one that takes over later leaves days without."""
    while contract.ends is not None and contract.ends <= last:
        after = county.succession.contracts.get(county.succession.successor.get(contract.contract_id, ""))
        if after is None or not after.has_begun(contract.ends):
            return False
        contract = after
    return True


def as_parts(county: County, changes: Mapping[int, Mapping[str, Any]]) -> County:
    """The same county with some packages as the parts that a bridge would make of them: a part is in no bundle."""
    packages = tuple(
        replace(record, bundle_id="", **changes[index]) if index in changes else record
        for index, record in enumerate(county.snapshot.packages)
    )
    return County.of(replace(county.snapshot, packages=packages), like=county)


def case_of(county: County) -> Case:
    """Everybody who waits, with nobody asked or accepted: those whose care is due, and whose visits are known and cannot wait."""
    settings, visits = county.snapshot.meanwhile_settings, defaultdict[str, list[Visit]](list)
    for visit in county.snapshot.visits:
        visits[visit.package_id].append(visit)
    urgent: dict[str, list[UrgentVisit]] = defaultdict(list)
    members: dict[str, list[int]] = defaultdict(list)
    others = []
    for package, record in enumerate(county.packages):
        if county.running_on[package] != NOWHERE:
            continue
        known = visits[record.package_id]
        own = [UrgentVisit(package, visit) for visit in known if cannot_wait(visit, settings)]
        if reason := _not_in_it(county, package, known, own):
            others.append((package, reason))
        else:
            person_id = record.part_of or record.package_id
            urgent[person_id] += own
            members[person_id].append(package)
    served = _with_some_care(county)
    people = [_waiting(county, name, members[name], urgent[name], has_some_care=name in served) for name in members]
    return Case(county, settings, tuple(sorted(people, key=_turn)), tuple(others))


def _not_in_it(county: County, package: int, known: list[Visit], urgent: list[UrgentVisit]) -> str:
    """Why a package that waits is not in it; empty: it is."""
    name, offers = county.packages[package].package_id, county.offers_in_force
    if name in offers.accepted or name in offers.pending:
        return ACCEPTED if name in offers.accepted else ASKED
    if county.start_of(package) > days_after(county.as_of, county.snapshot.meanwhile_settings.bridge_ahead_days):
        return DUE_LATER
    if not known:
        return VISITS_NOT_KNOWN
    return "" if urgent else CAN_WAIT


def _with_some_care(county: County) -> set[str]:
    """People of whose care some part runs, or is accepted."""
    return {
        record.part_of or record.package_id
        for package, record in enumerate(county.packages)
        if county.running_on[package] != NOWHERE or record.package_id in county.offers_in_force.accepted
    }


def _waiting(county: County, name: str, packages: list[int], visits: list[UrgentVisit], *, has_some_care: bool) -> Waiting:
    settings, records = county.snapshot.meanwhile_settings, [county.packages[package] for package in packages]
    told = min((each.if_missed for each in records if each.if_missed), key=HARMS.index, default="")
    overdue = max((county.as_of - each.start_by).days if each.start_by else 0 for each in records)
    return Waiting(
        name,
        tuple(packages),
        foremost_first(visits, settings),
        told,
        told or settings.bridge_not_recorded,
        has_some_care,
        max(0, overdue),
    )


def _turn(person: Waiting) -> tuple[int, int, str]:
    return HARMS.index(person.counted_as), -person.days_overdue, person.person_id
