"""The whole story of rounds: of many providers, several at a time, each one's week shift by shift.

A provider's visits are dealt to its shifts, travel times are asked for once, every shift gets its master rounds, then it is said
who works them. Equal input gives equal rounds, whatever ends when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from optimiser.domain.records import DOUBLE_HANDED
from optimiser.domain.rounds_plan import NO_SKILL, RoundsPlan, UnservedVisit, skills_sentence
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import StaffingSettings, Worker
from optimiser.geography.travel_times.interface import Travel
from optimiser.geography.travel_times.straight_line import DRIVING, WALKING
from optimiser.in_parallel.piece_of_work import Elsewhere, Work
from optimiser.in_parallel.story import InParallel, Report
from optimiser.rounds.master_rounds import plan_shift
from optimiser.rounds.problem import WALKS, TravelMatrix, travel_matrix_of
from optimiser.rounds.rota import Person
from optimiser.rounds.shift_problem import ShiftProblem, Slot, StoppedEarlyError, Thoroughness
from optimiser.rounds.visits_by_shift import care_of
from optimiser.rounds.week_records import NOBODY_FREE, by_id, records_of, together, with_reasons

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

    def __repr__(self) -> str:
        return f"<Order of rounds for {self.snapshot!r}>"


def build(
    order: Order,
    provider_ids: Sequence[str],
    *,
    processes: int = 0,
    elsewhere: Elsewhere | None = None,
    report: Report | None = None,
) -> tuple[RoundsPlan, bool]:
    """The rounds of some providers, and whether all were planned to the end.

    ``processes`` 0: one a processor; ``elsewhere``: on a cluster instead. On Ctrl-C whoever is being planned keeps the best so
    far, the others are listed as not planned.
    """
    size = Counter[str]()
    for package in order.snapshot.packages:
        size[package.contract_id] += package.visits_per_week
    work = Counter(dict.fromkeys(provider_ids, 0))
    for contract in order.snapshot.contracts:
        if contract.provider_id in work:
            work[contract.provider_id] += size[contract.contract_id]
    largest_first = sorted(provider_ids, key=lambda name: (-work[name], name))
    planning = Work(build_provider, order, "plans rounds", str)
    with InParallel(planning, workers=processes, most=len(provider_ids), engine=elsewhere) as workers:
        done = workers.do(largest_first, report=report)
    plans = {largest_first[place]: plan for place, plan in done.results.items()}
    every = [plans[name] if name in plans else not_reached(order, name) for name in sorted(provider_ids)]
    return together(every), done.complete


def build_provider(order: Order, provider_id: str, should_stop: Callable[[], bool] = lambda: False) -> RoundsPlan:
    """The week of one provider."""
    staffing = order.settings.of(provider_id)
    care = care_of(order.snapshot, staffing, provider_id, order.area_id)
    known = [worker for worker in order.workers if worker.provider_id == provider_id]
    matrix = travel_matrix_of(care, known, order.driving, order.walking)
    plans: list[RoundsPlan] = []
    people: list[Person] | None = None
    taken = 0
    for shift in staffing.shifts:
        first = [*known[taken:], *(known[:taken] if staffing.split_shifts else [])]
        slots = [_slot(worker, matrix) for worker in first]
        problem = ShiftProblem(
            care.by_shift[shift.name], matrix.place_of, matrix.seconds, shift, staffing, slots, order.thoroughness, should_stop
        )
        try:
            planned = plan_shift(problem)
        except StoppedEarlyError:
            return not_reached(order, provider_id, matrix.provenance)
        taken += planned.rounds
        records, people = records_of(planned, provider_id, shift, staffing, known, matrix, people if known else None)
        plans.append(records)
    week = RoundsPlan(
        rounds=tuple(each for plan in plans for each in plan.rounds),
        visits=tuple(each for plan in plans for each in plan.visits),
        unserved=tuple(sorted((*care.unserved, *_reasoned(order, plans, known)), key=by_id)),
        travel=matrix.provenance,
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
    return RoundsPlan((), (), tuple(sorted((*care.unserved, *left), key=by_id)), provenance)


def _slot(worker: Worker, matrix: TravelMatrix) -> Slot:
    return Slot(frozenset(worker.skills), WALKS if worker.travels == "walks" else 0, matrix.base_of.get(worker.worker_id))
