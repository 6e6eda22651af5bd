"""The independent check of an account: every penny counted anew from the records and the county, in plain Python.

It imports nothing of the accounting, and reads what was written as anybody would: lines have to add up to their statements,
statements to the county's total, and each of them has to be what the records come to.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from operator import itemgetter
from sys import intern
from typing import NamedTuple

from optimiser.accounting.check_prices import half_up, is_within, priced
from optimiser.accounting.check_records import Recorded, VisitDay, recorded_visits
from optimiser.county import County
from optimiser.domain.accounts import AccountBook, Period, Terms
from optimiser.domain.dates import instant_of
from optimiser.domain.records import Contract
from optimiser.domain.words import pounds_in_words
from optimiser.io.spreadsheets import unescaped

Rows = Callable[[], Iterator[list[str]]]
"""Reads the headings of the records' file, then the cells of each, from the first one on."""
Key = tuple[str, ...]
"""Contract, person, date and visit; or some of these."""
SOURCES = ("acute_hospital", "community_hospital", "short_term_bed", "reablement", "out_of_hospital")
STATEMENTS, LINES, DAYS, ADJUSTMENTS = "statements.csv", "statement-lines.csv", "statement-days.csv", "adjustments.csv"
INCREMENTS = "increments.csv"


@dataclass(frozen=True)
class Closed:
    """What was stated of a closed period, in plain figures: pence by contract id, and by contract id and earlier period."""

    period: Period
    own: Mapping[str, int]
    adjusted: Mapping[tuple[str, Period], int]


@dataclass(slots=True)
class Sums:
    """What a contract's period comes to, in pence but for the seconds."""

    visits: int = 0
    late: int = 0
    retainers: int = 0
    incentives: int = 0
    delivered: int = 0
    counted: int = 0
    lines: int = 0
    in_fives: int = 0
    in_fifteens: int = 0
    floor: int = 0
    adds: int = 0

    @property
    def own(self) -> int:
        return self.visits + self.late + self.retainers + self.adds + self.incentives


class Paying(NamedTuple):
    """How a contract pays on a day: its terms, its prices of an hour by band, and its step in minutes, where these are known."""

    terms: Terms
    rates: tuple[int, int, int]
    step: int | None


class Recount:
    """A county's records, counted by hand."""

    def __init__(self, county: County, rows: Rows, book: AccountBook) -> None:
        self.county, self.book = county, book
        self.contracts: dict[str, Contract] = {each.contract_id: each for each in county.contracts}
        self.band = {package.package_id: int(county.band[at]) for at, package in enumerate(county.packages)}
        self._known: dict[tuple[str, str], Paying] = {}
        self.recorded: Recorded = recorded_visits(county, rows, book.settings.longest_visit_minutes)

    def period(self, period: Period) -> tuple[dict[str, Sums], dict[Key, int], dict[Key, int]]:
        """Per contract its sums, per visit the pence of its lines, per contract and date the pence of its day."""
        sums: defaultdict[str, Sums] = defaultdict(Sums)
        visits: defaultdict[Key, int] = defaultdict(int)
        days: defaultdict[Key, int] = defaultdict(int)
        starts, ends = period.starts, period.ends
        for visit in self.recorded.visits:
            if not starts <= visit.date < ends:
                continue
            contract_id, day = visit.contract_id, visit.day
            pence = self._visit(visit, sums[contract_id])
            visits[contract_id, visit.package_id, day, visit.name] += pence
            days[contract_id, day] += pence
        for contract_id, pence in self._incentives(period):
            sums[contract_id].incentives += pence
        settings = self.book.settings
        for contract_id, contract in self.contracts.items():
            if any(contract.in_force(day) for day in period.days):
                sums[contract_id].floor = self._floor(contract, period)
        for each in sums.values():
            used = each.visits
            used += each.late if settings.guarantee_counts_late_cancellations else 0
            used += each.retainers if settings.guarantee_counts_retainers else 0
            each.adds = max(0, each.floor - used)
        return dict(sums), dict(visits), dict(days)

    def _paying(self, visit: VisitDay) -> Paying:
        key = visit.contract_id, visit.day
        found = self._known.get(key)
        if found is None:
            terms = self._terms_on(visit)
            minutes = terms.increment_minutes or self.contracts[visit.contract_id].billing_increment_minutes
            rates = self.county.rates_pence(self.county.contract_index[visit.contract_id], visit.date)
            found = self._known[key] = Paying(terms, rates, None if terms.rounding is None else minutes)
        return found

    def _terms_on(self, visit: VisitDay) -> Terms:
        begun = [
            each
            for each in self.book.terms
            if each.contract_id == visit.contract_id and (each.starts is None or each.starts <= visit.date)
        ]
        if not begun:
            return Terms(visit.contract_id, None, None, None, None, None, None, None)
        return max(begun, key=lambda each: each.starts.toordinal() if each.starts else 0)

    def _visit(self, visit: VisitDay, sums: Sums) -> int:
        terms, rates, step = self._paying(visit)
        rate, stays = rates[self.band[visit.package_id] - 1], visit.stays
        if not stays:
            sums.lines += 1
            return self._not_made(visit, terms, rate, sums)
        total, most = 0, visit.planned_minutes
        planned = None if most is None or terms.overrun_paid else most * 60
        for number, seconds in enumerate(sorted(stays.values(), reverse=True) if len(stays) > 1 else stays.values(), start=1):
            allowed = seconds if planned is None or seconds < planned else planned
            if number > visit.workers and not terms.overrun_paid:
                allowed = 0
            counted, pence, in_fives, in_fifteens = priced(allowed, step, terms.rounding, rate)
            sums.in_fives += in_fives
            sums.in_fifteens += in_fifteens
            sums.delivered += seconds
            sums.counted += counted
            sums.lines += 1
            sums.visits += pence
            total += pence
        return total

    def _not_made(self, visit: VisitDay, terms: Terms, rate: int, sums: Sums) -> int:
        minutes = (visit.planned_minutes or 0) * visit.workers
        whole = Fraction(minutes * rate, 60)
        if visit.outcome in ("refused", "cancelled_late"):
            if visit.who in ("", "provider") or terms.late_cancellation_share is None:
                return 0
            pence = half_up(whole * terms.late_cancellation_share)
            sums.late += pence
            return pence
        if visit.outcome == "hospital" and terms.retainer_days and terms.retainer_share is not None:
            day = (visit.date - self.recorded.stay_began(visit.package_id, visit.date)).days
            if day < terms.retainer_days:
                pence = half_up(whole * terms.retainer_share)
                sums.retainers += pence
                return pence
        return 0

    def _floor(self, contract: Contract, period: Period) -> int:
        if contract.max_hours_4w is None:
            return 0
        place, exact = self.county.contract_index[contract.contract_id], Fraction(0)
        for day in period.days:
            if contract.in_force(day):
                exact += contract.guarantee * contract.max_hours_4w * self.county.rates_pence(place, day)[0] / len(period.days)
        return half_up(exact)

    def _incentives(self, period: Period) -> Iterator[tuple[str, int]]:
        settings = self.book.settings
        for package in self.county.packages:
            if package.requested_at is None or package.source not in SOURCES:
                continue
            asked = instant_of(package.requested_at)
            after = [each for each in self.recorded.arrivals.get(package.package_id, ()) if each[0] >= asked.timestamp()]
            if not after:
                continue
            arrived, _, contract_id, date = min(after)
            if not period.starts <= date < period.ends:
                continue
            if package.care_started is not None and package.requested_at.date() <= package.care_started < date:
                continue
            days = {"request": [package.requested_at.date()], "start": [date], "both": [package.requested_at.date(), date]}
            if not any(all(one.holds(day) for day in days[settings.incentive_day]) for one in self.book.periods):
                continue
            hours = Fraction(int(arrived - asked.timestamp()), 3600)
            for amount in self.book.amounts:
                if amount.workers == package.workers and amount.holds(package.requested_at.date()) and is_within(hours, amount):
                    yield contract_id, amount.pence


def check_account(
    files: Mapping[str, bytes],
    county: County,
    rows: Rows,
    book: AccountBook,
    period: Period,
    closed: Iterable[Closed] = (),
) -> tuple[list[str], str]:
    """What does not hold of the files (nothing, where all is well), and in a line what was counted.

    ``rows``: reads the records as they stand in their file, as texts.
    """
    recount = Recount(county, rows, book)
    sums, visits, days = recount.period(period)
    adjustments = _adjustments(recount, list(closed))
    faults = list[str]()
    count, of_visits, of_days, of_lines = _lines(files[LINES])
    faults += _differ("visit", of_visits, visits)
    del of_visits, visits
    faults += _differ("day of a contract", of_days, days)
    faults += _differ("day of a contract in its table", _added(_read(files[DAYS]), ("contract_id", "date")), days)
    faults += _differ(
        "adjustment", _added(_read(files[ADJUSTMENTS]), ("contract_id", "period_starts"), "adjustment_gbp"), adjustments
    )
    adjusted: defaultdict[str, int] = defaultdict(int)
    for (contract_id, _), pence in adjustments.items():
        adjusted[contract_id] += pence
    statements = {row["contract_id"]: row for row in _read(files[STATEMENTS])}
    missing = sorted(({name for name, each in sums.items() if each.own or each.lines} | adjusted.keys()) - statements.keys())
    faults += [f"contract {each} has no statement" for each in missing]
    for contract_id, row in statements.items():
        faults += _statement(contract_id, row, sums.get(contract_id, Sums()), adjusted[contract_id])
        own = sum(_pence(row[name]) for name in ("visits_gbp", "late_cancellations_gbp", "retainers_gbp"))
        if own != of_lines.get(contract_id, 0):
            faults.append(f"contract {contract_id}: its lines add up to {of_lines.get(contract_id, 0)} pence, not to {own}")
    faults += _differ("steps of 5 minutes", _ways(files, "gbp_5_minutes"), _sorted_ways(recount, sums, "in_fives"))
    faults += _differ("steps of 15 minutes", _ways(files, "gbp_15_minutes"), _sorted_ways(recount, sums, "in_fifteens"))
    total = sum(_pence(row["total_gbp"]) for row in statements.values())
    expected = sum(each.own for each in sums.values()) + sum(adjusted.values())
    if total != expected:
        faults.append(f"the statements come to {total} pence, the records to {expected}")
    return faults, (
        f"Checked: {count:,} lines add up to {len(statements)} statements, and these to {pounds_in_words(total)};"
        " each was counted anew from the records."
    )


def _ways(files: Mapping[str, bytes], column: str) -> dict[Key, int]:
    """What was written for the whole, for providers and for tiers."""
    rows = [row for row in _read(files[INCREMENTS]) if row["by"] in ("all", "provider", "tier")]
    return _added(rows, ("by", "group"), column)


def _sorted_ways(recount: Recount, sums: Mapping[str, Sums], name: str) -> dict[Key, int]:
    found: defaultdict[Key, int] = defaultdict(int)
    for contract_id, each in sums.items():
        contract, pence = recount.contracts[contract_id], getattr(each, name)
        for key in (("all", "all"), ("provider", contract.provider_id), ("tier", contract.tier)):
            found[key] += pence
    return dict(found)


def _adjustments(recount: Recount, closed: list[Closed]) -> dict[Key, int]:
    stated: defaultdict[tuple[str, Period], int] = defaultdict(int)
    for one in closed:
        for contract_id, pence in one.own.items():
            stated[contract_id, one.period] += pence
        for key, pence in one.adjusted.items():
            stated[key] += pence
    for one in closed:
        for contract_id, sums in recount.period(one.period)[0].items():
            stated[contract_id, one.period] -= sums.own
    return {(contract_id, period.starts.isoformat()): -pence for (contract_id, period), pence in stated.items() if pence}


def _statement(contract_id: str, row: Mapping[str, str], sums: Sums, adjusted: int) -> Iterator[str]:
    expected = {
        "visits_gbp": sums.visits, "late_cancellations_gbp": sums.late, "retainers_gbp": sums.retainers,
        "guarantee_floor_gbp": sums.floor, "guarantee_adds_gbp": sums.adds, "incentives_gbp": sums.incentives,
        "adjustments_gbp": adjusted, "total_gbp": sums.own + adjusted,
    }  # fmt: skip
    for name, pence in expected.items():
        if _pence(row[name]) != pence:
            yield f"contract {contract_id}, {name}: {row[name]}, where the records come to {pence} pence"
    for name, seconds in {"delivered_hours": sums.delivered, "billed_hours": sums.counted}.items():
        if Fraction(row[name]) != Fraction(half_up(Fraction(seconds, 36)), 100):
            yield f"contract {contract_id}, {name}: {row[name]}, where the records come to {seconds} seconds"
    if row["lines"] != str(sums.lines):
        yield f"contract {contract_id}: {row['lines']} lines, where the records come to {sums.lines}"


def _differ(what: str, written: Mapping[Key, int], counted: Mapping[Key, int]) -> list[str]:
    if written == counted:
        return []
    wrong = {key for key, pence in written.items() if counted.get(key, 0) != pence}
    wrong |= {key for key, pence in counted.items() if written.get(key, 0) != pence}
    return [
        f"{what} {', '.join(key)}: {written.get(key, 0)} pence written, {counted.get(key, 0)} counted" for key in sorted(wrong)
    ]


def _added(rows: Iterable[Mapping[str, str]], by: Key, column: str = "gbp") -> dict[Key, int]:
    sums: defaultdict[Key, int] = defaultdict(int)
    for row in rows:
        sums[tuple(row[name] for name in by)] += _pence(row[column])
    return dict(sums)


def _lines(content: bytes) -> tuple[int, dict[Key, int], dict[Key, int], dict[str, int]]:
    """How many lines there are, and their pence by visit, by contract and date, and by contract."""
    of_visits, of_days = defaultdict[Key, int](int), defaultdict[Key, int](int)
    of_contracts = defaultdict[str, int](int)
    reader = csv.reader(io.StringIO(content.decode(), newline=""))
    header = next(reader)
    cells = itemgetter(*(header.index(name) for name in ("contract_id", "package_id", "date", "visit", "gbp")))
    plain = cache(lambda cell: intern(unescaped(cell)))
    count = 0
    for row in reader:
        contract_id, package_id, date, visit, pounds = cells(row)
        of_visits[plain(contract_id), plain(package_id), plain(date), plain(visit)] += _pence(pounds)
        count += 1
    for (contract_id, _, date, _), pence in of_visits.items():
        of_days[contract_id, date] += pence
        of_contracts[contract_id] += pence
    return count, dict(of_visits), dict(of_days), dict(of_contracts)


def _read(content: bytes) -> list[dict[str, str]]:
    return [
        {name: unescaped(cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(content.decode(), newline=""))
    ]


@cache
def _pence(pounds: str) -> int:
    return int(pounds.replace(".", ""))
