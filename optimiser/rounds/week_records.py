"""A shift's rounds with their care workers, as plain records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimiser.domain.records import made_of
from optimiser.domain.rounds_plan import PlannedRound, PlannedVisit, RoundsPlan, UnservedVisit
from optimiser.domain.staffing import DAYS, Shift, Staffing, Worker
from optimiser.rounds.day_plan import DayPlan
from optimiser.rounds.master_rounds import ShiftPlan
from optimiser.rounds.problem import WALKS, TravelMatrix
from optimiser.rounds.rota import Person, Run, rota
from optimiser.rounds.round_hours import hours_of_rounds
from optimiser.rounds.solve.day_routes import routes_of
from optimiser.rounds.visits_by_shift import Line

NOBODY_FREE = "no care worker of the provider is free for its round within their hours, days, rest and skills"
MOST_WORKERS = "9999"
"""Room for a care worker's number behind the provider's id."""
MOSTLY = 0.5
"""Two rounds that share so much of the visits of one are a crew."""
STOPPED = "the run was interrupted before these rounds were made even"
MISSING = "visits that nobody makes are missing from these rounds"
OWN_STAFF = "no evener week was found for care workers whose skills, bases and ways of travelling are given"
NONE_FOUND = "no evener week was found in which every visit keeps its window and every run its limits"


def records_of(
    planned: ShiftPlan,
    provider_id: str,
    shift: Shift,
    staffing: Staffing,
    known: Sequence[Worker],
    matrix: TravelMatrix,
    people: list[Person] | None,
) -> tuple[RoundsPlan, list[Person]]:
    """A shift's rounds with their care workers, as records. What nobody works is unserved."""
    names = [made_of(provider_id, f"-{shift.name[0].upper()}{number + 1:03}") for number in range(planned.rounds)]
    runs = [run for plan in planned.days for day in plan.days for run in _runs(plan, day, staffing, shift, matrix)]
    workers = made_of(provider_id, f"-{shift.name[0].upper()}-worker-{MOST_WORKERS}").removesuffix(MOST_WORKERS)
    chosen, people = rota(runs, staffing, known, workers, people)
    visits: list[PlannedVisit] = []
    unserved = [_unserved(provider_id, line, day, why) for line, day, why in planned.unserved]
    for plan in planned.days:
        routes = routes_of(plan.day, plan.roster)
        for day in plan.days:
            idle = {call for number, route in enumerate(routes) if route and (number, day) not in chosen for call in route}
            unserved += [_unserved(provider_id, plan.lines[call], day, NOBODY_FREE) for call in sorted(idle)]
            for number, route in enumerate(routes):
                if route and (number, day) in chosen:
                    kept = [call for call in route if call not in idle]
                    visits += _visits(plan, day, number, kept, names[number], chosen[number, day], matrix)
    runs_on: dict[str, set[str]] = {}
    for visit in visits:
        runs_on.setdefault(visit.round_id, set()).add(visit.day)
    crews = _crews(planned)
    rounds = [
        PlannedRound(name, provider_id, shift.name, tuple(d for d in DAYS if d in runs_on[name]), crew)
        for number, name in enumerate(names)
        if name in runs_on
        for crew in (names[crews[number]] if number in crews and names[crews[number]] in runs_on else "",)
    ]
    return RoundsPlan(tuple(rounds), tuple(sorted(visits, key=in_order)), tuple(unserved), matrix.provenance), people


def with_reasons(plan: RoundsPlan, *, staff_is_known: bool, was_stopped: bool) -> RoundsPlan:
    """One provider's rounds; those that are not even say why."""
    short = bool(plan.unserved)
    why = STOPPED if was_stopped else MISSING if short else OWN_STAFF if staff_is_known else NONE_FOUND
    hours = hours_of_rounds(plan)
    rounds = (each if hours[each.round_id].is_even else replace(each, uneven_because=why) for each in plan.rounds)
    return replace(plan, rounds=tuple(rounds))


def in_order(visit: PlannedVisit) -> tuple[str, int, int]:
    """Rounds, days and positions as files have them."""
    return visit.round_id, DAYS.index(visit.day), visit.position


def by_id(visit: UnservedVisit) -> tuple[str, str, str, int]:
    return visit.provider_id, visit.package_id, visit.visit_id, DAYS.index(visit.day) if visit.day else 0


def together(plans: Sequence[RoundsPlan]) -> RoundsPlan:
    """Several providers' weeks as one."""
    return RoundsPlan(
        rounds=tuple(sorted((each for plan in plans for each in plan.rounds), key=lambda each: each.round_id)),
        visits=tuple(sorted((each for plan in plans for each in plan.visits), key=in_order)),
        unserved=tuple(sorted((each for plan in plans for each in plan.unserved), key=by_id)),
        travel="; ".join(sorted({plan.travel for plan in plans if plan.travel})),
    )


def _unserved(provider_id: str, line: Line, run_day: str, why: str) -> UnservedVisit:
    return UnservedVisit(provider_id, line.package_id, line.visit_id, line.own_day(run_day), why)


def _runs(plan: DayPlan, day: str, staffing: Staffing, shift: Shift, matrix: TravelMatrix) -> list[Run]:
    found = []
    for number, route in enumerate(routes_of(plan.day, plan.roster)):
        if not route:
            continue
        starts, ends = int(plan.starts[route[0], 0]), int(plan.starts[route[-1], 0] + plan.day.duration[route[-1], 0])
        pause = staffing.break_minutes * 60 if ends - starts > staffing.break_after_hours * 3600 else 0
        skills = frozenset(skill for call in route for skill in plan.lines[call].skills)
        kind = int(plan.day.kind[number])
        first, last = int(plan.day.call_place[route[0]]), int(plan.day.call_place[route[-1]])
        to_and_from = {
            name: (int(matrix.seconds[kind, base, first]), int(matrix.seconds[kind, last, base]))
            for name, base in matrix.base_of.items()
        }
        at_work = ends - starts - pause
        found.append(Run(number, day, starts, ends, at_work, skills, kind == WALKS, to_and_from, shift.opens, shift.closes))
    return found


def _visits(
    plan: DayPlan, day: str, number: int, route: Sequence[int], round_id: str, worker: str, matrix: TravelMatrix
) -> list[PlannedVisit]:
    nowhere = matrix.seconds.shape[1] - 1
    kind, place = int(plan.day.kind[number]), matrix.base_of.get(worker, nowhere)
    free = 0
    made = []
    for position, call in enumerate(route, 1):
        here = int(plan.day.call_place[call])
        way = int(matrix.seconds[kind, place, here])
        start = int(plan.starts[call, 0])
        arrival = start if position == 1 else free + way
        end = start + plan.lines[call].seconds
        metres = 0 if place == nowhere else int(matrix.metres[kind, place, here])
        made.append(PlannedVisit(round_id, day, position, plan.lines[call].visit_id, worker, arrival, start, end, way, metres))
        place, free = here, end
    return made


def _crews(planned: ShiftPlan) -> dict[int, int]:
    """Rounds that share most of their visits on a fullest day with one other."""
    if not planned.days:
        return {}
    fullest = max(planned.days, key=lambda plan: len(plan.lines))
    routes = [set(route) for route in routes_of(fullest.day, fullest.roster)]
    found = {}
    for number, route in enumerate(routes):
        shared = {other: len(route & theirs) for other, theirs in enumerate(routes) if other != number}
        best = max(shared, key=lambda other: (shared[other], -other), default=None)
        if route and best is not None and shared[best] > MOSTLY * len(route):
            found[number] = best
    return found
