"""Records of visits as the check understands them: read as texts, one by one, and put together visit by visit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from sys import intern
from zoneinfo import ZoneInfo

from optimiser.county import County
from optimiser.domain.records import Contract

LONDON = ZoneInfo("Europe/London")
CAME = ("delivered", "cut_short")
NOT_MADE = ("no_times", "missed", "cancelled", "refused", "cancelled_late", "hospital")
"""What is taken where records of a visit disagree: what stands first."""


@dataclass(slots=True)
class VisitDay:
    """A person's visit on a date, under a contract."""

    contract_id: str
    package_id: str
    day: str
    """Its date as it is written."""
    date: dt.date
    name: str
    """Its id, else its planned start."""
    workers: int
    of_plan: int | None
    """The minutes that the plan has for it."""
    times: Sequence[tuple[str, int, int]] = ()
    """Of records that say when somebody was there: who, from when to when."""
    planned: int | None = None
    """The fewest planned minutes that these records say."""
    told: Sequence[tuple[int, bool, str, str, int | None]] = ()
    """Of the others: which outcome, whether not by the provider, whose doing, the outcome and the planned minutes."""
    needs: str = ""
    """What the plan says that it is for."""
    said: Sequence[tuple[str, str, str]] = ()
    """Of records that say when somebody was there, and by whom or why it was cut: the record, who was there, and the words."""

    def cut(self, worker: str) -> str:
        """By whom and why a care worker's part was cut, as the first record has it that says so."""
        return min(((record, words) for record, who, words in self.said if who == worker), default=("", ""))[1]

    @property
    def stays(self) -> dict[str, int]:
        """Per care worker the seconds that somebody was there, none of them twice."""
        if len(self.times) == 1:
            return {self.times[0][0]: self.times[0][2] - self.times[0][1]}
        by_worker: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for worker, arrived, left in self.times:
            by_worker[worker].append((arrived, left))
        return {worker: _covered(times) for worker, times in by_worker.items()}

    @property
    def planned_minutes(self) -> int | None:
        """The fewest that plan and records say."""
        if self.times:
            of_plan, planned = self.of_plan, self.planned
            return planned if of_plan is None else of_plan if planned is None else min(of_plan, planned)
        said = [self.of_plan, *(each[4] for each in self.told)]
        return min((minutes for minutes in said if minutes is not None), default=None)

    @property
    def outcome(self) -> str:
        return min(self.told, key=lambda each: each[:3])[3]

    @property
    def who(self) -> str:
        return min(self.told, key=lambda each: each[:3])[2]


Arrival = tuple[int, str, str, dt.date]
"""When the first record of a visit begins, the first of its records' ids, the contract and the date."""


@dataclass
class Recorded:
    """Every visit that records tell of, and per person the arrivals and the days in hospital."""

    visits: list[VisitDay]
    arrivals: dict[str, list[Arrival]]
    """Of visits of people whose care was asked for at a moment that is known."""
    days: dict[str, dict[dt.date, bool]]
    """Per person the days of which records tell; whether of hospital."""

    def stay_began(self, package_id: str, day: dt.date) -> dt.date:
        """The first of the days in hospital up to this one, between which nobody came."""
        began = day
        for other in sorted((each for each in self.days[package_id] if each < day), reverse=True):
            if not self.days[package_id][other]:
                break
            began = other
        return began


READ = (
    "actual_id", "package_id", "date", "visit_id", "planned_start", "planned_minutes", "arrived", "left", "workers",
    "worker_keys", "outcome", "who", "why", "contract_id", "corrects",
)  # fmt: skip


def recorded_visits(county: County, rows: Callable[[], Iterator[list[str]]], longest_minutes: int) -> Recorded:
    """Every record that stands, put together. Records that name nobody the county knows, or no contract, are in no statement.

    ``rows``: reads the headings and then the cells of each record, from the first one on.
    """
    corrected = set(_column(rows, "corrects"))
    packages = {each.package_id: each for each in county.packages}
    contracts = {each.contract_id: each for each in county.contracts}
    plan = {each.visit_id: each for each in county.snapshot.visits}
    under = cache(lambda contract_id, day: contract_on(contracts, contract_id, _date(day)))
    visits: dict[tuple[str, str, str, str, int], VisitDay] = {}
    arrivals: defaultdict[str, dict[tuple[object, ...], Arrival]] = defaultdict(dict)
    days: defaultdict[str, dict[dt.date, bool]] = defaultdict(dict)
    records, longest = rows(), longest_minutes * 60
    cells_of = _picked(next(records))
    for cells in records:
        (
            actual_id, package_id, day, visit_id, start, minutes, arrived, left, count, keys, outcome, who, why, contract_id, _,
        ) = cells_of([*cells, ""])  # fmt: skip
        package = packages.get(package_id)
        if package is None or actual_id in corrected or outcome == "withdrawn":
            continue
        package_id, date, days_told = package.package_id, _date(day), days[package.package_id]
        if outcome == "hospital":
            days_told[date] = True
        elif date not in days_told:
            days_told[date] = False
        contract_id = contract_id or under(package.contract_id, day)
        if contract_id not in contracts:
            continue
        key = contract_id, package_id, day, visit_id, 0 if visit_id or not start else _instants(start)[0]
        visit = visits.get(key)
        if visit is None:
            of_plan = plan.get(visit_id)
            if of_plan is not None and of_plan.package_id != package_id:
                of_plan = None
            needed, planned = (of_plan.workers, of_plan.duration_minutes) if of_plan else (package.workers, None)
            key = contracts[contract_id].contract_id, package_id, intern(day), intern(visit_id), key[4]
            visit = visits[key] = VisitDay(*key[:3], date, key[3] or start[11:16], needed, planned)
            visit.needs = ";".join(of_plan.needs) if of_plan else ""
        said = int(minutes) if minutes else None
        length = _length(arrived, left) if outcome in CAME else None
        if length is not None and 0 < length[1] - length[0] <= longest:
            begin, end = length
            if package.requested_at is not None:
                first = arrivals[package_id].get(key, (begin, actual_id))
                arrivals[package_id][key] = min(begin, first[0]), min(actual_id, first[1]), contract_id, date
            came = _who_came(count, keys)
            visit.times = (*visit.times, *[(worker, begin, end) for worker in came])
            if who or why:
                visit.said = (*visit.said, *[(actual_id, worker, f"{who} {why}".strip()) for worker in came])
            if said is not None and (visit.planned is None or said < visit.planned):
                visit.planned = said
        else:
            outcome = "no_times" if outcome in CAME else outcome
            visit.told = (*visit.told, (NOT_MADE.index(outcome), who != "provider", who, outcome, said))
    return Recorded(list(visits.values()), {name: list(each.values()) for name, each in arrivals.items()}, dict(days))


def _picked(titles: list[str]) -> Callable[[list[str]], tuple[str, ...]]:
    """Picks the cells of the columns that are read, in their order; the last one, which is empty, for what is not there."""
    return itemgetter(*(titles.index(name) if name in titles else -1 for name in READ))


def _column(rows: Callable[[], Iterator[list[str]]], name: str) -> Iterator[str]:
    """The cells of a column that are not empty."""
    records = rows()
    titles = next(records)
    if name in titles:
        place = titles.index(name)
        yield from (cells[place] for cells in records if len(cells) > place and cells[place])


def contract_on(contracts: Mapping[str, Contract], contract_id: str, day: dt.date) -> str:
    """Of care that is under a contract today the one that it was, or will be, under on a day: back along those that it took
    over from while it had not begun, then on along those that have taken over.
    """
    while contract_id in contracts and contracts[contract_id].succeeds in contracts and not contracts[contract_id].has_begun(day):
        contract_id = contracts[contract_id].succeeds
    for _ in contracts:
        after = [each for each in contracts.values() if each.succeeds == contract_id and each.has_begun(day)]
        if not after or not contracts[contract_id].has_ended(day):
            break
        contract_id = after[0].contract_id
    return contract_id


@cache
def _who_came(workers: str, worker_keys: str) -> tuple[str, ...]:
    """Those who are named, as many as are said to have come; else so many without a name."""
    count = int(workers)
    named = sorted({key.strip() for key in worker_keys.split(";") if key.strip()})
    return tuple(named[:count]) if named else tuple(f";{number}" for number in range(count))


def _covered(times: list[tuple[int, int]]) -> int:
    """The seconds that one or more of the times cover."""
    covered, end = 0, 0
    for arrived, left in sorted(times):
        covered += max(0, left - max(arrived, end))
        end = max(end, left)
    return covered


def _length(arrived: str, left: str) -> tuple[int, int] | None:
    """Arrival and end as instants; of a time that clocks showed twice the readings that make the shorter visit."""
    if not arrived or not left:
        return None
    begins, ends = _instants(arrived), _instants(left)
    if len(begins) == len(ends) == 1:
        return begins[0], ends[0]
    pairs = [(end - begin, begin, end) for begin in begins for end in ends]
    forwards = [each for each in pairs if each[0] >= 0]
    _, begin, end = min(forwards or pairs[:1])
    return begin, end


@cache
def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@cache
def _instants(shown: str) -> tuple[int, ...]:
    """When clocks in London showed it, in seconds since 1970: twice in a night of October."""
    at = dt.datetime.fromisoformat(shown).replace(tzinfo=LONDON)
    first, second = int(at.timestamp()), int(at.replace(fold=1).timestamp())
    return (first, second) if second > first else (first,)
