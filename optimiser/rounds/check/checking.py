"""The check of a week of rounds: plain records against the snapshot, the settings and travel times asked anew.

It imports nothing of what builds rounds. Every fault is a sentence that names round, day and visit, never a place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from optimiser.domain.not_planned import sentence, skills_sentence
from optimiser.domain.records import DOUBLE_HANDED, Package, Visit
from optimiser.domain.rounds_plan import PlannedRound, PlannedVisit, RoundsPlan, UnservedVisit
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAY_SECONDS, DAYS, Staffing, StaffingSettings, Worker
from optimiser.domain.windows import days_ahead, own_day, window_of
from optimiser.rounds.check.bars import BARS, bar_of
from optimiser.travel.interface import Travel, degrees

Run = tuple[str, str]
"""A round and a day."""


@dataclass(frozen=True)
class Case:
    """A plan and all that it is measured by."""

    snapshot: Snapshot
    settings: StaffingSettings
    workers: Sequence[Worker]
    plan: RoundsPlan
    driving: Travel
    walking: Travel
    provider_ids: Sequence[str]
    """Whose care was to be planned."""
    area_id: str = ""

    @cached_property
    def lines(self) -> dict[str, Visit]:
        return {visit.visit_id: visit for visit in self.snapshot.visits}

    @cached_property
    def packages(self) -> dict[str, Package]:
        return {package.package_id: package for package in self.snapshot.packages}

    @cached_property
    def rounds(self) -> dict[str, PlannedRound]:
        return {each.round_id: each for each in self.plan.rounds}

    @cached_property
    def known(self) -> dict[str, Worker]:
        return {worker.worker_id: worker for worker in self.workers}

    @cached_property
    def runs(self) -> dict[Run, list[PlannedVisit]]:
        runs: dict[Run, list[PlannedVisit]] = defaultdict(list)
        for visit in self.plan.visits:
            runs[visit.round_id, visit.day].append(visit)
        return {run: sorted(visits, key=lambda visit: visit.position) for run, visits in runs.items()}

    @cached_property
    def provider_of(self) -> dict[str, str]:
        """Per package the provider that its contract is with."""
        held = {contract.contract_id: contract.provider_id for contract in self.snapshot.contracts}
        return {p.package_id: held[p.contract_id] for p in self.snapshot.packages if p.contract_id in held}

    def staffing(self, round_id: str) -> Staffing:
        return self.settings.of(self.rounds[round_id].provider_id)

    def person(self, visit: PlannedVisit) -> Package:
        return self.packages[self.lines[visit.visit_id].package_id]


def check(case: Case) -> list[str]:
    """Everything that is wrong with a plan; empty: every rule holds."""
    references = list(_references(case))
    if references:
        return references
    faults = [*_served(case), *_ways(case), *_meetings(case), *_weeks(case), *_steady(case)]
    for (round_id, day), visits in sorted(case.runs.items()):
        faults += [f"{round_id}, {day}: {fault}" for fault in _run(case, case.staffing(round_id), round_id, visits)]
    return faults


def check_evenness(case: Case) -> list[str]:
    """Rounds whose care in the week is further from the mean of their provider's rounds in the shift than 3% and than the longest
    visit there, without a reason; and such as have a reason though they are not."""
    care: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    longest: dict[tuple[str, str], int] = Counter()
    for visit in case.plan.visits:
        own = case.rounds[visit.round_id]
        minutes = case.lines[visit.visit_id].duration_minutes
        care[own.provider_id, own.shift][own.round_id] += minutes
        longest[own.provider_id, own.shift] = max(longest[own.provider_id, own.shift], minutes)
    faults = []
    for group, rounds in sorted(care.items()):
        total, count = rounds.total(), len(rounds)
        for name, minutes in sorted(rounds.items()):
            away = abs(minutes * count - total)  # everything times the number of rounds: whole numbers
            is_even = 100 * away <= 3 * total or away <= longest[group] * count
            if is_even == bool(case.rounds[name].uneven_because):
                said = "has a reason for being uneven, and is not" if is_even else "is uneven, without a reason"
                faults.append(f"{name}: {minutes} minutes of care in the week, {total} in {count} rounds: {said}")
    return faults


def _references(case: Case) -> Iterator[str]:
    """Names that lead nowhere: nothing else can be judged then."""
    for round_id, count in Counter(each.round_id for each in case.plan.rounds).items():
        if count > 1:
            yield f"{round_id}: the round is there {count} times"
    for visit in case.plan.visits:
        if visit.round_id not in case.rounds:
            yield f"{visit.visit_id}: its round {visit.round_id} is not among the rounds"
        elif visit.visit_id not in case.lines:
            yield f"{visit.round_id}, {visit.day}: visit {visit.visit_id} is not in the snapshot"
        elif case.provider_of.get(case.lines[visit.visit_id].package_id) != case.rounds[visit.round_id].provider_id:
            yield f"{visit.round_id}, {visit.day}: visit {visit.visit_id} is not in the care of this provider"


def _served(case: Case) -> Iterator[str]:
    """Every visit on every one of its days: by as many care workers as it needs, or listed, once."""
    made = Counter((visit.visit_id, own_day(case.lines[visit.visit_id], visit.day, visit.start)) for visit in case.plan.visits)
    left = Counter((each.visit_id, each.day) for each in case.plan.unserved if each.visit_id)
    whole = Counter(each.package_id for each in case.plan.unserved if not each.visit_id)
    due = {
        (line.visit_id, day): line.workers
        for line in case.snapshot.visits
        if case.provider_of.get(line.package_id) in case.provider_ids
        and case.area_id in ("", case.packages[line.package_id].area_id)
        for day in line.days
    }
    for visit_id, day in sorted(set(made) | set(left) | set(due)):
        needs, done, listed = due.get((visit_id, day), 0), made[visit_id, day], left[visit_id, day]
        if (done, listed) not in ((needs, 0), (0, 1 if needs else 0)):
            yield f"{visit_id}, {day}: needs {needs} care worker(s), has {done}, and is listed as unserved {listed} time(s)"
    visited = {line.package_id for line in case.snapshot.visits}
    for package in case.snapshot.packages:
        if case.provider_of.get(package.package_id) in case.provider_ids and case.area_id in ("", package.area_id):
            expected = 0 if package.package_id in visited else 1
            if whole[package.package_id] != expected:
                yield f"{package.package_id}: without visits, it is to be listed once; it is {whole[package.package_id]} times"
    for each in case.plan.unserved:
        if not each.reason:
            yield f"{each.visit_id or each.package_id}, {each.day}: unserved without a reason"
        elif each.visit_id in case.lines:
            yield from _truly(case, each)


def _truly(case: Case, each: UnservedVisit) -> Iterator[str]:
    """A visit that no shift can hold is listed with just that, and one that a shift can hold with another reason."""
    line, staffing = case.lines[each.visit_id], case.settings.of(each.provider_id)
    bar = bar_of(line, staffing)
    if bar is not None and each.reason != sentence(bar, line, staffing):
        yield f"{each.visit_id}, {each.day}: {sentence(bar, line, staffing)}; its reason is another"
    elif bar is None and (each.bar is not None or each.reason in {sentence(other, line, staffing) for other in BARS}):
        yield f"{each.visit_id}, {each.day}: unserved as if no shift could hold it, and one can"
    needs = set(case.packages[line.package_id].skills) - {DOUBLE_HANDED}
    able = sum(each.provider_id == worker.provider_id and needs <= set(worker.skills) for worker in case.workers)
    of_skills = {skills_sentence(count, line.workers) for count in range(line.workers + 1)}
    if each.reason in of_skills and each.reason != skills_sentence(able, line.workers):
        yield f"{each.visit_id}, {each.day}: unserved for want of skills, which {able} care worker(s) have"


def _run(case: Case, staffing: Staffing, round_id: str, visits: Sequence[PlannedVisit]) -> Iterator[str]:
    """One round on one day."""
    shift = {each.name: each for each in staffing.shifts}[case.rounds[round_id].shift]
    if [visit.position for visit in visits] != list(range(1, len(visits) + 1)):
        yield "positions are not 1, 2, 3 …"
    if len({visit.worker for visit in visits}) > 1:
        yield "more than one care worker"
    if visits[0].day not in case.rounds[round_id].days:
        yield "the round does not run on this day"
    if visits[0].start < shift.opens or visits[-1].end > shift.closes:
        yield f"outside the {shift.name} shift"
    for visit in visits:
        yield from _visit(case, staffing, visit)
    for now, then in pairwise(visits):
        if then.arrival != now.end + then.travel_seconds:
            yield f"{then.visit_id}: arrival is not the end of the visit before and the way"
    length = visits[-1].end - visits[0].start
    if length > staffing.shift_hours_limit * 3600:
        yield "longer than the longest run"
    longest = max((then.start - then.arrival for then in visits[1:]), default=0)
    if length > staffing.break_after_hours * 3600 and longest < staffing.break_minutes * 60:
        yield "no break"


def _visit(case: Case, staffing: Staffing, visit: PlannedVisit) -> Iterator[str]:
    line, person = case.lines[visit.visit_id], case.person(visit)
    critical = not set(person.skills).isdisjoint(staffing.time_critical_skills)
    late = 0 if critical else staffing.lateness_minutes * 60
    if visit.start - days_ahead(line, visit.start) * DAY_SECONDS > window_of(line)[1] + late:
        yield f"{visit.visit_id}: begins outside its window"
    if visit.end - visit.start != line.duration_minutes * 60:
        yield f"{visit.visit_id}: is not as long as it should be"
    if visit.arrival > visit.start:
        yield f"{visit.visit_id}: begins before its care worker is there"
    worker = case.known.get(visit.worker)
    provider_id = case.rounds[visit.round_id].provider_id
    if worker is not None:
        if worker.provider_id != provider_id:
            yield f"{visit.visit_id}: its care worker is another provider's"
        if set(person.skills) - {DOUBLE_HANDED, *worker.skills}:
            yield f"{visit.visit_id}: its care worker has not the skills"
    elif any(each.provider_id == provider_id for each in case.workers):
        yield f"{visit.visit_id}: its care worker is not known"


def _ways(case: Case) -> Iterator[str]:
    """Every way as long as the travel times say, from the base where one is known."""
    for provider_id in sorted({each.provider_id for each in case.plan.rounds}):
        runs = {run: visits for run, visits in case.runs.items() if case.rounds[run[0]].provider_id == provider_id}
        people = sorted({case.person(visit).package_id for visits in runs.values() for visit in visits})
        based = [w for w in case.workers if w.provider_id == provider_id and w.latitude is not None and w.longitude is not None]
        number = {name: index for index, name in enumerate([*people, *(worker.worker_id for worker in based)])}
        places = degrees(
            [case.packages[name].latitude for name in people] + [float(worker.latitude or 0) for worker in based],
            [case.packages[name].longitude for name in people] + [float(worker.longitude or 0) for worker in based],
        )
        for walks, travel in ((False, case.driving), (True, case.walking)):
            own = {run: v for run, v in runs.items() if _walks(case.known, v[0].worker) is walks}
            if own:
                found = travel.matrix(places)
                for (round_id, day), visits in sorted(own.items()):
                    staffing = case.staffing(round_id)
                    shift = {each.name: each for each in staffing.shifts}[case.rounds[round_id].shift]
                    stops = [number[case.person(visit).package_id] for visit in visits]
                    before = [number.get(visits[0].worker), *stops[:-1]]
                    for visit, here, prior in zip(visits, stops, before, strict=True):
                        seconds, metres = (0, 0) if prior is None else (found.seconds[prior, here], found.metres[prior, here])
                        if (visit.travel_seconds, visit.metres) != (seconds, metres):
                            yield f"{round_id}, {day}: the way to {visit.visit_id} is not as the travel times have it"
                    base = number.get(visits[0].worker)
                    if base is not None:
                        out = visits[0].start - found.seconds[base, stops[0]] < shift.opens
                        back = visits[-1].end + found.seconds[stops[-1], base] > shift.closes
                        if out or back:
                            yield f"{round_id}, {day}: the way from or to the base is outside the shift"


def _walks(known: Mapping[str, Worker], name: str) -> bool:
    return name in known and known[name].travels == "walks"


def _meetings(case: Case) -> Iterator[str]:
    """The two at a visit for two are two, and begin together."""
    pairs: dict[tuple[str, str], list[PlannedVisit]] = defaultdict(list)
    for visit in case.plan.visits:
        if case.lines[visit.visit_id].workers == 2:
            pairs[visit.visit_id, visit.day].append(visit)
    for (visit_id, day), both in sorted(pairs.items()):
        if len({visit.start for visit in both}) > 1:
            yield f"{visit_id}, {day}: the two care workers do not begin together"
        if len({visit.worker for visit in both}) < len(both):
            yield f"{visit_id}, {day}: the same care worker twice"


def _weeks(case: Case) -> Iterator[str]:
    """Each care worker's week: nowhere twice at once, days, hours and rest."""
    weeks: dict[tuple[str, str], dict[str, list[Run]]] = defaultdict(lambda: defaultdict(list))
    for run, visits in case.runs.items():
        weeks[case.rounds[run[0]].provider_id, visits[0].worker][run[1]].append(run)
    for (provider_id, name), days in sorted(weeks.items()):
        staffing, worker = case.settings.of(provider_id), case.known.get(name)
        for fault in _week(case, staffing, worker, days):
            yield f"{name}: {fault}"


def _week(case: Case, staffing: Staffing, worker: Worker | None, days: Mapping[str, Sequence[Run]]) -> Iterator[str]:
    spans = {day: sorted((case.runs[run][0].start, case.runs[run][-1].end) for run in runs) for day, runs in days.items()}
    for day, parts in sorted(spans.items()):
        if any(now[1] > then[0] for now, then in pairwise(parts)):
            yield f"in two rounds at once on {day}"
        if len(parts) > 1 and not staffing.split_shifts:
            yield f"works more than one run on {day}"
        if worker is not None and worker.days and day not in worker.days:
            yield f"does not work on {day}"
    if len(days) > staffing.days_per_week:
        yield f"works on {len(days)} days"
    limit = staffing.weekly_hours_limit
    if worker is not None and worker.hours_per_week is not None:
        limit = min(limit, worker.hours_per_week)
    pause, after = staffing.break_minutes * 60, staffing.break_after_hours * 3600
    at_work = sum(b - a - (pause if b - a > after else 0) for parts in spans.values() for a, b in parts)
    if at_work > limit * 3600:
        yield "works more hours than the limit"
    for index, day in enumerate(DAYS):
        for later in (1, 2):  # a night, and the rest after it, may reach into a second day
            following = DAYS[(index + later) % 7]
            if day in spans and following in spans:
                rest = spans[following][0][0] + later * DAY_SECONDS - max(end for _, end in spans[day])
                if rest < staffing.rest_hours * 3600:
                    yield f"has too little rest after {day}"
                    break


def _steady(case: Case) -> Iterator[str]:
    """Time-critical visits begin at about the same time every day."""
    starts: dict[str, list[int]] = defaultdict(list)
    for visit in case.plan.visits:
        staffing = case.staffing(visit.round_id)
        if not set(case.person(visit).skills).isdisjoint(staffing.time_critical_skills):
            starts[visit.visit_id].append(visit.start)
    for visit_id, times in sorted(starts.items()):
        provider_id = case.provider_of[case.lines[visit_id].package_id]
        if max(times) - min(times) > 2 * 60 * case.settings.of(provider_id).time_critical_minutes:
            yield f"{visit_id}: time-critical, and not at about the same time every day"
