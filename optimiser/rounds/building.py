"""A provider's week of rounds: shifts apart, each with its master rounds, then who works them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from optimiser.domain.not_planned import NO_SKILL, skills_sentence
from optimiser.domain.records import DOUBLE_HANDED
from optimiser.domain.rounds_plan import RoundsPlan, UnservedVisit
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, StaffingSettings, Worker
from optimiser.rounds.master_rounds import plan_shift
from optimiser.rounds.recording import NOBODY_FREE, in_order, records_of, with_reasons
from optimiser.rounds.rota import Person
from optimiser.rounds.shift_problem import ShiftWork, Slot, StoppedEarlyError, Thoroughness
from optimiser.rounds.travel_matrix import WALKS, Ways, ways_of
from optimiser.rounds.visits_by_shift import care_of
from optimiser.travel.interface import Travel
from optimiser.travel.straight_line import DRIVING, WALKING

NOT_REACHED = "the run was interrupted before this provider's rounds were planned"


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
    ways = ways_of(care, known, order.driving, order.walking)
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
        records, people = records_of(planned, provider_id, shift, staffing, known, ways, people if known else None)
        plans.append(records)
    week = RoundsPlan(
        rounds=tuple(each for plan in plans for each in plan.rounds),
        visits=tuple(each for plan in plans for each in plan.visits),
        unserved=tuple(sorted((*care.unserved, *_reasoned(order, plans, known)), key=_by_id)),
        travel=ways.provenance,
    )
    return with_reasons(week, staff_is_known=bool(known), was_stopped=should_stop())


def _reasoned(order: Order, plans: Sequence[RoundsPlan], known: Sequence[Worker]) -> Iterator[UnservedVisit]:
    """What the shifts leave. A shift knows only the skills of its own rounds: whether anybody has them is told here."""
    needs = {package.package_id: set(package.skills) - {DOUBLE_HANDED} for package in order.snapshot.packages}
    workers = {visit.visit_id: visit.workers for visit in order.snapshot.visits}
    for each in (each for plan in plans for each in plan.unserved):
        able = sum(needs[each.package_id] <= set(worker.skills) for worker in known)
        too_few = bool(known) and each.reason == NOBODY_FREE and able < workers[each.visit_id]
        if each.reason == NO_SKILL or too_few:
            yield replace(each, reason=skills_sentence(able, workers[each.visit_id]))
        else:
            yield each


def not_reached(order: Order, provider_id: str, provenance: str = "") -> RoundsPlan:
    """A provider for whose rounds there was no time: all its visits are listed."""
    care = care_of(order.snapshot, order.settings.of(provider_id), provider_id, order.area_id)
    left = [
        UnservedVisit(provider_id, line.package_id, line.visit_id, line.own_day(day), NOT_REACHED)
        for lines in care.by_shift.values()
        for line in lines
        for day in line.days
    ]
    return RoundsPlan((), (), tuple(sorted((*care.unserved, *left), key=_by_id)), provenance)


def together(plans: Sequence[RoundsPlan]) -> RoundsPlan:
    """Several providers' weeks as one."""
    return RoundsPlan(
        rounds=tuple(sorted((each for plan in plans for each in plan.rounds), key=lambda each: each.round_id)),
        visits=tuple(sorted((each for plan in plans for each in plan.visits), key=in_order)),
        unserved=tuple(sorted((each for plan in plans for each in plan.unserved), key=_by_id)),
        travel="; ".join(sorted({plan.travel for plan in plans if plan.travel})),
    )


def _by_id(visit: UnservedVisit) -> tuple[str, str, str, int]:
    return visit.provider_id, visit.package_id, visit.visit_id, DAYS.index(visit.day) if visit.day else 0


def _slot(worker: Worker, ways: Ways) -> Slot:
    return Slot(frozenset(worker.skills), WALKS if worker.travels == "walks" else 0, ways.base_of.get(worker.worker_id))
