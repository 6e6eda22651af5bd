"""A provider's rounds of a shift as columns, as the compiled search takes them: a *run* is one round on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import PlannedVisit, RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, StaffingSettings, Worker
from optimiser.rounds.fitting.gap_columns import NOWHERE, RUN, STOP, Lines
from optimiser.rounds.fitting.insertion import set_forward_slack_of_all
from optimiser.rounds.fitting.run_bounds import Week, breaks_of, ends_of, latest_start, weeks_of


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
