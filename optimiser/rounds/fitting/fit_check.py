"""A provider's rounds with a package taken in, as plain records, and what the check of rounds says to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import PlannedVisit, RoundsPlan, UnservedVisit
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import StaffingSettings, Worker
from optimiser.domain.visit_windows import own_day
from optimiser.geography.travel_times.interface import Travel, degrees
from optimiser.geography.travel_times.straight_line import WALKING
from optimiser.rounds.check import Case, Run, check
from optimiser.rounds.fitting.fit import Fit

NO_ROOM = "no round has room for it"


class FitCheck:
    """Every fit is put into the provider's week, which is then checked by code that knows nothing of the search."""

    def __init__(
        self, plan: RoundsPlan, snapshot: Snapshot, settings: StaffingSettings, travel: Travel, workers: Iterable[Worker] = ()
    ) -> None:
        self._plan, self._snapshot, self._settings, self._travel = plan, snapshot, settings, travel
        self._workers = tuple(workers)
        self._weeks: dict[str, Week] = {}
        self._contracts = {contract.provider_id: contract.contract_id for contract in snapshot.contracts}
        held = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}
        self._people: dict[str, list[Package]] = defaultdict(list)
        for package in snapshot.packages:
            if package.contract_id in held:
                self._people[held[package.contract_id]].append(package)

    def faults(self, package: Package, visits: Sequence[Visit], fit: Fit) -> list[str]:
        """What is wrong with the provider's week once the package is in it, and was not before."""
        week = self._week(fit.provider_id)
        before = part_of(week.case, week.around({(each.round_id, each.day) for each in fit.insertions}))
        taken = replace(package, status="active", contract_id=self._contracts[fit.provider_id])
        snapshot = replace(
            before.snapshot, packages=(*before.snapshot.packages, taken), visits=(*before.snapshot.visits, *visits)
        )
        faults = check(replace(before, snapshot=snapshot, plan=self._with(before, fit, taken, visits)))
        # The settings may have changed since the rounds were built: what was wrong before is nobody's news.
        known = set(check(before)) if faults else set()
        return [fault for fault in faults if fault not in known]

    def _week(self, provider: str) -> Week:
        if provider not in self._weeks:
            people = tuple(self._people[provider])
            names = {package.package_id for package in people}
            rounds = tuple(each for each in self._plan.rounds if each.provider_id == provider)
            round_ids = {each.round_id for each in rounds}
            visits = tuple(visit for visit in self._plan.visits if visit.round_id in round_ids)
            lines = tuple(visit for visit in self._snapshot.visits if visit.package_id in names)
            snapshot = replace(self._snapshot, packages=people, visits=lines)
            workers = tuple(worker for worker in self._workers if worker.provider_id == provider)
            plan = replace(self._plan, rounds=rounds, visits=visits, unserved=())
            case = Case(snapshot, self._settings, workers, plan, self._travel, WALKING, (provider,))
            self._weeks[provider] = week_of(case)
        return self._weeks[provider]

    def _with(self, base: Case, fit: Fit, package: Package, visits: Sequence[Visit]) -> RoundsPlan:
        """The plan with the package's visits in it, those who begin later moved, and all ways of the changed runs asked anew."""
        minutes = {visit.visit_id: visit.duration_minutes for visit in visits}
        later = {(each.visit_id, each.day, each.round_id): each.seconds for each in fit.shifted}
        changed = {(each.round_id, each.day) for each in fit.insertions}
        runs = {run: [_moved(visit, later) for visit in base.runs[run]] for run in sorted(changed)}
        for each in sorted(fit.insertions, key=lambda each: each.position):
            end = each.start + minutes[each.visit_id] * 60
            made = PlannedVisit(
                each.round_id, each.day, each.position, each.visit_id, each.worker, each.start, each.start, end, 0, 0
            )
            runs[each.round_id, each.day].insert(each.position - 1, made)
        homes = {visit.visit_id: base.packages[visit.package_id] for visit in base.snapshot.visits}
        homes |= {visit.visit_id: package for visit in visits}
        kept = [visit for visit in base.plan.visits if (visit.round_id, visit.day) not in changed]
        left = [UnservedVisit(fit.provider_id, package.package_id, visit_id, day, fit.barred.get(visit_id, NO_ROOM))
                for visit_id, day in fit.missing]  # fmt: skip
        driven = [visit for run in runs.values() for visit in self._driven(run, homes, base.known)]
        return replace(base.plan, visits=(*kept, *driven), unserved=tuple(left))

    def _driven(
        self, run: Sequence[PlannedVisit], homes: Mapping[str, Package], workers: Mapping[str, Worker]
    ) -> list[PlannedVisit]:
        """A run with its ways and arrivals, from the care worker's base where one is known."""
        worker = workers.get(run[0].worker)
        places = [(homes[visit.visit_id].latitude, homes[visit.visit_id].longitude) for visit in run]
        before = places[0]
        if worker is not None and worker.latitude is not None and worker.longitude is not None:
            before = worker.latitude, worker.longitude
        travel = WALKING if worker is not None and worker.travels == "walks" else self._travel
        latitudes, longitudes = zip(before, *places, strict=True)
        ways = travel.matrix(degrees(list(latitudes), list(longitudes)))
        made: list[PlannedVisit] = []
        for position, visit in enumerate(run):
            seconds, metres = int(ways.seconds[position, position + 1]), int(ways.metres[position, position + 1])
            arrival = made[-1].end + seconds if made else visit.start
            made.append(replace(visit, position=position + 1, arrival=arrival, travel_seconds=seconds, metres=metres))
        return made


def _moved(visit: PlannedVisit, later: Mapping[tuple[str, str, str], int]) -> PlannedVisit:
    seconds = later.get((visit.visit_id, visit.day, visit.round_id), 0)
    return replace(visit, start=visit.start + seconds, end=visit.end + seconds)


@dataclass(frozen=True)
class Week:
    """A provider's week, and how its runs hang together."""

    case: Case
    by_worker: Mapping[str, list[Run]]
    meetings: Mapping[Run, set[Run]]
    """Per run those whose care workers meet its own at a visit for two."""

    def around(self, changed: Iterable[Run]) -> set[Run]:
        """Runs that are changed, all others of their care workers, and whoever meets any of them: nothing else can break."""
        found = {other for run in changed for other in self.by_worker[self.case.runs[run][0].worker]}
        left = list(found)
        while left:
            met = self.meetings.get(left.pop(), set()) - found
            found |= met
            left += met
        return found


def week_of(case: Case) -> Week:
    return Week(case, _by_worker(case.plan.visits), _meetings(case.plan.visits))


def _by_worker(visits: Iterable[PlannedVisit]) -> dict[str, list[Run]]:
    runs: dict[str, dict[Run, None]] = defaultdict(dict)
    for visit in visits:
        runs[visit.worker][visit.round_id, visit.day] = None
    return {worker: list(own) for worker, own in runs.items()}


def _meetings(visits: Iterable[PlannedVisit]) -> dict[Run, set[Run]]:
    there: dict[tuple[str, str], list[Run]] = defaultdict(list)
    for visit in visits:
        there[visit.visit_id, visit.day].append((visit.round_id, visit.day))
    met: dict[Run, set[Run]] = defaultdict(set)
    for runs in there.values():
        for run in runs if len(runs) > 1 else ():
            met[run] |= {other for other in runs if other != run}
    return met


def part_of(case: Case, runs: set[Run]) -> Case:
    """Some runs of a case, with the people whom they visit, on the days on which they do."""
    planned = tuple(visit for visit in case.plan.visits if (visit.round_id, visit.day) in runs)
    days: dict[str, set[str]] = defaultdict(set)
    for visit in planned:
        days[visit.visit_id].add(own_day(case.lines[visit.visit_id], visit.day, visit.start))
    lines = tuple(
        replace(line, days=tuple(day for day in line.days if day in days[line.visit_id]))
        for line in case.snapshot.visits
        if line.visit_id in days
    )
    visited, names = {line.package_id for line in lines}, {name for name, _ in runs}
    people = tuple(person for person in case.snapshot.packages if person.package_id in visited)
    rounds = tuple(each for each in case.plan.rounds if each.round_id in names)
    snapshot = replace(case.snapshot, packages=people, visits=lines)
    return replace(case, snapshot=snapshot, plan=replace(case.plan, rounds=rounds, visits=planned))
