"""A round on one day, as fitting needs it: what may be pushed back how far, and when the care worker may begin and end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from optimiser.domain.records import Visit
from optimiser.domain.rounds_plan import PlannedVisit, RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, Staffing, StaffingSettings, Worker, seconds_of

DAY = 86_400
NOWHERE = -1
"""In place of a place: none."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit of a run. ``latest``: how late it may begin if it must; seconds from midnight. ``travel``: to it."""

    visit_id: str
    place: int
    start: int
    end: int
    latest: int
    travel: int


@dataclass(frozen=True, slots=True)
class Run:
    """A round on one day. Its worker may begin from ``floor`` on and has to end by ``cap``.

    ``break_before``: the stop before which the break is kept, -1 where the run needs none; ``break_seconds`` its length.
    """

    round_id: str
    round_number: int
    """The place of its round among the plan's."""
    day: int
    worker: str
    base: int
    """The place of the worker's base, NOWHERE where none is known."""
    walks: bool
    skills: frozenset[str] | None
    """None: those of the provider."""
    floor: int
    cap: int
    break_before: int
    break_seconds: int
    stops: tuple[Stop, ...]

    @property
    def span(self) -> int:
        return self.stops[-1].end - self.stops[0].start

    def latest_starts(self) -> list[int]:
        """How late each stop may begin so that it and all after it keep to theirs."""
        latest = [0] * len(self.stops)
        # The way home of a worker with a base is not known here, so such a run ends no later than it does.
        allowed = self.cap if self.base == NOWHERE else self.stops[-1].end
        for index in range(len(self.stops) - 1, -1, -1):
            stop = self.stops[index]
            # What is planned holds, even where it stands against a limit that was set since.
            latest[index] = max(stop.start, min(stop.latest, allowed - (stop.end - stop.start)))
            allowed = latest[index] - stop.travel - (self.break_seconds if index == self.break_before else 0)
        return latest


class Places:
    """Every place once, by its number."""

    def __init__(self) -> None:
        self._index: dict[tuple[float, float], int] = {}

    def of(self, latitude: float, longitude: float) -> int:
        return self._index.setdefault((latitude, longitude), len(self._index))

    @property
    def degrees(self) -> list[tuple[float, float]]:
        return list(self._index)


def runs_of(
    plan: RoundsPlan, snapshot: Snapshot, settings: StaffingSettings, workers: Iterable[Worker], places: Places
) -> dict[str, dict[str, list[Run]]]:
    """By provider and shift: every round on every day that it runs, in the order of round and day.

    A run that is short enough to need no break, but has one, stands there twice: so that it may give it up, or keep it and grow.
    """
    of_visit = {visit.visit_id: visit for visit in snapshot.visits}
    packages = {package.package_id: package for package in snapshot.packages}
    known = {worker.worker_id: worker for worker in workers}
    spans, hours = _spans(plan.visits), _hours(plan.visits)
    by_run: dict[tuple[str, str], list[PlannedVisit]] = defaultdict(list)
    for visit in plan.visits:
        by_run[visit.round_id, visit.day].append(visit)
    found: dict[str, dict[str, list[Run]]] = defaultdict(lambda: defaultdict(list))
    for number, each in enumerate(plan.rounds):
        staffing = settings.of(each.provider_id)
        shift = next(shift for shift in staffing.shifts if shift.name == each.shift)
        for day, name in enumerate(DAYS):
            visits = sorted(by_run.get((each.round_id, name), ()), key=lambda visit: visit.position)
            if not visits:
                continue
            stops = []
            for visit in visits:
                told = of_visit[visit.visit_id]
                person = packages[told.package_id]
                latest = _latest(visit, told, staffing, critical=not set(person.skills).isdisjoint(staffing.time_critical_skills))
                place = places.of(person.latitude, person.longitude)
                stops.append(Stop(visit.visit_id, place, visit.start, visit.end, latest, visit.travel_seconds))
            worker = known.get(visits[0].worker)
            spare = _spare(hours[visits[0].worker], staffing, worker)
            for break_before in _breaks(visits, staffing):
                floor, cap = _limits(stops, staffing, spans[visits[0].worker], day, spare, has_break=break_before >= 0)
                found[each.provider_id][each.shift].append(
                    Run(
                        round_id=each.round_id,
                        round_number=number,
                        day=day,
                        worker=visits[0].worker,
                        base=_base(worker, places),
                        walks=worker is not None and worker.travels == "walks",
                        skills=frozenset(worker.skills) if worker is not None else None,
                        floor=max(seconds_of(shift.starts), floor),
                        cap=min(seconds_of(shift.ends), cap),
                        break_before=break_before,
                        break_seconds=staffing.break_minutes * 60,
                        stops=tuple(stops),
                    )
                )
    return {provider: dict(shifts) for provider, shifts in found.items()}


def _latest(planned: PlannedVisit, visit: Visit, staffing: Staffing, *, critical: bool) -> int:
    """How late a visit may be pushed: to its latest start; not at all where it is time-critical or two have to meet."""
    if critical or visit.workers == 2:
        return planned.start
    return max(planned.start, seconds_of(visit.latest_start) + staffing.lateness_minutes * 60)


def _spans(visits: Sequence[PlannedVisit]) -> dict[str, dict[int, tuple[int, int]]]:
    """Per worker and day: when they first start and last end."""
    spans: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for visit in visits:
        day = DAYS.index(visit.day)
        first, last = spans[visit.worker].get(day, (visit.start, visit.end))
        spans[visit.worker][day] = min(first, visit.start), max(last, visit.end)
    return spans


def _hours(visits: Sequence[PlannedVisit]) -> dict[str, list[int]]:
    """Per worker: how many seconds each of their runs lasts."""
    runs: dict[tuple[str, str, str], tuple[int, int]] = {}
    for visit in visits:
        run = visit.worker, visit.round_id, visit.day
        first, last = runs.get(run, (visit.start, visit.end))
        runs[run] = min(first, visit.start), max(last, visit.end)
    hours: dict[str, list[int]] = defaultdict(list)
    for (worker, _, _), (first, last) in runs.items():
        hours[worker].append(last - first)
    return hours


def _spare(runs: Sequence[int], staffing: Staffing, worker: Worker | None) -> int:
    """By how much each of a worker's runs may grow: the week's spare seconds in equal parts."""
    limit = staffing.weekly_hours_limit if worker is None or worker.hours_per_week is None else worker.hours_per_week
    return max(0, int(limit * 3600) - sum(runs)) // len(runs)


def _limits(
    stops: Sequence[Stop], staffing: Staffing, spans: Mapping[int, tuple[int, int]], day: int, spare: int, *, has_break: bool
) -> tuple[int, int]:
    """When a run may begin at the earliest and end at the latest."""
    first, last = stops[0].start, stops[-1].end
    # Without a break in it a run may not grow to need one.
    longest = int(
        (staffing.shift_hours_limit if has_break else min(staffing.shift_hours_limit, staffing.break_after_hours)) * 3600
    )
    longest = max(longest, last - first)
    floor, cap = max(last - longest, first - spare), min(first + longest, last + spare)
    rest = int(staffing.rest_hours * 3600)
    before, after = spans.get((day - 1) % 7), spans.get((day + 1) % 7)
    if before is not None:
        floor = max(floor, before[1] + rest - DAY)
    if after is not None:
        cap = min(cap, after[0] + DAY - rest)
    return floor, cap


def _breaks(visits: Sequence[PlannedVisit], staffing: Staffing) -> list[int]:
    """The ways to see a run: with a break before the stop for which it waits longest, and without one (-1) while it is short."""
    waits = [
        (after.start - before.end - after.travel_seconds, -index) for index, (before, after) in enumerate(pairwise(visits), 1)
    ]
    longest, index = max(waits, default=(0, 0))
    ways = [-index] if longest >= staffing.break_minutes * 60 else []
    if not ways or visits[-1].end - visits[0].start <= staffing.break_after_hours * 3600:
        ways.append(-1)
    return ways


def _base(worker: Worker | None, places: Places) -> int:
    if worker is None or worker.latitude is None or worker.longitude is None:
        return NOWHERE
    return places.of(worker.latitude, worker.longitude)
