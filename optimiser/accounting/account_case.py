"""What an account is about: a county, records of visits, and for each record its package, contract and planned visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimiser.accounting.hospital_stays import HospitalStays
from optimiser.county import NOWHERE, County
from optimiser.domain.accounts import AccountBook, Period, Terms, TermsByDay
from optimiser.domain.actuals import MADE, NEVER, NONE, OUTCOMES, Actuals, Ints, Truths
from optimiser.domain.records import Visit

MADE_PLACES = tuple(OUTCOMES.index(outcome) for outcome in MADE)


@dataclass(frozen=True, eq=False)
class AccountCase:
    """Make one with ``AccountCase.of``."""

    county: County
    actuals: Actuals
    book: AccountBook
    package: Ints
    """Per record: the package's place in the county, or NOWHERE."""
    contract: Ints
    """Per record: the contract that it was delivered under, or NOWHERE."""
    visit: Ints
    """Per record: the planned visit's place in ``visits``, or NONE where none is named or the plan has no such visit of that
    person."""
    visits: Sequence[Visit]

    def __repr__(self) -> str:
        return f"<AccountCase of {self.actuals!r}>"

    @staticmethod
    def of(county: County, actuals: Actuals, book: AccountBook) -> AccountCase:
        place = county.package_index
        packages = np.array([place.get(name, NOWHERE) for name in actuals.package_names], np.int64)
        package = packages[actuals.packages] if len(actuals) else np.zeros(0, np.int64)
        visits = county.snapshot.visits
        return AccountCase(
            county, actuals, book, package, _contracts(county, actuals, package), _visits(county, actuals, package), visits
        )

    @cached_property
    def made(self) -> Truths:
        """Which records say that somebody came."""
        made: Truths = np.isin(self.actuals.outcomes, MADE_PLACES)
        return made

    @cached_property
    def timed(self) -> Truths:
        """Which of these say when, with an end after the arrival and no longer than a visit can be."""
        actuals, longest = self.actuals, self.book.settings.longest_visit_minutes * 60
        given = (actuals.arrived != NEVER) & (actuals.left != NEVER)
        length = np.where(given, actuals.left - actuals.arrived, 0)
        timed: Truths = self.made & given & (length > 0) & (length <= longest)
        return timed

    @cached_property
    def stated(self) -> Truths:
        """Which records can stand in a statement: they count, and it is known whose and under which contract."""
        stated: Truths = self.actuals.counts & (self.package != NOWHERE) & (self.contract != NOWHERE)
        return stated

    def within(self, period: Period) -> Truths:
        """Which records are of a period, by their dates."""
        within: Truths = (self.actuals.days >= period.starts.toordinal()) & (self.actuals.days < period.ends.toordinal())
        return within

    @cached_property
    def planned_minutes(self) -> Ints:
        """Per record: of one care worker; where plan and record differ, the fewer: a cut of care counts at once. Or NONE."""
        own = self.actuals.planned_minutes
        if not self.visits:
            return own
        lengths = np.array([visit.duration_minutes for visit in self.visits], np.int64)
        plan = np.where(self.visit == NONE, NONE, lengths[self.visit])
        return np.where(own == NONE, plan, np.where(plan == NONE, own, np.minimum(own, plan)))

    @cached_property
    def planned_workers(self) -> Ints:
        """Per record: how many care workers the visit needs; where the plan has no such visit, the package. Or NONE."""
        packages = np.array([package.workers for package in self.county.packages] or [NONE], np.int64)
        of_package = np.where(self.package == NOWHERE, NONE, packages[self.package])
        if not self.visits:
            return of_package
        of_visit = np.array([visit.workers for visit in self.visits], np.int64)
        return np.where(self.visit == NONE, of_package, of_visit[self.visit])

    @cached_property
    def own_visits(self) -> Ints:
        """Per record a number for its person, date and visit, in the order of their names.

        Where no visit is named, the planned start tells one from another.
        """
        actuals = self.actuals
        if not len(actuals):
            return np.zeros(0, np.int64)
        visit = _ranks(actuals.visit_names)[actuals.visits]
        unnamed = np.array([not name for name in actuals.visit_names], np.bool_)[actuals.visits]
        if unnamed.any():
            starts, which = np.unique(actuals.planned_start[unnamed], return_inverse=True)
            visit = visit + len(starts)
            visit[unnamed] = which
        days = actuals.days - int(actuals.days.min())
        person_day = _ranks(actuals.package_names)[actuals.packages] * (int(days.max()) + 1) + days
        numbers: Ints = person_day * (int(visit.max()) + 1) + visit
        return numbers

    @cached_property
    def visit_keys(self) -> Ints:
        """The same with contracts first: a visit that is recorded under two of them is two."""
        keys: Ints = (self.contract + 1) * (int(self.own_visits.max(initial=0)) + 1) + self.own_visits
        return keys

    def care_under(self, contract: int, day: dt.date) -> int:
        """Of care that is under a contract today the one that it was, or will be, under on a day."""
        return carried(self.county, contract, day)

    def is_chained(self, contract: int) -> bool:
        """Whether it takes over from another, or another from it."""
        record = self.county.contracts[contract]
        return bool(record.succeeds) or record.contract_id in self.county.succession.successor

    @cached_property
    def terms_by_day(self) -> TermsByDay:
        return TermsByDay(self.book.terms)

    def terms(self, contract: int, day: int) -> Terms:
        """A contract's terms on a day (an ordinal)."""
        key = contract, day
        if key not in self._known_terms:
            record = self.county.contracts[contract]
            on = dt.date.fromordinal(day)
            self._known_terms[key] = self.terms_by_day.on(record.contract_id, on, record.billing_increment_minutes)
        return self._known_terms[key]

    def rates_pence(self, contract: int, day: int) -> tuple[int, int, int]:
        """A contract's prices of an hour on a day (an ordinal), by band."""
        key = contract, day
        if key not in self._known_rates:
            self._known_rates[key] = self.county.rates_pence(contract, dt.date.fromordinal(day))
        return self._known_rates[key]

    @cached_property
    def _known_terms(self) -> dict[tuple[int, int], Terms]:
        return {}

    @cached_property
    def _known_rates(self) -> dict[tuple[int, int], tuple[int, int, int]]:
        return {}

    @cached_property
    def hospital_stays(self) -> HospitalStays:
        return HospitalStays.of(self.actuals, self.package)


def _ranks(names: Sequence[str]) -> Ints:
    """The places of names once they are sorted."""
    place = {name: at for at, name in enumerate(sorted(names))}
    return np.array([place[name] for name in names], np.int64)


def _contracts(county: County, actuals: Actuals, package: Ints) -> Ints:
    """As the record says, else the one that the person's care was under on its date."""
    index: Mapping[str, int] = county.contract_index
    named = np.array([index.get(name, NOWHERE) for name in actuals.contract_names], np.int64)
    says = np.array([bool(name) for name in actuals.contract_names], np.bool_)
    own = np.array([*(index.get(each.contract_id, NOWHERE) for each in county.packages), NOWHERE], np.int64)
    contract = own[package]
    of_chains = {index[each] for pair in county.succession.successor.items() for each in pair}
    for before in of_chains:
        here = np.flatnonzero(contract == before)
        on = {day: carried(county, before, dt.date.fromordinal(day)) for day in set(actuals.days[here].tolist())}
        contract[here] = [on[day] for day in actuals.days[here].tolist()]
    return np.where(says[actuals.contracts], named[actuals.contracts], contract) if len(actuals) else contract


def carried(county: County, contract: int, day: dt.date) -> int:
    """Of care that is under a contract today the one that it was, or will be, under on a day."""
    record = county.contracts[contract]
    while record.succeeds in county.contract_index and not record.has_begun(day):
        record = county.contracts[county.contract_index[record.succeeds]]
    return county.contract_index[county.succession.contract_on(record.contract_id, day)]


def _visits(county: County, actuals: Actuals, package: Ints) -> Ints:
    """A visit that is another person's is none of this one's."""
    visits = county.snapshot.visits
    if not len(actuals) or not visits:
        return np.full(len(actuals), NONE, np.int64)
    place = {visit.visit_id: at for at, visit in enumerate(visits)}
    of = np.array([place.get(name, NONE) for name in actuals.visit_names], np.int64)[actuals.visits]
    owner = np.array([county.package_index.get(visit.package_id, NOWHERE) for visit in visits], np.int64)
    return np.where((of != NONE) & (owner[of] == package), of, NONE)
