"""Who has the minutes, of rounds that are built: the time between two visits of a run, with the ways there and on.

Nobody's visit is moved for it, and a run that needs a break keeps one. Before the first and after the last visit of a run nothing
is offered: whether the care worker is there is not known.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.dates import LONDON, days_after, instant_of
from optimiser.domain.rounds_plan import PlannedVisit, RoundsPlan
from optimiser.domain.staffing import DAY_SECONDS, DAYS, StaffingSettings
from optimiser.geography.travel_times.interface import Travel, degrees
from optimiser.judging.candidates import neutral_hash
from optimiser.tonight.due_visits import DueVisit
from optimiser.tonight.what_fails import Failure

MOST_TOLD = 3
"""How many places are told of each visit, the least way round first."""


@dataclass(frozen=True)
class Gap:
    """The time between two visits of a round's run on a day, in UTC."""

    round_id: str
    provider_id: str
    opens: dt.datetime
    closes: dt.datetime
    before: int
    after: int
    """The packages visited before and after it."""
    travel_seconds: int
    """The way that there is now between the two."""
    keeps_break_seconds: int
    """How long the care worker's break is that only this gap can hold; 0: another gap holds it, or the run needs none."""


@dataclass(frozen=True)
class Opening:
    """When a round, or two of one provider, can begin a visit."""

    round_ids: tuple[str, ...]
    provider_id: str
    first: dt.datetime
    last: dt.datetime
    detour_seconds: int


class GapsInRounds:
    """The gaps of a week of built rounds in the 72 hours."""

    def __init__(self, county: County, plan: RoundsPlan, staffing: StaffingSettings, travel: Travel, asked: Failure) -> None:
        self._county, self._asked, self._travel = county, asked, travel
        self._package_of = {visit.visit_id: county.package_index[visit.package_id] for visit in county.snapshot.visits}
        self._holders = {each.round_id: each.provider_id for each in plan.rounds}
        self._runs: dict[tuple[str, str], list[PlannedVisit]] = defaultdict(list)
        self._making: dict[str, set[str]] = defaultdict(set)
        for planned in plan.visits:
            self._runs[planned.round_id, planned.day].append(planned)
            self._making[planned.visit_id].add(planned.round_id)
        self._staffing = staffing
        self._ways: dict[int, tuple[Ints, Ints]] = {}

    @cached_property
    def providers(self) -> frozenset[str]:
        """Those whose rounds are known."""
        return frozenset(self._holders.values())

    @cached_property
    def by_area(self) -> Mapping[str, list[Gap]]:
        """Per area the gaps of the rounds that visit somebody there."""
        found: dict[str, list[Gap]] = defaultdict(list)
        areas: dict[str, set[str]] = defaultdict(set)
        for (round_id, _), run in self._runs.items():
            areas[round_id] |= {self._county.packages[self._package_of[each.visit_id]].area_id for each in run}
        for gap in self._gaps():
            for area_id in areas[gap.round_id]:
                found[area_id].append(gap)
        return found

    def _gaps(self) -> Iterator[Gap]:
        first = days_after(self._asked.begins.astimezone(LONDON).date(), -1)
        for (round_id, day), run in sorted(self._runs.items()):
            if self._asked.cannot_help(self._holders[round_id]):
                continue
            for ahead in range(6):
                date = days_after(first, ahead)
                if DAYS[date.weekday()] == day:
                    yield from self._of_run(date, sorted(run, key=lambda each: each.position))

    def _of_run(self, date: dt.date, run: list[PlannedVisit]) -> Iterator[Gap]:
        provider_id = self._holders[run[0].round_id]
        rules = self._staffing.of(provider_id)
        pause = rules.break_minutes * 60
        idle = [after.start - before.end - after.travel_seconds for before, after in pairwise(run)]
        long = run[-1].end - run[0].start > rules.break_after_hours * 3600
        for place, (before, after) in enumerate(pairwise(run)):
            elsewhere = any(length >= pause for other, length in enumerate(idle) if other != place)
            opens, closes = self._moment(date, before.end), self._moment(date, after.start)
            if closes > self._asked.begins and opens < self._asked.ends:
                yield Gap(
                    before.round_id,
                    provider_id,
                    max(opens, self._asked.begins),
                    closes,
                    self._package_of[before.visit_id],
                    self._package_of[after.visit_id],
                    after.travel_seconds,
                    pause if long and not elsewhere else 0,
                )

    @staticmethod
    def _moment(date: dt.date, seconds: int) -> dt.datetime:
        ahead, rest = divmod(seconds, DAY_SECONDS)
        return instant_of(dt.datetime.combine(days_after(date, ahead), (dt.datetime.min + dt.timedelta(seconds=rest)).time()))

    @cached_property
    def _ask(self) -> Callable[[np.ndarray], tuple[Ints, Ints]]:
        records = self._county.packages
        return self._travel.to_and_from(degrees([p.latitude for p in records], [p.longitude for p in records]))

    def _ways_of(self, package: int) -> tuple[Ints, Ints]:
        """Seconds from everybody's home to a person's, and on from it."""
        if package not in self._ways:
            record = self._county.packages[package]
            self._ways[package] = self._ask(degrees([record.latitude], [record.longitude]))
        return self._ways[package]

    def openings(self, due: DueVisit, may_come: Callable[[str], bool]) -> list[Opening]:
        """Who can make a visit, the least way round first; for two care workers two rounds of one provider at one time.

        ``may_come``: whether a provider may be asked for this person.
        """
        found = [opening for gap in self.by_area.get(self._area(due), ()) if (opening := self._opening(due, gap, may_come))]
        if due.visit.workers == 2:
            found = list(_together(found))
        package_id = self._county.packages[due.package].package_id
        best: dict[tuple[str, ...], Opening] = {}
        for each in sorted(found, key=lambda each: (each.detour_seconds, each.first)):
            best.setdefault(each.round_ids, each)
        order = sorted(
            best.values(), key=lambda e: (e.detour_seconds, neutral_hash(self._county, package_id, ";".join(e.round_ids)))
        )
        return order[:MOST_TOLD]

    def _area(self, due: DueVisit) -> str:
        return self._county.packages[due.package].area_id

    def _opening(self, due: DueVisit, gap: Gap, may_come: Callable[[str], bool]) -> Opening | None:
        if gap.round_id in self._making[due.visit.visit_id] or not may_come(gap.provider_id):
            return None
        to, on = self._ways_of(due.package)
        there, onwards = int(to[gap.before]), int(on[gap.after])
        first = max(due.opens, gap.opens + dt.timedelta(seconds=there + gap.keeps_break_seconds))
        last = min(due.closes, gap.closes - dt.timedelta(seconds=onwards) - due.lasts)
        if first > last:
            return None
        return Opening((gap.round_id,), gap.provider_id, first, last, max(0, there + onwards - gap.travel_seconds))


def _together(single: list[Opening]) -> Iterator[Opening]:
    """Two rounds of one provider that can begin together."""
    for one, other in combinations(sorted(single, key=lambda each: (each.provider_id, each.round_ids, each.first)), 2):
        first, last = max(one.first, other.first), min(one.last, other.last)
        if one.provider_id == other.provider_id and one.round_ids != other.round_ids and first <= last:
            detour = one.detour_seconds + other.detour_seconds
            yield Opening((*one.round_ids, *other.round_ids), one.provider_id, first, last, detour)
