"""Cheapest insertion: the least extra travel by which a package goes into a provider's rounds.

Solomon (1987, *Algorithms for the vehicle routing and scheduling problems with time window constraints*).

Every visit goes to one round on all its days where one can take it on all, else to as few as the days allow; a visit for two
to two rounds that reach the person at one time. What is planned already may be pushed back within its window, never brought
forward, and not at all where its time matters: so whatever is found can be driven as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import PlannedVisit, RoundsPlan, sentence
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAY_SECONDS, DAYS, StaffingSettings, Worker
from optimiser.domain.visit_windows import day_after, window_of
from optimiser.geography.travel_times.interface import Travel, degrees
from optimiser.geography.travel_times.straight_line import WALKING
from optimiser.rounds.fitting.cheapest_gaps import CELL, GAP, NONE, STOP, PersonTravel, VisitToInsert, Workspace
from optimiser.rounds.fitting.fit import Fit, Insertion, Shifted
from optimiser.rounds.fitting.insertion import take
from optimiser.rounds.fitting.run_columns import Places, ShiftRuns, runs_of
from optimiser.rounds.problem import Bools, Ints
from optimiser.rounds.visits_by_shift import Place, place_of


class RoundsInMemory:
    """The rounds of a plan, ready to try packages in. Make it once; it takes a second for a county.

    ``elsewhere``: what else the care workers do in their week: it counts for their hours and rest, and nobody is put there.
    """

    def __init__(
        self,
        plan: RoundsPlan,
        snapshot: Snapshot,
        settings: StaffingSettings,
        travel: Travel,
        workers: Iterable[Worker] = (),
        elsewhere: Iterable[PlannedVisit] = (),
    ) -> None:
        self._settings = settings
        self.provenance = travel.provenance
        places = Places()
        self._shifts = runs_of(plan, snapshot, settings, workers, places, elsewhere)
        known = degrees([place[0] for place in places.degrees], [place[1] for place in places.degrees])
        self._driving = travel.to_and_from(known)
        walks = any(shift.runs["walks"].any() for shift in self._shifts.values())
        self._walking = WALKING.to_and_from(known) if walks else None

    @property
    def provider_ids(self) -> frozenset[str]:
        """Who has rounds."""
        return frozenset(provider for provider, _ in self._shifts)

    def fit(self, package: Package, visits: Sequence[Visit], provider_ids: Iterable[str]) -> list[Fit]:
        """How each provider's rounds could take a package: whole fits first, then by extra minutes, then in the order given."""
        here = degrees([package.latitude], [package.longitude])
        driving = _columns(*self._driving(here))
        walking = driving if self._walking is None else _columns(*self._walking(here))
        travel = PersonTravel(*driving, *walking)
        longest_first = sorted(visits, key=lambda visit: (-visit.workers, -len(visit.days), visit.earliest_start, visit.visit_id))
        fits = [self._fit_one(package, longest_first, provider, travel) for provider in provider_ids]
        return sorted(fits, key=lambda fit: (len(fit.missing), fit.extra_minutes))

    def _fit_one(self, package: Package, visits: Sequence[Visit], provider: str, travel: PersonTravel) -> Fit:
        """``visits``: in the order in which they are placed."""
        staffing, skills = self._settings.of(provider), frozenset(package.skills)
        critical = not skills.isdisjoint(staffing.time_critical_skills)
        leeway = staffing.time_critical_minutes * 60 if critical else NONE
        trials: dict[str, _Trial] = {}
        missing: list[tuple[str, str]] = []
        barred: dict[str, str] = {}
        for number, visit in enumerate(visits):
            place = place_of(visit, staffing)
            runs = self._shifts.get((provider, place.shift.name)) if isinstance(place, Place) else None
            if not isinstance(place, Place):
                barred[visit.visit_id] = sentence(place, visit, staffing)
            if not isinstance(place, Place) or runs is None:
                missing += [(visit.visit_id, day) for day in DAYS if day in visit.days]
                continue
            name = place.shift.name
            if name not in trials:
                trials[name] = _Trial(runs, skills, travel, len(visits))
            missing += [(visit.visit_id, day) for day in trials[name].take(number, visit, leeway, place.days_ahead)]
        changes = [trial.changes(visits) for trial in trials.values()]
        return Fit(
            provider,
            tuple(sorted((each for made, _ in changes for each in made), key=_when)),
            tuple(each for _, shifted in changes for each in shifted),
            tuple(missing),
            barred,
        )


def _when(each: Insertion) -> tuple[str, int, str]:
    return each.visit_id, DAYS.index(each.day), each.round_id


def _columns(there: Ints, back: Ints) -> tuple[Ints, Ints]:
    """No way at all from the person to where they are, and from nowhere."""
    return np.append(there, (0, 0)), np.append(back, (0, 0))


class _Trial:
    """One package in one provider's runs of a shift: what has been put where so far."""

    def __init__(self, shift: ShiftRuns, skills: frozenset[str], travel: PersonTravel, visits: int) -> None:
        self._shift, self._travel = shift, travel
        self._runs, self._used = shift.runs.copy(), len(shift.stops)
        # Each visit changes two runs a day at most, which may then be written down once more.
        spare = visits * 2 * len(DAYS) * (int(shift.runs["stops"].max()) + visits)
        self._stops = np.empty(self._used + spare, dtype=STOP)
        self._stops[: self._used] = shift.stops
        self._able = np.array([known is None or skills <= known for known in shift.skills], dtype=np.bool_)

    def take(self, number: int, visit: Visit, leeway: int, ahead: int) -> list[str]:
        """Put a visit into the best round on each of its days, which are so many ``ahead`` of the runs'. Returns the days that no
        round can take."""
        wanted = np.array([day_after(day, ahead) in visit.days for day in DAYS], dtype=np.bool_)
        workspace = _workspace(self._shift, len(self._stops), visit.workers, wanted)
        earliest, latest = (time + ahead * DAY_SECONDS for time in window_of(visit))
        inserted = VisitToInsert(number, earliest, latest, visit.duration_minutes * 60, visit.workers, leeway)
        self._used = take(self._runs, self._stops, self._used, self._able, inserted, self._travel, workspace)
        left = {day_after(day, ahead) for day, is_left in zip(DAYS, workspace.wanted, strict=True) if is_left}
        return [day for day in DAYS if day in left]

    def changes(self, visits: Sequence[Visit]) -> tuple[list[Insertion], list[Shifted]]:
        """What was put where, and who begins later."""
        insertions, shifted = [], []
        shift, before = self._shift, len(self._shift.stops)
        for number in np.flatnonzero((self._runs["first"] >= before) & (self._runs["stops"] > 0)).tolist():
            run, old = self._runs[number], shift.runs[number]
            was = shift.stops[old["first"] : old["first"] + old["stops"]]
            started = dict(zip(was["visit"].tolist(), was["start"].tolist(), strict=True))
            now = self._stops[run["first"] : run["first"] + run["stops"]]
            day, round_id = DAYS[run["day"]], shift.round_ids[run["round"]]
            stops = zip(now["visit"].tolist(), now["start"].tolist(), now["extra"].tolist(), strict=True)
            for position, (visit, start, extra) in enumerate(stops, 1):
                if visit < 0:
                    visit_id = visits[-1 - visit].visit_id
                    worker = shift.workers[run["worker"]]
                    insertions.append(Insertion(visit_id, day, round_id, worker, position, start, extra))
                elif start > started[visit]:
                    shifted.append(Shifted(shift.visit_ids[visit], day, round_id, start - started[visit]))
        return insertions, shifted


def _workspace(shift: ShiftRuns, gaps: int, workers: int, wanted: Bools) -> Workspace:
    rounds = len(shift.round_ids)
    lines = rounds if workers == 1 else rounds * (rounds - 1) // 2
    table = np.empty((max(lines, 1), len(DAYS)), dtype=CELL)
    return Workspace(np.empty(gaps + len(shift.runs), dtype=GAP), table, np.empty((len(DAYS), 2), dtype=np.int64), wanted)
