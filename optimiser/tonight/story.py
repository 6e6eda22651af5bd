"""A provider fails tonight, or it snows: the whole of it, from a snapshot to the list.

Who may be asked is whoever the rules let take the person on that day, whatever was decided about moves: tonight is no move.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from optimiser.county import County
from optimiser.domain.dates import LONDON
from optimiser.domain.person_records import RELIEVE
from optimiser.domain.records import HARMS
from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import StaffingSettings
from optimiser.geography.travel_times.straight_line import StraightLineTravel
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.book import standard_rules
from optimiser.tonight.due_visits import DueVisit, concerned, due_visits
from optimiser.tonight.gaps_in_rounds import MOST_TOLD, GapsInRounds, Opening
from optimiser.tonight.what_fails import Failure, faults_of
from optimiser.transferring.who_may_move import allowed_whatever_was_decided

UNLIMITED = -1
"""Minutes left where nothing limits a contract."""


class CannotListError(Exception):
    """What is asked does not fit the county."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = problems


@dataclass(frozen=True)
class Room:
    """A contract with hours left in the week. When in the week they are is not known."""

    contract: int
    minutes: int
    """Left a week; ``UNLIMITED`` without a limit."""


@dataclass(frozen=True)
class Tonight:
    """The list, most harm first, then by when somebody must be there."""

    county: County
    asked: Failure
    not_recorded: str
    """What a person counts as whose harm from a missed visit is not recorded."""
    packages: tuple[int, ...]
    """Everybody concerned."""
    visits: tuple[DueVisit, ...]
    without_visits: tuple[int, ...]
    """Packages whose visits are not in the data: nothing is known of their times. Most harm first."""
    openings: Mapping[tuple[str, dt.date], list[Opening]]
    """Per visit the rounds that have the minutes."""
    rooms: Mapping[int, list[Room]]
    """Per package the contracts with hours left, of providers whose rounds are not known."""
    built: RoundsPlan | None

    def __repr__(self) -> str:
        return f"<Tonight: {len(self.visits)} visits of {len(self.packages)} packages>"

    def harm(self, package: int) -> str:
        return self.county.packages[package].if_missed or self.not_recorded

    def provider_id(self, package: int) -> str:
        return self.county.provider(int(self.county.running_on[package])).provider_id


def tonight(
    snapshot: Snapshot,
    asked: Failure,
    *,
    not_recorded: str = "red",
    built: RoundsPlan | None = None,
    staffing: StaffingSettings | None = None,
) -> Tonight:
    """The list. Raises ``CannotListError`` with everything that does not fit the county."""
    county = County.of(snapshot)
    if problems := list(faults_of(county, asked)):
        raise CannotListError(problems)
    packages = concerned(county, asked)
    records = county.packages

    def harm(package: int) -> int:
        return HARMS.index(records[package].if_missed or not_recorded)

    def turn(due: DueVisit) -> tuple[object, ...]:
        return harm(due.package), due.closes, due.opens, records[due.package].package_id, due.visit.visit_id

    visits = sorted(due_visits(county, asked, packages), key=turn)
    known = {visit.package_id for visit in snapshot.visits}
    without = [package for package in packages if records[package].package_id not in known]
    gaps = None if built is None else GapsInRounds(county, built, staffing or StaffingSettings(), StraightLineTravel(), asked)
    may_take = _may_take(county, asked, packages)
    openings = {} if gaps is None else {due.name: _openings(county, gaps, asked, may_take[due.package], due) for due in visits}
    shown = {due.package for due in visits} | set(without)
    return Tonight(
        county,
        asked,
        not_recorded,
        tuple(packages),
        tuple(visits),
        tuple(sorted(without, key=lambda package: (harm(package), records[package].package_id))),
        openings,
        _rooms(county, {package: may_take[package] for package in sorted(shown)}, gaps.providers if gaps else frozenset()),
        built,
    )


def _openings(county: County, gaps: GapsInRounds, asked: Failure, may: list[int], due: DueVisit) -> list[Opening]:
    """Who has the minutes: providers that may take the person; and, when it snows, the person's own provider's other rounds."""
    come = {county.provider(contract).provider_id for contract in may}
    if asked.snow:
        come.add(county.provider(int(county.running_on[due.package])).provider_id)
    return gaps.openings(due, come.__contains__)


def _may_take(county: County, asked: Failure, packages: list[int]) -> dict[int, list[int]]:
    """Per package the contracts that every rule lets take it on that day, whatever was decided about moves."""
    day = asked.begins.astimezone(LONDON).date()
    that_day = county.moving_on(day, move_pending=True, move=RELIEVE)
    allowed = allowed_whatever_was_decided(that_day, standard_rules(), np.array(packages, dtype=np.int64))
    allowed &= ~np.array([asked.cannot_help(contract.provider_id) for contract in county.contracts], dtype=np.bool_)
    return {package: np.flatnonzero(row).tolist() for package, row in zip(packages, allowed, strict=True)}


def _rooms(county: County, may_take: Mapping[int, list[int]], known: frozenset[str]) -> dict[int, list[Room]]:
    """Per package the nearest contracts with hours left this week, of providers whose rounds are not known."""
    entry = entry_plan(county)
    touching: dict[int, list[tuple[int, int]]] = defaultdict(list)
    limits = standard_rules().all_limits(county)
    for place, limit in enumerate(limits):
        left = limit.whole_minutes - used_minutes(county, limit, entry)
        for contract in limit.contracts:
            touching[contract].append((place, left))

    def left_for(package: int, contract: int) -> int:
        own = [left for place, left in touching[contract] if limits[place].counts(county, package, contract)]
        return min(own, default=UNLIMITED)

    found = {}
    for package, contracts in may_take.items():
        near = sorted(contracts, key=lambda k: (county.office_metres[package, county.provider_of[k]], k))
        rooms = (Room(k, left_for(package, k)) for k in near if county.provider(k).provider_id not in known)
        found[package] = [room for room in rooms if room.minutes > 0 or room.minutes == UNLIMITED][:MOST_TOLD]
    return found
