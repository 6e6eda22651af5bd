"""A provider's week of rounds: shifts apart, each with its master rounds, then who works them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from optimiser.domain.rounds_plan import PlannedRound, PlannedVisit, RoundsPlan, UnservedVisit
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, Shift, Staffing, StaffingSettings, Worker, seconds_of
from optimiser.rounds.care import Care, care_of
from optimiser.rounds.masters import (
    DayPlan,
    ShiftPlan,
    ShiftWork,
    Slot,
    StoppedEarlyError,
    Thoroughness,
    chains_of,
    plan_shift,
)
from optimiser.rounds.problem import Floats, Ints
from optimiser.rounds.rota import Person, Run, rota
from optimiser.travel.interface import Travel, degrees
from optimiser.travel.straight_line import DRIVING, WALKING

NOBODY_FREE = "no care worker of the provider is free for its round within their hours, days, rest and skills"
NOT_REACHED = "the run was interrupted before this provider's rounds were planned"
WALKS = 1
"""The kind of those who walk, among the kinds of travellers; 0 drives."""
MOSTLY = 0.5
"""Two rounds that share so much of the visits of one are a crew."""


@dataclass(frozen=True)
class Ways:
    """Ways between a provider's places: per kind of traveller whole seconds and metres; the last place is nowhere, 0 from all."""

    place_of: dict[str, int]
    base_of: dict[str, int]
    seconds: Floats
    metres: Ints
    provenance: str


@dataclass(frozen=True)
class Order:
    """What is to be built."""

    snapshot: Snapshot
    settings: StaffingSettings = field(default_factory=StaffingSettings)
    workers: tuple[Worker, ...] = ()
    area_id: str = ""
    driving: Travel = DRIVING
    walking: Travel = WALKING
    thoroughness: Thoroughness = field(default_factory=Thoroughness)


def build_provider(order: Order, provider_id: str, should_stop: Callable[[], bool] = lambda: False) -> RoundsPlan:
    """The week of one provider."""
    staffing = order.settings.of(provider_id)
    care = care_of(order.snapshot, staffing, provider_id, order.area_id)
    known = [worker for worker in order.workers if worker.provider_id == provider_id]
    ways = _ways(order, care, known)
    plans: list[RoundsPlan] = []
    people: list[Person] | None = None
    taken = 0
    for shift in staffing.shifts:
        first = [*known[taken:], *(known[:taken] if staffing.split_shifts else [])]
        slots = [_slot(worker, ways) for worker in first]
        work = ShiftWork(
            care.by_shift[shift.name], ways.place_of, ways.seconds, shift, staffing, slots, order.thoroughness, should_stop
        )
        try:
            planned = plan_shift(work)
        except StoppedEarlyError:
            return not_reached(order, provider_id, ways.provenance)
        taken += planned.rounds
        records, people = _records(planned, provider_id, shift, staffing, known, ways, people if known else None)
        plans.append(records)
    return RoundsPlan(
        rounds=tuple(each for plan in plans for each in plan.rounds),
        visits=tuple(each for plan in plans for each in plan.visits),
        unserved=tuple(sorted((*care.unserved, *(each for plan in plans for each in plan.unserved)), key=_by_id)),
        travel=ways.provenance,
    )


def not_reached(order: Order, provider_id: str, provenance: str = "") -> RoundsPlan:
    """A provider for whose rounds there was no time: all its visits are listed."""
    care = care_of(order.snapshot, order.settings.of(provider_id), provider_id, order.area_id)
    left = [
        UnservedVisit(provider_id, line.package_id, line.visit_id, day, NOT_REACHED)
        for lines in care.by_shift.values()
        for line in lines
        for day in line.days
    ]
    return RoundsPlan((), (), tuple(sorted((*care.unserved, *left), key=_by_id)), provenance)


def together(plans: Sequence[RoundsPlan]) -> RoundsPlan:
    """Several providers' weeks as one."""
    return RoundsPlan(
        rounds=tuple(sorted((each for plan in plans for each in plan.rounds), key=lambda each: each.round_id)),
        visits=tuple(sorted((each for plan in plans for each in plan.visits), key=_in_order)),
        unserved=tuple(sorted((each for plan in plans for each in plan.unserved), key=_by_id)),
        travel="; ".join(sorted({plan.travel for plan in plans if plan.travel})),
    )


def _in_order(visit: PlannedVisit) -> tuple[str, int, int]:
    return visit.round_id, DAYS.index(visit.day), visit.position


def _by_id(visit: UnservedVisit) -> tuple[str, str, str, int]:
    return visit.provider_id, visit.package_id, visit.visit_id, DAYS.index(visit.day) if visit.day else 0


def _ways(order: Order, care: Care, known: Sequence[Worker]) -> Ways:
    lines = {line.package_id: line for lines in care.by_shift.values() for line in lines}
    names = sorted(lines)
    based = [worker for worker in known if worker.latitude is not None and worker.longitude is not None]
    places = degrees(
        [lines[name].latitude for name in names] + [float(worker.latitude or 0) for worker in based],
        [lines[name].longitude for name in names] + [float(worker.longitude or 0) for worker in based],
    )
    kinds = [order.driving] + ([order.walking] if any(worker.travels == "walks" for worker in known) else [])
    size = len(places) + 1
    seconds, metres = np.zeros((len(kinds), size, size)), np.zeros((len(kinds), size, size), dtype=np.int64)
    told = []
    for kind, travel in enumerate(kinds):
        if len(places):
            found = travel.matrix(places)
            seconds[kind, :-1, :-1], metres[kind, :-1, :-1] = found.seconds, found.metres
        told.append(travel.provenance)
    place_of = {name: index for index, name in enumerate(names)}
    base_of = {worker.worker_id: len(names) + index for index, worker in enumerate(based)}
    return Ways(place_of, base_of, seconds, metres, "; on foot: ".join(told))


def _slot(worker: Worker, ways: Ways) -> Slot:
    return Slot(frozenset(worker.skills), WALKS if worker.travels == "walks" else 0, ways.base_of.get(worker.worker_id))


def _records(
    planned: ShiftPlan,
    provider_id: str,
    shift: Shift,
    staffing: Staffing,
    known: Sequence[Worker],
    ways: Ways,
    people: list[Person] | None,
) -> tuple[RoundsPlan, list[Person]]:
    """A shift's rounds with their care workers, as records. What nobody works is unserved."""
    names = [f"{provider_id}-{shift.name[0].upper()}{number + 1:03}" for number in range(planned.rounds)]
    runs = [run for plan in planned.days for day in plan.days for run in _runs(plan, day, staffing, shift, ways)]
    chosen, people = rota(runs, staffing, known, f"{provider_id}-{shift.name[0].upper()}-worker-", people)
    visits: list[PlannedVisit] = []
    unserved = [UnservedVisit(provider_id, line.package_id, line.visit_id, day, why) for line, day, why in planned.unserved]
    for plan in planned.days:
        chains = chains_of(plan.day, plan.roster)
        for day in plan.days:
            idle = {call for number, chain in enumerate(chains) if chain and (number, day) not in chosen for call in chain}
            unserved += [
                UnservedVisit(provider_id, plan.lines[call].package_id, plan.lines[call].visit_id, day, NOBODY_FREE)
                for call in sorted(idle)
            ]
            for number, chain in enumerate(chains):
                if chain and (number, day) in chosen:
                    kept = [call for call in chain if call not in idle]
                    visits += _visits(plan, day, number, kept, names[number], chosen[number, day], ways)
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
    return RoundsPlan(tuple(rounds), tuple(sorted(visits, key=_in_order)), tuple(unserved), ways.provenance), people


def _runs(plan: DayPlan, day: str, staffing: Staffing, shift: Shift, ways: Ways) -> list[Run]:
    found = []
    opens, closes = seconds_of(shift.starts), seconds_of(shift.ends)
    for number, chain in enumerate(chains_of(plan.day, plan.roster)):
        if not chain:
            continue
        starts, ends = int(plan.starts[chain[0], 0]), int(plan.starts[chain[-1], 0] + plan.day.duration[chain[-1], 0])
        pause = staffing.break_minutes * 60 if ends - starts > staffing.break_after_hours * 3600 else 0
        skills = frozenset(skill for call in chain for skill in plan.lines[call].skills)
        kind = int(plan.day.kind[number])
        first, last = int(plan.day.call_place[chain[0]]), int(plan.day.call_place[chain[-1]])
        to_and_from = {
            name: (int(ways.seconds[kind, base, first]), int(ways.seconds[kind, last, base]))
            for name, base in ways.base_of.items()
        }
        at_work = ends - starts - pause
        found.append(Run(number, day, starts, ends, at_work, skills, kind == WALKS, to_and_from, opens, closes))
    return found


def _visits(
    plan: DayPlan, day: str, number: int, chain: Sequence[int], round_id: str, worker: str, ways: Ways
) -> list[PlannedVisit]:
    nowhere = ways.seconds.shape[1] - 1
    kind, place = int(plan.day.kind[number]), ways.base_of.get(worker, nowhere)
    free = 0
    made = []
    for position, call in enumerate(chain, 1):
        here = int(plan.day.call_place[call])
        way = int(ways.seconds[kind, place, here])
        start = int(plan.starts[call, 0])
        arrival = start if position == 1 else free + way
        end = start + plan.lines[call].seconds
        metres = 0 if place == nowhere else int(ways.metres[kind, place, here])
        made.append(PlannedVisit(round_id, day, position, plan.lines[call].visit_id, worker, arrival, start, end, way, metres))
        place, free = here, end
    return made


def _crews(planned: ShiftPlan) -> dict[int, int]:
    """Rounds that share most of their visits on the model day with one other."""
    if not planned.days:
        return {}
    chains = [set(chain) for chain in chains_of(planned.days[0].day, planned.days[0].roster)]
    found = {}
    for number, chain in enumerate(chains):
        shared = {other: len(chain & theirs) for other, theirs in enumerate(chains) if other != number}
        best = max(shared, key=lambda other: (shared[other], -other), default=None)
        if chain and best is not None and shared[best] > MOSTLY * len(chain):
            found[number] = best
    return found
