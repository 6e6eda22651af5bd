"""Visits that were not made: called off late, in time or at the door, missed, or the person was in hospital; what each pays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.paying import pence_of_share
from optimiser.domain.accounts import Period
from optimiser.domain.actuals import (
    CANCELLED,
    CANCELLED_LATE,
    HOSPITAL,
    MISSED,
    NONE,
    OUTCOMES,
    REFUSED,
    WHO,
    Ints,
    Truths,
)

NO_TIMES = "times_not_usable"
LEAST_FIRST = (NO_TIMES, MISSED, CANCELLED, REFUSED, CANCELLED_LATE, HOSPITAL)
"""Where records of one visit disagree, what pays least is taken until somebody corrects them."""
LATE, RETAINER, NOTHING = "late_cancellation", "retainer", ""
PROVIDER = WHO.index("provider")


@dataclass(frozen=True, slots=True)
class NotMade:
    """A visit that nobody made, or of which nobody knows how long it took. ``pence`` for all its care workers."""

    record: int
    records: tuple[int, ...]
    outcome: str
    minutes: int
    """Planned minutes of all its care workers; 0 where they are not known."""
    kind: str
    """What is paid: ``LATE``, ``RETAINER`` or nothing."""
    why: str
    rate_pence: int
    pence: int


_STAYS: WeakKeyDictionary[AccountCase, HospitalStays] = WeakKeyDictionary()


@dataclass(frozen=True)
class HospitalStays:
    """Per person the days of hospital that records tell of, and the days on which somebody came."""

    begins: dict[tuple[int, int], int]
    """Per person and day of a stay, the stay's first day (an ordinal)."""
    first_in_file: frozenset[tuple[int, int]]
    """First days of stays before which the file tells nothing of the person: they may have begun earlier."""

    @staticmethod
    def of(case: AccountCase) -> HospitalStays:
        """Worked out once for a case."""
        known = _STAYS.get(case)
        if known is None:
            known = _STAYS[case] = HospitalStays._of(case)
        return known

    @staticmethod
    def _of(case: AccountCase) -> HospitalStays:
        actuals = case.actuals
        in_hospital = case.actuals.counts & (actuals.outcomes == OUTCOMES.index(HOSPITAL))
        packages = np.unique(case.package[in_hospital])
        about = np.flatnonzero(actuals.counts & np.isin(case.package, packages) & (case.package >= 0))
        told: dict[int, dict[int, bool]] = defaultdict(dict)
        for package, day, stays, made in zip(
            case.package[about].tolist(), actuals.days[about].tolist(), in_hospital[about].tolist(), case.timed[about].tolist(),
            strict=True,
        ):  # fmt: skip
            told[package][day] = told[package].get(day, False) or stays
            if made and not stays:
                told[package].setdefault(day, False)
        begins: dict[tuple[int, int], int] = {}
        first = set[tuple[int, int]]()
        for package, days in told.items():
            begun: int | None = None
            for at, day in enumerate(sorted(days)):
                if not days[day]:
                    begun = None
                    continue
                if begun is None:
                    begun = day
                    if at == 0:
                        first.add((package, day))
                begins[package, day] = begun
        return HospitalStays(begins, frozenset(first))


def is_among(values: Ints, among: Ints) -> Truths:
    """Which values are among others, which are sorted."""
    if not len(among):
        return np.zeros(len(values), np.bool_)
    place = np.minimum(np.searchsorted(among, values), len(among) - 1)
    found: Truths = among[place] == values
    return found


def not_made(case: AccountCase, period: Period, made_keys: Ints, rates: Rates) -> list[NotMade]:
    """The visits of a period of which no record tells how long somebody was there. ``made_keys``: of the others, sorted."""
    keys = case.visit_keys
    chosen = np.flatnonzero(case.stated & ~case.timed & case.within(period))
    chosen = chosen[~is_among(keys[chosen], made_keys)]
    of_visit: dict[int, list[int]] = defaultdict(list)
    for record, key in zip(chosen.tolist(), keys[chosen].tolist(), strict=True):
        of_visit[key].append(record)
    stays = HospitalStays.of(case)
    return [_judged(case, of_visit[key], stays, rates) for key in sorted(of_visit)]


def _judged(case: AccountCase, records: list[int], stays: HospitalStays, rates: Rates) -> NotMade:
    actuals = case.actuals

    def outcome_of(record: int) -> str:
        return NO_TIMES if case.made[record] else OUTCOMES[actuals.outcomes[record]]

    def pays_least(record: int) -> tuple[int, bool, bool, str]:
        who = actuals.who[record]
        return LEAST_FIRST.index(outcome_of(record)), bool(who != PROVIDER), bool(who != NONE), actuals.ids[record]

    records = sorted(records, key=pays_least)
    first = records[0]
    outcome, who = outcome_of(first), int(actuals.who[first])
    package, contract, day = int(case.package[first]), int(case.contract[first]), int(actuals.days[first])
    known = [minutes for each in records if (minutes := int(case.planned_minutes[each])) != NONE]
    minutes = min(known, default=0) * max(1, int(case.planned_workers[first]))
    rate, terms = rates.pence(package, contract, day), case.terms(contract, day)
    kind, why, pence = NOTHING, outcome, 0
    if outcome in (CANCELLED_LATE, REFUSED):
        if who == PROVIDER:
            why = "by_the_provider"
        elif who == NONE:
            why = "not_said_by_whom"
        elif terms.late_cancellation_share is None:
            why = "share_not_known"
        else:
            kind, why, pence = LATE, LATE, pence_of_share(minutes, terms.late_cancellation_share, rate)
    elif outcome == HOSPITAL:
        if terms.retainer_days is None or (terms.retainer_days and terms.retainer_share is None):
            why = "retainer_not_known"
        elif day - stays.begins[package, day] >= terms.retainer_days:
            why = "no_retainer_any_more"
        else:
            assert terms.retainer_share is not None
            kind, why, pence = RETAINER, RETAINER, pence_of_share(minutes, terms.retainer_share, rate)
    return NotMade(first, tuple(records), outcome, minutes, kind, why, rate, pence)


class Rates:
    """Prices of an hour by person, contract and day."""

    def __init__(self, case: AccountCase) -> None:
        self._case = case
        self._known: dict[tuple[int, int], tuple[int, int, int]] = {}

    def of_contract(self, contract: int, day: int) -> tuple[int, int, int]:
        """By band."""
        import datetime as dt

        if (contract, day) not in self._known:
            self._known[contract, day] = self._case.county.rates_pence(contract, dt.date.fromordinal(day))
        return self._known[contract, day]

    def pence(self, package: int, contract: int, day: int) -> int:
        """At the band of the person's place."""
        return self.of_contract(contract, day)[int(self._case.county.band[package]) - 1]
