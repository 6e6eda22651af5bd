"""Allocation's travel level by rounds in place of distance: what each choice would add to its provider's rounds in a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.domain.records import Package, Visit
from optimiser.geography.grid import half_up
from optimiser.geography.travel_times.straight_line import DRIVING
from optimiser.judging.checking import DisagreementError, VerifiedPlan
from optimiser.rounds.fitting.fit import Eligible, Fit
from optimiser.rounds.fitting.loading import ReadyRounds
from optimiser.rounds.problem import Ints
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.travel_by_rounds import TravelByRounds

FALLBACK = "out and back for each care worker at each visit, straight line to the nearest office or running care"


@dataclass(frozen=True)
class AddedTravel:
    """Per package and provider the seconds a week that it would add. Care that runs adds nothing: it is in the rounds already."""

    county: County
    seconds: Ints
    fits: Mapping[tuple[int, int], Fit]
    """Per package and provider the whole fit that its seconds come from; where there is none, they are the fallback's."""
    asked: int
    """How many packages and eligible providers were looked at."""

    def rules(self, book: RuleBook) -> RuleBook:
        """A rule book whose travel level goes by these seconds; its version says so."""
        return replace(book.with_rule(TravelByRounds(self.seconds)), version=f"{book.version}, travel by rounds")

    def confirm(self, verified: VerifiedPlan, rounds: ReadyRounds, visits: Mapping[str, list[Visit]]) -> None:
        """Check the fits that a plan rests on. Raises ``DisagreementError``."""
        for package, contract in verified.plan.placed():
            fit = self.fits.get((package, int(self.county.provider_of[contract])))
            person = self.county.packages[package]
            if fit is not None and rounds.check.faults(person, visits[person.package_id], fit):
                raise DisagreementError(f"the check of rounds does not confirm a fit into the rounds of {fit.provider_id}")


def added_travel(county: County, eligible: Eligible, rounds: ReadyRounds) -> AddedTravel:
    """Every package that waits, fitted into the rounds of each provider that the rules allow."""
    seconds = np.zeros(county.base_metres.shape, dtype=np.int64)
    fits: dict[tuple[int, int], Fit] = {}
    index = {provider.provider_id: number for number, provider in enumerate(county.providers)}
    asked = 0
    for package in np.flatnonzero(county.running_on == NOWHERE).tolist():
        person = county.packages[package]
        visits, providers = eligible.visits.get(person.package_id, []), eligible.providers(person.package_id)
        seconds[package] = 2 * _trips(person, visits) * _way(county.base_metres[package])
        asked += len(providers)
        known = [name for name in providers if name in rounds.memory.provider_ids] if visits else []
        for fit in rounds.memory.fit(person, visits, known):
            if fit.is_whole:
                fits[package, index[fit.provider_id]] = fit
                seconds[package, index[fit.provider_id]] = max(0, fit.extra_seconds)
    return AddedTravel(county, seconds, fits, asked)


def _trips(person: Package, visits: list[Visit]) -> int:
    """How often a week a care worker goes to somebody."""
    if not visits:
        return person.visits_per_week * person.workers
    return sum(len(visit.days) * visit.workers for visit in visits)


def _way(metres: Ints) -> Ints:
    """Seconds to drive a straight line; nothing where there is no way."""
    seconds = half_up(metres.astype(np.float64) * (DRIVING.seconds_per_kilometre / 1000) + DRIVING.minutes_to_park * 60)
    return np.where(metres == 0, 0, seconds)
