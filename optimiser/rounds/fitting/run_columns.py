"""A provider's rounds of a shift as columns, as the compiled search takes them: a *run* is one round on one day. And how far a
run that is planned may give way: its visits, its ends and its break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import PlannedVisit, RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAY_SECONDS, DAYS, Shift, Staffing, StaffingSettings, Worker, seconds_of
from optimiser.domain.visit_windows import days_ahead, window_of
from optimiser.rounds.fitting.cheapest_gaps import NOWHERE, RUN, STOP, Lines
from optimiser.rounds.fitting.insertion import set_forward_slack_of_all


@dataclass(frozen=True)
class ShiftRuns:
    """A provider's runs of a shift, by day and round.

    A run that is short enough to need no break, but has one, stands there twice: so that it may give it up, or keep it and grow.
    """

    runs: Lines
    stops: Lines
    round_ids: tuple[str, ...]
    workers: tuple[str, ...]
    visit_ids: tuple[str, ...]
    skills: tuple[frozenset[str] | None, ...]
    """Of each run's worker; None: those of the provider."""


class Places:
    """Every place once, by its number."""

    def __init__(self) -> None:
        self._index: dict[tuple[float, float], int] = {}

    def of(self, latitude: float, longitude: float) -> int:
        return self._index.setdefault((latitude, longitude), len(self._index))

    @property
    def degrees(self) -> list[tuple[float, float]]:
        return list(self._index)


class Numbers(dict[str, int]):
    """Names, numbered as they come."""

    def __missing__(self, name: str) -> int:
        self[name] = len(self)
        return self[name]


@dataclass(frozen=True)
class _Known:
    """What stands behind the records of a plan."""

    visits: Mapping[str, Visit]
    packages: Mapping[str, Package]
    workers: Mapping[str, Worker]
    weeks: Mapping[str, Week]
    settings: StaffingSettings
    places: Places


def runs_of(
    plan: RoundsPlan,
    snapshot: Snapshot,
    settings: StaffingSettings,
    workers: Iterable[Worker],
    places: Places,
    elsewhere: Iterable[PlannedVisit] = (),
) -> dict[tuple[str, str], ShiftRuns]:
    """By provider and shift. ``elsewhere``: what else the care workers do, for their hours and rest."""
    by_run: dict[tuple[str, int], list[PlannedVisit]] = defaultdict(list)
    for visit in sorted((*plan.visits, *elsewhere), key=lambda visit: visit.position):
        by_run[visit.round_id, DAYS.index(visit.day)].append(visit)
    known = _Known(
        {visit.visit_id: visit for visit in snapshot.visits},
        {package.package_id: package for package in snapshot.packages},
        {worker.worker_id: worker for worker in workers},
        weeks_of((day, visits) for (_, day), visits in by_run.items()),
        settings,
        places,
    )
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in sorted(plan.rounds, key=lambda each: each.round_id):
        found[each.provider_id, each.shift].append(each.round_id)
    return {shift: _shift_runs(*shift, round_ids, by_run, known) for shift, round_ids in found.items()}


def _shift_runs(
    provider: str, shift_name: str, round_ids: list[str], by_run: Mapping[tuple[str, int], list[PlannedVisit]], known: _Known
) -> ShiftRuns:
    staffing = known.settings.of(provider)
    shift = next(shift for shift in staffing.shifts if shift.name == shift_name)
    runs: list[tuple[int, ...]] = []
    stops: list[tuple[int, ...]] = []
    names, visit_ids = Numbers(), Numbers()
    skills = []
    for day in range(len(DAYS)):
        for number, round_id in enumerate(round_ids):
            visits = by_run.get((round_id, day))
            if not visits:
                continue
            name = visits[0].worker
            worker = known.workers.get(name)
            own = [_stop(visit, visit_ids[visit.visit_id], provider, known) for visit in visits]
            for pause in breaks_of(visits, staffing):
                floor, cap = ends_of(visits, shift, staffing, worker, known.weeks[name], day, rests=pause >= 0)
                walks = worker is not None and worker.travels == "walks"
                base = _base(worker, known.places)
                length = staffing.break_minutes * 60
                runs.append((number, day, names[name], base, walks, floor, cap, pause, length, len(stops), len(own)))
                stops += own
                skills.append(None if worker is None else frozenset(worker.skills))
    made = ShiftRuns(_lines(runs, RUN), _lines(stops, STOP), tuple(round_ids), tuple(names), tuple(visit_ids), tuple(skills))
    set_forward_slack_of_all(made.runs, made.stops)
    return made


def _stop(planned: PlannedVisit, number: int, provider: str, known: _Known) -> tuple[int, ...]:
    staffing, visit = known.settings.of(provider), known.visits[planned.visit_id]
    person = known.packages[visit.package_id]
    critical = not set(person.skills).isdisjoint(staffing.time_critical_skills)
    latest = latest_start(planned, visit, staffing, critical=critical)
    place = known.places.of(person.latitude, person.longitude)
    return (number, place, planned.start, planned.end, latest, latest, planned.travel_seconds, 0)


def _lines(lines: list[tuple[int, ...]], kind: np.dtype[Any]) -> Lines:
    return np.array(lines, dtype=kind)


def _base(worker: Worker | None, places: Places) -> int:
    if worker is None or worker.latitude is None or worker.longitude is None:
        return NOWHERE
    return places.of(worker.latitude, worker.longitude)


NO_BREAK = -1


@dataclass
class Week:
    """A care worker's week as it is planned: per day the first start and last end of each of their runs."""

    runs: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def spare_each(self, staffing: Staffing, worker: Worker | None) -> int:
        """By how many seconds each run may grow: what the week's limit leaves, in equal parts."""
        hours = staffing.weekly_hours_limit
        if worker is not None and worker.hours_per_week is not None:
            hours = min(hours, worker.hours_per_week)
        spans = [end - start for runs in self.runs.values() for start, end in runs]
        return max(0, int(hours * 3600) - sum(spans)) // len(spans)

    def bounds(self, day: int, start: int, end: int, staffing: Staffing) -> tuple[int, int]:
        """When one of its runs may begin and end for the worker's other runs of the day, and for the rest between two days.

        What is free between two runs is theirs in equal parts: either may grow without asking the other.
        """
        rest = int(staffing.rest_hours * 3600)
        before = [other for _, other in self.runs[day] if other <= start]
        before += [other + rest - days * DAY_SECONDS for days in (1, 2) for _, other in self.runs.get((day - days) % 7, ())]
        after = [other for other, _ in self.runs[day] if other >= end]
        after += [other - rest + days * DAY_SECONDS for days in (1, 2) for other, _ in self.runs.get((day + days) % 7, ())]
        floor, cap = max(before, default=-DAY_SECONDS), min(after, default=3 * DAY_SECONDS)
        return start - max(0, start - floor) // 2, end + max(0, cap - end) // 2


def weeks_of(runs: Iterable[tuple[int, Sequence[PlannedVisit]]]) -> dict[str, Week]:
    """Every worker's week, from the day and the visits of each run."""
    weeks: dict[str, Week] = defaultdict(Week)
    for day, visits in runs:
        weeks[visits[0].worker].runs[day].append((visits[0].start, visits[-1].end))
    return weeks


def latest_start(planned: PlannedVisit, visit: Visit, staffing: Staffing, *, critical: bool) -> int:
    """How late a visit may be pushed: to its latest start; not at all where it is time-critical or two have to meet."""
    if critical or visit.workers == 2:
        return planned.start
    own = days_ahead(visit, planned.start) * DAY_SECONDS
    latest = min(window_of(visit)[1] + staffing.lateness_minutes * 60, seconds_of(visit.earliest_start) + DAY_SECONDS - 1)
    return max(planned.start, own + latest)


def ends_of(
    visits: Sequence[PlannedVisit], shift: Shift, staffing: Staffing, worker: Worker | None, week: Week, day: int, *, rests: bool
) -> tuple[int, int]:
    """When a run may begin at the earliest and end at the latest. ``rests``: it keeps a break."""
    first, last = visits[0].start, visits[-1].end
    # Without a break in it a run may not grow to need one.
    longest = staffing.shift_hours_limit if rests else min(staffing.shift_hours_limit, staffing.break_after_hours)
    seconds = max(int(longest * 3600), last - first)
    spare = week.spare_each(staffing, worker)
    floor, cap = week.bounds(day, first, last, staffing)
    return (
        max(floor, last - seconds, first - spare, shift.opens),
        min(cap, first + seconds, last + spare, shift.closes),
    )


def breaks_of(visits: Sequence[PlannedVisit], staffing: Staffing) -> list[int]:
    """The ways to see a run: with a break before the stop for which it waits longest, and without one while it is short."""
    waits = [
        (after.start - before.end - after.travel_seconds, -index) for index, (before, after) in enumerate(pairwise(visits), 1)
    ]
    longest, index = max(waits, default=(0, 0))
    ways = [-index] if longest >= staffing.break_minutes * 60 else []
    if not ways or visits[-1].end - visits[0].start <= staffing.break_after_hours * 3600:
        ways.append(NO_BREAK)
    return ways
