"""A county's records counted by hand, visit by visit, in plain Python: what the check of an account holds its files against."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from optimiser.accounting.check_lines import as_one
from optimiser.accounting.check_prices import half_up, is_within, priced
from optimiser.accounting.check_records import Recorded, VisitDay, recorded_visits
from optimiser.accounting.check_written import Key
from optimiser.county import County
from optimiser.domain.accounts import AccountBook, Period, Terms
from optimiser.domain.dates import instant_of
from optimiser.domain.records import Contract

Rows = Callable[[], Iterator[list[str]]]
"""Reads the headings of the records' file, then the cells of each, from the first one on."""
LATE, RETAINER = "late_cancellation", "retainer"
QUARTER_MINUTES, HOUR = 15, 4
BRIEF_MINUTES = 30
SOURCES = ("acute_hospital", "community_hospital", "short_term_bed", "reablement", "out_of_hospital")


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
    floor: int = 0
    used: int = 0
    """What counts against the floor."""

    @property
    def adds(self) -> int:
        return max(0, self.floor - self.used)

    @property
    def own(self) -> int:
        return self.visits + self.late + self.retainers + self.adds + self.incentives


@dataclass(slots=True)
class Made:
    """Lines of visits that somebody came to: seconds as they were and as they count, pence as they are paid and in steps."""

    lines: int = 0
    seconds: int = 0
    counted: int = 0
    pence: int = 0
    in_fives: int = 0
    in_fifteens: int = 0


@dataclass(slots=True)
class Day:
    """Lines of a contract on a date, in a band: seconds as they were and as they count, and pence, an hour's too."""

    rate: int = 0
    lines: int = 0
    seconds: int = 0
    counted: int = 0
    pence: int = 0


class Kind(NamedTuple):
    """What lines are counted apart by."""

    contract_id: str
    package_id: str
    quarters: int
    """Whole quarters of an hour that were planned, else that it was; ``HOUR`` for an hour and whatever is longer."""
    is_brief: bool
    """Whether somebody was there for less than ``BRIEF_MINUTES``."""
    why: str
    """Of lines that are short what they were planned for, or else by whom and why they were cut; empty: nobody has said so."""

    @property
    def is_planned_short(self) -> bool:
        return self.quarters * QUARTER_MINUTES < BRIEF_MINUTES


class InPlace(NamedTuple):
    """Care in place for somebody whose source may earn an incentive. ``pence``: 0 where nothing was earned."""

    contract_id: str
    kind: str
    asked: int
    """An instant, in seconds since 1970."""
    seconds: int
    """From the request to the first visit since."""
    outcome: str
    occasion: str
    """Of the designated period that it lies in, where an amount was met."""
    pence: int


@dataclass
class Counted:
    """What a period comes to. Pence of late cancellations and retainers are in the lines of visits and days, too."""

    period: Period
    sums: defaultdict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    """By contract."""
    visits: defaultdict[Key, int] = field(default_factory=lambda: defaultdict(int))
    """A visit's lines ``as_one``, by contract, person, date and visit."""
    days: defaultdict[tuple[str, str, int], Day] = field(default_factory=lambda: defaultdict(Day))
    """By contract, date and band."""
    whys: defaultdict[Key, int] = field(default_factory=lambda: defaultdict(int))
    """Lines by contract and why they are paid so."""
    made: defaultdict[Kind, Made] = field(default_factory=lambda: defaultdict(Made))
    in_place: dict[str, InPlace] = field(default_factory=dict)
    """By person."""


class Paying(NamedTuple):
    """How a contract pays on a day: its terms, its prices of an hour by band, and its step in minutes, where these are known."""

    terms: Terms
    rates: tuple[int, int, int]
    step: int | None


def _longest_first(stay: tuple[str, int]) -> tuple[int, bool, str]:
    """Who stayed longest; of equals who is not named, then by name."""
    worker, seconds = stay
    return -seconds, not worker.startswith(";"), worker


class Recount:
    """A county's records, counted by hand."""

    def __init__(self, county: County, rows: Rows, book: AccountBook) -> None:
        self.county, self.book = county, book
        self.contracts: dict[str, Contract] = {each.contract_id: each for each in county.contracts}
        self.band = {package.package_id: int(county.band[at]) for at, package in enumerate(county.packages)}
        self._known: dict[tuple[str, str], Paying] = {}
        self._terms: defaultdict[str, list[Terms]] = defaultdict(list)
        for terms in book.terms:
            self._terms[terms.contract_id].append(terms)
        self.recorded: Recorded = recorded_visits(county, rows, book.settings.longest_visit_minutes)

    def period(self, period: Period) -> Counted:
        """Everything that records tell of a period."""
        found = Counted(period)
        sums, starts, ends = found.sums, period.starts, period.ends
        for visit in self.recorded.visits:
            if not starts <= visit.date < ends:
                continue
            found.visits[visit.contract_id, visit.package_id, visit.day, visit.name] += self._visit(visit, found)
        for kind, each in found.made.items():
            of_contract = sums[kind.contract_id]
            of_contract.lines += each.lines
            of_contract.delivered += each.seconds
            of_contract.counted += each.counted
            of_contract.visits += each.pence
        found.in_place = dict(self._in_place(period))
        for one in found.in_place.values():
            sums[one.contract_id].incentives += one.pence
        settings = self.book.settings
        for contract_id, contract in self.contracts.items():
            if any(contract.in_force(day) for day in period.days):
                sums[contract_id].floor = self._floor(contract, period)
        for of_contract in sums.values():
            of_contract.used = of_contract.visits
            of_contract.used += of_contract.late if settings.guarantee_counts_late_cancellations else 0
            of_contract.used += of_contract.retainers if settings.guarantee_counts_retainers else 0
        return found

    def _paying(self, visit: VisitDay) -> Paying:
        key = visit.contract_id, visit.day
        found = self._known.get(key)
        if found is None:
            terms = self._terms_on(visit.contract_id, visit.date)
            minutes = terms.increment_minutes or self.contracts[visit.contract_id].billing_increment_minutes
            rates = self.county.rates_pence(self.county.contract_index[visit.contract_id], visit.date)
            found = self._known[key] = Paying(terms, rates, None if terms.rounding is None else minutes)
        return found

    def _terms_on(self, contract_id: str, day: dt.date) -> Terms:
        begun = [each for each in self._terms[contract_id] if each.starts is None or each.starts <= day]
        if not begun:
            return Terms(contract_id, None, None, None, None, None, None, None)
        return max(begun, key=lambda each: each.starts.toordinal() if each.starts else 0)

    def unknown(self, contract_id: str, period: Period) -> str:
        """Which terms nobody has told of on a day on which the contract is in force, else on the first; as they are written."""
        contract = self.contracts[contract_id]
        names = set[str]()
        for day in [each for each in period.days if contract.in_force(each)] or [period.starts]:
            terms = self._terms_on(contract_id, day)
            told = {
                "increment_minutes": terms.increment_minutes or contract.billing_increment_minutes,
                "rounding": terms.rounding,
                "overrun_paid": terms.overrun_paid,
                "late_cancellation_share": terms.late_cancellation_share,
                "retainer_days": terms.retainer_days,
                "retainer_share": 0 if terms.retainer_days == 0 else terms.retainer_share,
            }
            names |= {name for name, value in told.items() if value is None}
        return ";".join(sorted(names))

    def _visit(self, visit: VisitDay, found: Counted) -> int:
        """Counts a visit's lines; says what they come to, ``as_one``."""
        terms, rates, step = self._paying(visit)
        contract_id, band, stays = visit.contract_id, self.band[visit.package_id], visit.stays
        rate, of_day = rates[band - 1], found.days[contract_id, visit.day, band]
        of_day.rate = rate
        if not stays:
            why, pence = self._not_made(visit, terms, rate)
            sums = found.sums[contract_id]
            sums.lines += 1
            sums.late += pence if why == LATE else 0
            sums.retainers += pence if why == RETAINER else 0
            of_day.lines += 1
            of_day.pence += pence
            found.whys[contract_id, why] += 1
            return as_one(pence, 0, 0)
        total, most = 0, visit.planned_minutes
        planned = None if most is None or terms.overrun_paid else most * 60
        came = sorted(stays.items(), key=_longest_first) if len(stays) > 1 else stays.items()
        for number, (worker, seconds) in enumerate(came, start=1):
            allowed, why = (seconds, "as_delivered") if planned is None or seconds <= planned else (planned, "up_to_planned")
            if number > visit.workers and not terms.overrun_paid:
                allowed, why = 0, "worker_not_commissioned"
            counted, pence, in_fives, in_fifteens = priced(allowed, step, terms.rounding, rate)
            quarters = (seconds // 60 if most is None else most) // QUARTER_MINUTES
            is_brief = seconds < BRIEF_MINUTES * 60
            told = visit.needs if quarters * QUARTER_MINUTES < BRIEF_MINUTES else visit.cut(worker) if is_brief else ""
            made = found.made[Kind(contract_id, visit.package_id, quarters if quarters < HOUR else HOUR, is_brief, told)]
            made.lines += 1
            made.seconds += seconds
            made.counted += counted
            made.pence += pence
            made.in_fives += in_fives
            made.in_fifteens += in_fifteens
            of_day.lines += 1
            of_day.seconds += seconds
            of_day.counted += counted
            of_day.pence += pence
            found.whys[contract_id, why] += 1
            total += as_one(pence, counted, seconds)
        return total

    def _not_made(self, visit: VisitDay, terms: Terms, rate: int) -> tuple[str, int]:
        """Why a visit that nobody made, or of which nobody knows how long it took, pays what it pays; and its pence."""
        whole = Fraction((visit.planned_minutes or 0) * visit.workers * rate, 60)
        if visit.outcome in ("refused", "cancelled_late"):
            if visit.who in ("", "provider"):
                return ("by_the_provider" if visit.who else "not_said_by_whom"), 0
            if terms.late_cancellation_share is None:
                return "share_not_known", 0
            return LATE, half_up(whole * terms.late_cancellation_share)
        if visit.outcome == "hospital":
            if terms.retainer_days is None or (terms.retainer_days > 0 and terms.retainer_share is None):
                return "retainer_not_known", 0
            day = (visit.date - self.recorded.stay_began(visit.package_id, visit.date)).days
            if day >= terms.retainer_days or terms.retainer_share is None:
                return "no_retainer_any_more", 0
            return RETAINER, half_up(whole * terms.retainer_share)
        return {"no_times": "times_not_usable"}.get(visit.outcome, visit.outcome), 0

    def _floor(self, contract: Contract, period: Period) -> int:
        if contract.max_hours_4w is None:
            return 0
        place, exact = self.county.contract_index[contract.contract_id], Fraction(0)
        for day in period.days:
            if contract.in_force(day):
                exact += contract.guarantee * contract.max_hours_4w * self.county.rates_pence(place, day)[0] / len(period.days)
        return half_up(exact)

    def _in_place(self, period: Period) -> Iterator[tuple[str, InPlace]]:
        """Whose care came to be in place in the period; who earned nothing only if asked for in it or in the one before."""
        for package in self.county.packages:
            if package.requested_at is None or package.source not in SOURCES:
                continue
            asked, asked_on = instant_of(package.requested_at), package.requested_at.date()
            arrivals = self.recorded.arrivals.get(package.package_id, [])
            after = [each for each in arrivals if each[0] >= asked.timestamp()]
            if not after:
                continue
            arrived, _, contract_id, date = min(after)
            if not period.starts <= date < period.ends:
                continue
            seconds = int(arrived - asked.timestamp())
            of_day = [each for each in self.book.amounts if each.workers == package.workers and each.holds(asked_on)]
            pence = [each.pence for each in of_day if is_within(Fraction(seconds, 3600), each)]
            days = {"request": [asked_on], "start": [date], "both": [asked_on, date]}[self.book.settings.incentive_day]
            designated = [one for one in self.book.periods if pence and all(one.holds(day) for day in days)]
            if not pence:
                outcome = "too_late" if of_day else "no_amount_then"
            elif not designated:
                outcome = "no_designated_period"
            elif package.care_started is not None and asked_on <= package.care_started < date:
                outcome = "care_was_in_place_before"
            else:
                outcome = "earned"
            if outcome == "earned" or (period.starts - asked_on).days <= len(period.days):
                had_care = package.care_started is not None and package.care_started < asked_on
                kind = "restart" if had_care or len(after) < len(arrivals) else "start"
                earned = sum(pence) if outcome == "earned" else 0
                occasion = designated[0].occasion if designated else ""
                begun = int(asked.timestamp())
                yield package.package_id, InPlace(contract_id, kind, begun, seconds, outcome, occasion, earned)
