"""One round on one day: its order, ways and times, and the two who meet at a visit for two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from optimiser.domain.records import DOUBLE_HANDED
from optimiser.domain.rounds_plan import PlannedVisit
from optimiser.domain.staffing import DAY_SECONDS, Staffing, Worker
from optimiser.domain.visit_windows import days_ahead, window_of
from optimiser.geography.travel_times.interface import degrees
from optimiser.rounds.check.checked_case import Case


def run_faults(case: Case, staffing: Staffing, round_id: str, visits: Sequence[PlannedVisit]) -> Iterator[str]:
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


def ways(case: Case) -> Iterator[str]:
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


def meetings(case: Case) -> Iterator[str]:
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
