"""Capacity incentives: one payment for a package whose care is in place soon after it was asked for, in a designated period.

The clock runs from the request to the first visit, in real hours; exactly 24 hours earns the 24-hour payment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.domain.accounts import (
    BOTH,
    INCENTIVE_SOURCES,
    PERIOD_DAYS,
    REQUEST,
    AccountBook,
    IncentiveAmount,
    IncentivePeriod,
    Period,
)
from optimiser.domain.dates import days_after, instant_of, moment_after, wall_clock
from optimiser.domain.records import Package

EARNED, TOO_LATE, NOT_DESIGNATED, NO_AMOUNT, IN_PLACE_BEFORE = (
    "earned", "too_late", "no_designated_period", "no_amount_then", "care_was_in_place_before",
)  # fmt: skip
NEW, RESTART = "start", "restart"
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Incentive:
    """A package from a source that incentives are for, whose first visit since the request was in the period."""

    package: int
    contract: int
    kind: str
    requested: dt.datetime
    began: int
    """The first visit's arrival, in seconds since 1970."""
    seconds: int
    """From the request to the first visit."""
    outcome: str
    pence: int
    occasion: str


def incentives_of(case: AccountCase, period: Period) -> tuple[Incentive, ...]:
    """Every package that might have earned one in a period, asked for in it or in the one before; in the order of their ids."""
    firsts, before = _first_visits(case)
    found, recently = [], days_after(period.starts, -PERIOD_DAYS)
    for package, (record, began) in sorted(firsts.items()):
        asked = case.county.packages[package].requested_at
        of_period = period.starts.toordinal() <= int(case.actuals.days[record]) < period.ends.toordinal()
        if of_period and asked is not None and asked.date() >= recently:
            found.append(_judged(case, package, record, began, came_before=package in before))
    return tuple(found)


def _first_visits(case: AccountCase) -> tuple[dict[int, tuple[int, int]], set[int]]:
    """Per package that could earn one a record of its first visit since the request and when that began; and who had some before.

    A visit begins when the first of its records does: what is told in parts of one that began before the request is none since.
    """
    requested = {
        index: int(instant_of(package.requested_at).timestamp())
        for index, package in enumerate(case.county.packages)
        if package.requested_at is not None and package.source in INCENTIVE_SOURCES
    }
    visits = np.flatnonzero(case.stated & case.timed & np.isin(case.package, list(requested)))
    package, which = case.package[visits], np.unique(case.visit_keys[visits], return_inverse=True)[1]
    begins = np.full(len(visits), np.iinfo(np.int64).max)
    np.minimum.at(begins, which, case.actuals.arrived[visits])
    arrived = begins[which]
    asked = np.zeros(len(case.county.packages), np.int64)
    asked[list(requested)] = list(requested.values())
    early = arrived < asked[package]
    before = set(package[early].tolist())
    least = np.full(len(asked), np.iinfo(np.int64).max)
    np.minimum.at(least, package[~early], arrived[~early])
    ids, firsts = case.actuals.ids, dict[int, tuple[int, int]]()
    for at in np.flatnonzero(~early & (arrived == least[package])).tolist():
        person, record = int(package[at]), int(visits[at])
        if person not in firsts or ids[record] < ids[firsts[person][0]]:
            firsts[person] = record, int(arrived[at])
    return firsts, before


def _judged(case: AccountCase, package: int, record: int, began: int, *, came_before: bool) -> Incentive:
    person = case.county.packages[package]
    assert person.requested_at is not None
    asked, seconds = person.requested_at, began - int(instant_of(person.requested_at).timestamp())
    started_on = dt.date.fromordinal(int(case.actuals.days[record]))
    kind = RESTART if came_before or (person.care_started is not None and person.care_started < asked.date()) else NEW
    outcome, pence, occasion = _earned(case.book, person, asked.date(), started_on, seconds)
    if _in_place_before(person, asked.date(), started_on) and outcome == EARNED:
        outcome, pence = IN_PLACE_BEFORE, 0
    return Incentive(package, int(case.contract[record]), kind, asked, began, seconds, outcome, pence, occasion)


def _in_place_before(person: Package, asked: dt.date, started: dt.date) -> bool:
    """Whether the county has care in place since the request and before the first visit that the records tell of."""
    return person.care_started is not None and asked <= person.care_started < started


def _earned(book: AccountBook, person: Package, asked: dt.date, started: dt.date, seconds: int) -> tuple[str, int, str]:
    amount = amount_for(book.amounts, asked, person.workers, Fraction(seconds, 3600))
    if amount is None:
        of_day = [each for each in book.amounts if each.workers == person.workers and each.holds(asked)]
        return (TOO_LATE if of_day else NO_AMOUNT), 0, ""
    designated = designated_for(book.periods, book.settings.incentive_day, asked, started)
    return (NOT_DESIGNATED, 0, "") if designated is None else (EARNED, amount.pence, designated.occasion)


def amount_for(amounts: Sequence[IncentiveAmount], asked: dt.date, workers: int, hours: Fraction) -> IncentiveAmount | None:
    """What care in place after so many hours earns: more than ``over_hours`` (from 0 on: none at all, too), at most ``up_to``."""
    for each in amounts:
        over = each.over_hours < hours or hours == each.over_hours == 0
        if each.workers == workers and each.holds(asked) and over and hours <= each.up_to_hours:
            return each
    return None


@dataclass(frozen=True, slots=True)
class FastStart:
    """What care in place in time would earn. ``after``: only from then on; None: as soon as can be."""

    after: dt.datetime | None
    until: dt.datetime
    """The last second that earns it, in UTC."""
    pence: int


def could_earn(book: AccountBook, person: Package, now: dt.datetime) -> tuple[FastStart, ...]:
    """What a package's first visit would earn from now on, the earliest first; none where nothing is to be earned any more.

    ``now``: an instant in UTC. It is judged as an account would: by source, day, workers and real hours since the request. Where
    the start has to lie in a designated period nothing is told while none holds, and nothing beyond the first day without one.
    """
    asked = person.requested_at
    if asked is None or person.source not in INCENTIVE_SOURCES or _has_begun(person, asked.date()):
        return ()
    began, found = instant_of(asked), list[FastStart]()
    mine = [each for each in book.amounts if each.pence and amount_for([each], asked.date(), person.workers, each.up_to_hours)]
    last = _designated_until(book, asked.date(), now, max((_later(began, each.up_to_hours) for each in mine), default=now))
    for each in sorted(mine, key=lambda amount: amount.up_to_hours):
        opens, until = _later(began, each.over_hours), min(_later(began, each.up_to_hours), last)
        covered = max(now, found[-1].until) if found else now
        if until >= now and until > opens:
            found.append(FastStart(None if opens <= covered else opens, until, each.pence))
    return tuple(found)


def _has_begun(person: Package, asked: dt.date) -> bool:
    """Whether care is in place since the request, or on its day: what comes now is no fast start any more."""
    return person.care_started is not None and asked <= person.care_started


def _later(began: dt.datetime, hours: Fraction) -> dt.datetime:
    """The last whole second that is within so many hours of an instant."""
    return moment_after(began, dt.timedelta(seconds=int(hours * 3600)))


def _designated_until(book: AccountBook, asked: dt.date, now: dt.datetime, latest: dt.datetime) -> dt.datetime:
    """The last second of a start in designated days that follow today without a gap, up to ``latest``; before now: not today."""
    today, until = wall_clock(now).date(), now - SECOND
    for ahead in range((wall_clock(latest).date() - today).days + 1):
        day = days_after(today, ahead)
        if designated_for(book.periods, book.settings.incentive_day, asked, day) is None:
            break
        until = instant_of(dt.datetime.combine(days_after(day, 1), dt.time())) - SECOND
    return min(until, latest)


def designated_for(periods: Sequence[IncentivePeriod], which: str, asked: dt.date, started: dt.date) -> IncentivePeriod | None:
    """The designated period that the request, the start or both lie in, as the setting has it."""
    days = (asked, started) if which == BOTH else (asked,) if which == REQUEST else (started,)
    return next((each for each in periods if all(each.holds(day) for day in days)), None)
