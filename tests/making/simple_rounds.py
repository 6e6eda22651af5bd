"""Simple rounds for tests: each visit, by its time, to the nearest round that can still take it, with the same run every day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import PlannedRound, PlannedVisit, RoundsPlan, UnservedVisit
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, Shift, Staffing, seconds_of
from optimiser.geography.grid import StraightLineDistances, to_grid
from optimiser.geography.travel_times.straight_line import DRIVING


@dataclass
class SimpleRound:
    """A round that grows at its end. ``day_free``: per day when its worker is free, and where."""

    provider: str
    shift: Shift
    lines: list[tuple[Visit, int]] = field(default_factory=list)
    """Visits in their order, with their starts in seconds; the same on every day."""
    place: int = -1
    free: int = 0


class SimplePlanner:
    """Times by the straight line, of which it keeps every pair."""

    def __init__(self, snapshot: Snapshot, staffing: Staffing) -> None:
        self.staffing = staffing
        self.packages = {package.package_id: package for package in snapshot.packages}
        self.number = {name: index for index, name in enumerate(self.packages)}
        people = list(self.packages.values())
        grid = to_grid([person.latitude for person in people], [person.longitude for person in people])
        self.crow = StraightLineDistances().metres(grid, grid)
        self.unserved: list[UnservedVisit] = []
        self.provider_of = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}

    def seconds(self, one: int, other: int) -> int:
        crow = self.crow[one, other]
        return 0 if crow == 0 else int(crow * DRIVING.seconds_per_kilometre / 1000 + DRIVING.minutes_to_park * 60 + 0.5)

    def plan(self, visits: Iterable[Visit]) -> list[SimpleRound]:
        rounds: list[SimpleRound] = []
        for visit in sorted(visits, key=lambda visit: (visit.earliest_start, visit.visit_id)):
            person = self.packages[visit.package_id]
            provider = self.provider_of.get(person.contract_id)
            if provider is not None:
                self._take(visit, person, provider, rounds)
        return rounds

    def _take(self, visit: Visit, person: Package, provider: str, rounds: list[SimpleRound]) -> None:
        here, latest = self.number[person.package_id], seconds_of(visit.latest_start)
        shift = self.staffing.morning if visit.earliest_start < self.staffing.evening.starts else self.staffing.evening
        options = []
        for index, each in enumerate(rounds):
            if each.provider != provider or each.shift != shift:
                continue
            way = self.seconds(each.place, here)
            start = max(each.free + way, seconds_of(visit.earliest_start))
            if (
                start <= latest
                and start + visit.duration_minutes * 60 - each.lines[0][1] <= self.staffing.break_after_hours * 3600
            ):
                options.append((way, index, start))
        chosen = [(index, start) for _, index, start in sorted(options)[: visit.workers]]
        for _ in range(visit.workers - len(chosen)):
            rounds.append(SimpleRound(provider, shift))
            chosen.append((len(rounds) - 1, seconds_of(visit.earliest_start)))
        start = max(start for _, start in chosen)
        for index, _ in chosen:
            rounds[index].lines.append((visit, start))
            rounds[index].place, rounds[index].free = here, start + visit.duration_minutes * 60


def simple_plan(snapshot: Snapshot, provider_ids: Iterable[str] = (), staffing: Staffing | None = None) -> RoundsPlan:
    """Rounds for the running care of some providers (all by default); one worker to each round and day."""
    planner = SimplePlanner(snapshot, staffing or Staffing())
    wanted = set(provider_ids) or {provider.provider_id for provider in snapshot.providers}
    held = {c.contract_id for c in snapshot.contracts if c.provider_id in wanted}
    rounds = planner.plan(v for v in snapshot.visits if planner.packages[v.package_id].contract_id in held)
    rounds.sort(key=lambda each: (each.provider, each.shift.name))
    planned, visits = [], []
    for number, each in enumerate(rounds, 1):
        round_id = f"{each.provider}-{number}"
        days = tuple(day for day in DAYS if any(day in visit.days for visit, _ in each.lines))
        planned.append(PlannedRound(round_id, each.provider, each.shift.name, days, ""))
        for day in days:
            visits += _day(planner, round_id, day, [line for line in each.lines if day in line[0].days])
    return RoundsPlan(tuple(planned), tuple(visits), (), DRIVING.provenance)


def _day(planner: SimplePlanner, round_id: str, day: str, lines: list[tuple[Visit, int]]) -> list[PlannedVisit]:
    """A day's run. Starts are those of the whole run, so skipping a visit makes nobody late."""
    made: list[PlannedVisit] = []
    place, free = -1, 0
    for position, (visit, start) in enumerate(lines, 1):
        here = planner.number[visit.package_id]
        travel = planner.seconds(place, here) if place >= 0 else 0
        arrival = free + travel if place >= 0 else start
        metres = int(planner.crow[place, here] * DRIVING.detour + 0.5) if place >= 0 else 0
        end = start + visit.duration_minutes * 60
        # Each weekday has a care worker of its own: nobody's week or rest is in the way.
        worker = f"{round_id}-{day}"
        made.append(PlannedVisit(round_id, day, position, visit.visit_id, worker, arrival, start, end, travel, metres))
        place, free = here, end
    return made


def visit(visit_id: str, package_id: str, earliest: str, latest: str, **given: Any) -> Visit:
    """A visit of half an hour by one care worker every day, starting between two times."""
    plain = Visit(visit_id, package_id, DAYS, dt.time.fromisoformat(earliest), dt.time.fromisoformat(latest), 30, 1)
    return replace(plain, **given)
