"""Visits that were not made: called off late, in time or at the door, missed, or the person was in hospital; what each pays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

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


def is_among(values: Ints, among: Ints) -> Truths:
    """Which values are among others, which are sorted."""
    if not len(among):
        return np.zeros(len(values), np.bool_)
    place = np.minimum(np.searchsorted(among, values), len(among) - 1)
    found: Truths = among[place] == values
    return found


def not_made(case: AccountCase, period: Period, made_keys: Ints) -> list[NotMade]:
    """The visits of a period of which no record tells how long somebody was there. ``made_keys``: of the others, sorted."""
    keys = case.visit_keys
    chosen = np.flatnonzero(case.stated & ~case.timed & case.within(period))
    chosen = chosen[~is_among(keys[chosen], made_keys)]
    of_visit: dict[int, list[int]] = defaultdict(list)
    for record, key in zip(chosen.tolist(), keys[chosen].tolist(), strict=True):
        of_visit[key].append(record)
    return [_judged(case, of_visit[key]) for key in sorted(of_visit)]


def _judged(case: AccountCase, records: list[int]) -> NotMade:
    actuals = case.actuals

    def outcome_of(record: int) -> str:
        return NO_TIMES if case.made[record] else OUTCOMES[actuals.outcomes[record]]

    def pays_least(record: int) -> tuple[int, bool, bool, str]:
        who = actuals.who[record]
        return LEAST_FIRST.index(outcome_of(record)), bool(who != PROVIDER), bool(who != NONE), actuals.ids[record]

    if len(records) > 1:
        records = sorted(records, key=pays_least)
    first = records[0]
    outcome, who = outcome_of(first), int(actuals.who[first])
    package, contract, day = int(case.package[first]), int(case.contract[first]), int(actuals.days[first])
    known = [minutes for each in records if (minutes := int(case.planned_minutes[each])) != NONE]
    minutes = min(known, default=0) * max(1, int(case.planned_workers[first]))
    rate, terms = case.rates_pence(contract, day)[int(case.county.band[package]) - 1], case.terms(contract, day)
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
        elif day - case.hospital_stays.begins[package, day] >= terms.retainer_days:
            why = "no_retainer_any_more"
        else:
            assert terms.retainer_share is not None
            kind, why, pence = RETAINER, RETAINER, pence_of_share(minutes, terms.retainer_share, rate)
    return NotMade(first, tuple(records), outcome, minutes, kind, why, rate, pence)
