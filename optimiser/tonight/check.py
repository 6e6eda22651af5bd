"""Whether tonight's list is right: from the files as they will be written, with nothing of what made them.

Each visit of the 72 hours stands in it once, and no other; the order is by harm, then by time; and whoever is told as having the
minutes has them, as far as anything is known.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from zoneinfo import ZoneInfo

from optimiser.county import NOWHERE, County
from optimiser.domain.person_records import RELIEVE
from optimiser.domain.records import HARMS, Visit
from optimiser.domain.rounds_plan import PlannedVisit, RoundsPlan
from optimiser.geography.travel_times.interface import degrees
from optimiser.geography.travel_times.straight_line import StraightLineTravel
from optimiser.io.spreadsheets import unescaped
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.book import standard_rules
from optimiser.tonight.what_fails import Failure

Row = dict[str, str]
Key = tuple[str, str]
ENGLAND = ZoneInfo("Europe/London")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def tonight_faults(
    county: County, asked: Failure, not_recorded: str, built: RoundsPlan | None, files: Mapping[str, bytes]
) -> list[str]:
    """Everything that is wrong with the files."""
    rows, without = _rows(files["tonight.csv"]), _rows(files["without-times.csv"])
    people = {
        record.package_id: package
        for package, record in enumerate(county.packages)
        if county.running_on[package] != NOWHERE and asked.concerns(_provider_of(county, package))
    }
    expected = dict(_expected(county, asked, people))
    found = [*_listed(expected, rows), *_without(county, people, without)]
    if found:
        return sorted(found)
    found = [*_told(county, not_recorded, people, [*rows, *without]), *_order(rows, without)]
    minutes = _rows(files["who-has-minutes.csv"])
    return sorted([*found, *_have_minutes(county, asked, people, expected, minutes), *_runs(county, built, expected, minutes)])


def _rows(content: bytes) -> list[Row]:
    lines = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return [{name: unescaped(cell) for name, cell in row.items()} for row in lines]


def _provider_of(county: County, package: int) -> str:
    return county.contracts[int(county.running_on[package])].provider_id


def _instants(day: dt.date, time: dt.time) -> list[dt.datetime]:
    """Every moment at which a clock in England shows a time on a day: none, one or two."""
    naive = dt.datetime.combine(day, time)
    moments = {naive.replace(tzinfo=dt.UTC) - dt.timedelta(hours=ahead) for ahead in (0, 1)}
    return sorted(moment for moment in moments if moment.astimezone(ENGLAND).replace(tzinfo=None) == naive)


def _window(day: dt.date, visit: Visit) -> tuple[dt.datetime, dt.datetime]:
    """From the first moment of its earliest start to the last of its latest; a time that there is not is an hour later."""
    after = day + dt.timedelta(days=1) if visit.latest_start < visit.earliest_start else day
    opens = _instants(day, visit.earliest_start) or _instants(day, _hour_later(visit.earliest_start))
    closes = _instants(after, visit.latest_start) or _instants(after, _hour_later(visit.latest_start))
    return opens[0], closes[-1]


def _hour_later(time: dt.time) -> dt.time:
    return time.replace(hour=time.hour + 1)


def _expected(county: County, asked: Failure, people: Mapping[str, int]) -> Iterator[tuple[Key, tuple[dt.datetime, dt.datetime]]]:
    """Per visit and day its window, where it can still be missed in the 72 hours."""
    begins, ends = asked.begins, asked.begins + dt.timedelta(seconds=72 * 3600)
    for visit in county.snapshot.visits:
        if visit.package_id in people:
            day = begins.date() - dt.timedelta(days=3)
            while day <= ends.date() + dt.timedelta(days=1):
                if WEEKDAYS[day.weekday()] in visit.days:
                    opens, closes = _window(day, visit)
                    if opens < ends and closes + dt.timedelta(minutes=visit.duration_minutes) > begins:
                        yield (visit.visit_id, str(day)), (opens, closes)
                day += dt.timedelta(days=1)


def _listed(expected: Mapping[Key, tuple[dt.datetime, dt.datetime]], rows: list[Row]) -> Iterator[str]:
    counted = Counter((row["visit_id"], row["day"]) for row in rows)
    for key in expected.keys() | counted.keys():
        if counted[key] != (key in expected):
            yield f"visit {key[0]} of {key[1]} is listed {counted[key]} times"
    for row in rows:
        window = expected.get((row["visit_id"], row["day"]))
        told = tuple(dt.datetime.fromisoformat(row[name]) for name in ("opens_at", "latest_start_at"))
        if window is not None and told != window:
            yield f"visit {row['visit_id']} of {row['day']}: its window is told wrong"


def _without(county: County, people: Mapping[str, int], rows: list[Row]) -> Iterator[str]:
    with_times = {visit.package_id for visit in county.snapshot.visits}
    counted = Counter(row["package_id"] for row in rows)
    for name in (people.keys() - with_times) | counted.keys():
        if counted[name] != (name in people and name not in with_times):
            yield f"{name}, whose visits are not known, is listed {counted[name]} times"


def _told(county: County, not_recorded: str, people: Mapping[str, int], rows: list[Row]) -> Iterator[str]:
    """What is told of people and visits is what is recorded."""
    visits = {visit.visit_id: visit for visit in county.snapshot.visits}
    for row in rows:
        record = county.packages[people[row["package_id"]]]
        right = {
            "if_missed": record.if_missed,
            "counted_as": record.if_missed or not_recorded,
            "can_step_in": record.can_step_in,
            "service": record.service,
            "held_until": "" if record.held_until is None else record.held_until.isoformat(),
            "provider_id": _provider_of(county, people[row["package_id"]]),
            "workers": str(record.workers),
        }
        if "visit_id" in row:
            visit = visits[row["visit_id"]]
            right |= {"package_id": visit.package_id, "duration_minutes": str(visit.duration_minutes)}
            right["workers"] = str(visit.workers)
        yield from (f"{row['package_id']}: {name} is told wrong" for name, value in right.items() if row[name] != value)


def _order(rows: list[Row], without: list[Row]) -> Iterator[str]:
    """Most harm first, then by when somebody must be there."""

    def turn(row: Row) -> tuple[int, dt.datetime]:
        return HARMS.index(row["counted_as"]), dt.datetime.fromisoformat(row["latest_start_at"])

    if any(turn(one) > turn(other) for one, other in pairwise(rows)):
        yield "the visits are not in the order of harm and time"
    if any(HARMS.index(one["counted_as"]) > HARMS.index(other["counted_as"]) for one, other in pairwise(without)):
        yield "those without times are not in the order of harm"
    if [row["turn"] for row in rows] != [str(turn) for turn in range(1, len(rows) + 1)]:
        yield "the turns do not count from 1"


def _have_minutes(
    county: County,
    asked: Failure,
    people: Mapping[str, int],
    expected: Mapping[Key, tuple[dt.datetime, dt.datetime]],
    rows: list[Row],
) -> Iterator[str]:
    """Nobody is told who fails, may not be asked for the person, or has no hours left."""
    day = asked.begins.astimezone(ENGLAND).date()
    that_day, rules = county.moving_on(day, move_pending=True, move=RELIEVE), standard_rules()
    entry, limits = entry_plan(county), rules.all_limits(county)
    used = [used_minutes(county, limit, entry) for limit in limits]
    asked_for = [rule for rule in rules.eligibility if not rule.waived_on_hand_back]
    allowed: dict[tuple[int, int], bool] = {}

    def may_take(package: int, contract: int) -> bool:
        if (package, contract) not in allowed:
            allowed[package, contract] = all(rule.finding(that_day, package, contract).passed for rule in asked_for)
        return allowed[package, contract]

    for row in rows:
        name, provider_id, package = row["package_id"], row["provider_id"], people[row["package_id"]]
        held = [k for k, contract in enumerate(county.contracts) if contract.provider_id == provider_id]
        own = asked.snow and provider_id == _provider_of(county, package) and row["basis"] == "built_round"
        if provider_id in asked.provider_ids:
            yield f"{name}: {provider_id} cannot come itself"
        elif not own and not any(may_take(package, contract) for contract in held):
            yield f"{name}: {provider_id} may not be asked"
        if row["basis"] == "hours_left":
            contract = county.contract_index[row["contract_id"]]
            left = [
                limit.whole_minutes - minutes
                for limit, minutes in zip(limits, used, strict=True)
                if contract in limit.contracts and limit.counts(county, package, contract)
            ]
            told = round(float(row["hours_left_per_week"]) * 60) if row["hours_left_per_week"] else None
            if contract not in held or told != min(left, default=None) or (told is not None and told <= 0):
                yield f"{name}: the hours left of {row['contract_id']} are told wrong"
        elif (row["visit_id"], row["day"]) not in expected:
            yield f"{name}: somebody has minutes for a visit that is not listed"


def _runs(
    county: County, built: RoundsPlan | None, expected: Mapping[Key, tuple[dt.datetime, dt.datetime]], rows: list[Row]
) -> Iterator[str]:
    """A visit at the first and at the last of the starts told fits into every round told, with the ways there and on."""
    visits = {visit.visit_id: visit for visit in county.snapshot.visits}
    holder = {} if built is None else {each.round_id: each.provider_id for each in built.rounds}
    runs: dict[str, list[PlannedVisit]] = {}
    for planned in () if built is None else built.visits:
        runs.setdefault(planned.round_id, []).append(planned)
    places = {record.package_id: degrees([record.latitude], [record.longitude]) for record in county.packages}
    for row in rows:
        if row["basis"] != "built_round":
            continue
        name, visit = f"{row['visit_id']} of {row['day']}", visits[row["visit_id"]]
        told = [each for each in (row["round_id"], row["second_round_id"]) if each]
        if len(set(told)) != visit.workers or any(holder.get(each) != row["provider_id"] for each in told):
            yield f"{name}: the rounds told are not {visit.workers} of one provider"
            continue
        starts = [dt.datetime.fromisoformat(row[key]) for key in ("start_from", "start_until")]
        opens, closes = expected[row["visit_id"], row["day"]]
        if not opens <= starts[0] <= starts[1] <= closes:
            yield f"{name}: a start is told outside of its window"
        for round_id in told:
            if not all(_fits(runs.get(round_id, []), visits, places, visit, start) for start in starts):
                yield f"{name}: {round_id} has not the minutes"


def _fits(
    run: list[PlannedVisit], visits: Mapping[str, Visit], places: Mapping[str, object], visit: Visit, start: dt.datetime
) -> bool:
    """Whether a visit at a moment lies between two others of a run, with the ways: those of the same run of that day or night."""
    travel = StraightLineTravel()
    ends = start + dt.timedelta(minutes=visit.duration_minutes)
    for back in range(3):
        date = start.astimezone(ENGLAND).date() - dt.timedelta(days=back)
        day = sorted((each for each in run if each.day == WEEKDAYS[date.weekday()]), key=lambda each: each.position)
        for before, after in pairwise(day):
            here, there, on = (places[visits[v].package_id] for v in (before.visit_id, visit.visit_id, after.visit_id))
            to_it = int(travel.between(here, there).seconds[0, 0])  # type: ignore[arg-type]
            from_it = int(travel.between(there, on).seconds[0, 0])  # type: ignore[arg-type]
            free = _at(date, before.end) + dt.timedelta(seconds=to_it), _at(date, after.start) - dt.timedelta(seconds=from_it)
            if free[0] <= start and ends <= free[1]:
                return True
    return False


def _at(date: dt.date, seconds: int) -> dt.datetime:
    """The moment that a clock shows so many seconds after a day's midnight."""
    naive = dt.datetime.combine(date, dt.time()) + dt.timedelta(seconds=seconds)
    return (_instants(naive.date(), naive.time()) or _instants(naive.date(), _hour_later(naive.time())))[0]
