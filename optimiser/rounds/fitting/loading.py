"""Built rounds made ready for fitting: of the folder they were built from, or of a county that has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import PlannedVisit, RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import StaffingSettings, Worker
from optimiser.domain.visit_windows import own_day
from optimiser.geography.travel_times.interface import Travel
from optimiser.io.faults import Fault, InputRefusedError
from optimiser.io.rounds_plan import RESULT, ROUNDS, VISITS, BuiltRounds, providers_of_visits
from optimiser.rounds.fitting.cheapest_insertion import RoundsInMemory
from optimiser.rounds.fitting.fit import Fit
from optimiser.rounds.fitting.fit_check import FitCheck

INVENTED = "-worker-"
"""In the names of care workers who were invented because nobody knew any."""


class WrongFitError(Exception):
    """The check of rounds does not confirm a fit: a defect of this software. It holds no names of people."""


@dataclass(frozen=True)
class ReadyRounds:
    """Rounds to try packages in, and the check that every fit passes before it is told."""

    memory: RoundsInMemory
    check: FitCheck

    def fit(self, package: Package, visits: Sequence[Visit], provider_ids: Sequence[str]) -> list[Fit]:
        """As ``RoundsInMemory.fit``. Raises ``WrongFitError``."""
        fits = self.memory.fit(package, visits, provider_ids)
        for fit in fits:
            if fit.insertions and (faults := self.check.faults(package, visits, fit)):
                raise WrongFitError(f"the check finds {len(faults)} fault(s) in a fit for {fit.provider_id}")
        return fits


def ready(
    plan: RoundsPlan,
    snapshot: Snapshot,
    settings: StaffingSettings,
    travel: Travel,
    workers: Sequence[Worker] = (),
    elsewhere: Sequence[PlannedVisit] = (),
) -> ReadyRounds:
    """A plan whose visits are all in the snapshot. ``elsewhere``: see ``RoundsInMemory``. Raises ``InputRefusedError``."""
    refuse_other_shifts(plan, settings)
    given = plan, snapshot, settings, travel, workers
    return ReadyRounds(RoundsInMemory(*given, elsewhere), FitCheck(*given))


def refuse_other_shifts(plan: RoundsPlan, settings: StaffingSettings) -> None:
    """Raises ``InputRefusedError`` where a round is of a shift that its provider does not have by these settings."""
    missing = sorted(
        (each.provider_id, each.shift)
        for each in plan.rounds
        if each.shift not in {shift.name for shift in settings.of(each.provider_id).shifts}
    )
    if missing:
        provider_id, shift = missing[0]
        expected = f"a shift of the provider {provider_id}: give the settings with which the rounds were built"
        raise InputRefusedError([Fault(ROUNDS, 0, "shift", expected, shift)])


def refuse_other_travel(built: BuiltRounds, travel: Travel) -> None:
    """Raises ``InputRefusedError`` where rounds were built with other travel times: extra minutes would mean nothing."""
    if travel.provenance not in built.plan.travel:
        raise InputRefusedError([Fault(RESULT, 0, "travel", f"the travel times in use ({travel.provenance})", built.plan.travel)])


def current_part(
    built: BuiltRounds, snapshot: Snapshot, workers: Sequence[Worker]
) -> tuple[RoundsPlan, tuple[PlannedVisit, ...]]:
    """The rounds that are as they were built, and the visits of those that are not: care has ended, moved or changed since.

    Raises ``InputRefusedError`` for rounds of another county, or of care workers who are not known.
    """
    holder = {each.round_id: each.provider_id for each in built.plan.rounds}
    lines, deliverer = {visit.visit_id: visit for visit in snapshot.visits}, providers_of_visits(snapshot)
    known, people = {provider.provider_id for provider in snapshot.providers}, {worker.worker_id for worker in workers}
    faults = [Fault(ROUNDS, 0, "provider_id", "a provider of this county", name) for name in sorted(set(holder.values()) - known)]
    if any(INVENTED not in visit.worker and visit.worker not in people for visit in built.plan.visits):
        faults.append(Fault(VISITS, 0, "worker", "a care worker of workers.csv (put it beside the rounds)", "others"))
    if faults:
        raise InputRefusedError(faults)
    stale = {
        visit.round_id
        for visit in built.plan.visits
        if visit.visit_id not in lines
        or deliverer[visit.visit_id] != holder[visit.round_id]
        or not _as_planned(visit, lines[visit.visit_id])
    }
    if len(stale) == len(holder):
        raise InputRefusedError([Fault(VISITS, 0, "visit_id", "visits of this county", "not one round that is as it was built")])
    plan = replace(
        built.plan,
        rounds=tuple(each for each in built.plan.rounds if each.round_id not in stale),
        visits=tuple(visit for visit in built.plan.visits if visit.round_id not in stale),
        unserved=(),
    )
    return plan, tuple(visit for visit in built.plan.visits if visit.round_id in stale)


def _as_planned(planned: PlannedVisit, visit: Visit) -> bool:
    return own_day(visit, planned.day, planned.start) in visit.days and planned.end - planned.start == visit.duration_minutes * 60
