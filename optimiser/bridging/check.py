"""Whether a bridge keeps the rules: from the files as they will be written, by the rules' check halves.

Everybody who waits stands in one list, each visit that cannot wait once for each alternative; what is covered is allowed, lasts,
fits into every limit all together, and is nobody's second bridge; and every figure is counted again from the rows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from optimiser.bridging.check_people import Row, Waits, rows_of, told_hours, who_waits
from optimiser.county import County
from optimiser.domain.dates import days_after
from optimiser.domain.plan import Plan
from optimiser.domain.records import HARMS
from optimiser.judging.checking import findings
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import Group

ORDERS = {
    "harm_first": ("uncovered", "people_with_nothing"),
    "people_first": ("nothing", "uncovered"),
    "whole_care": ("not_whole", "uncovered", "people_with_nothing"),
}
"""Per alternative what its levels begin with."""
ENDING = ("days_waited",)


def bridge_faults(county: County, files: Mapping[str, bytes]) -> list[str]:
    """Everything that is wrong with the files."""
    waits, rows = who_waits(county), rows_of(files["bridge.csv"])
    found = [*_listed(waits, rows), *_others(waits, rows_of(files["others-waiting.csv"]))]
    if found:
        return sorted(found)
    told = json.loads(files["bridge.json"])
    if (names := [each["alternative"] for each in told["alternatives"]]) != list(ORDERS):
        return [f"the alternatives are {', '.join(names)}"]
    cases = {name: _Case(county, waits, [row for row in rows if row["alternative"] == name]) for name in ORDERS}
    for name, levels in zip(names, (each["levels"] for each in told["alternatives"]), strict=True):
        found += [f"{name}: {fault}" for fault in (*_rows(cases[name]), *_plan(cases[name]), *_levels(name, cases[name], levels))]
    found += _people(cases, waits, rows_of(files["people.csv"]))
    found += _trade_off(cases, waits, rows_of(files["trade-off.csv"]))
    return sorted([*found, *_instead(cases, waits, rows_of(files["instead.csv"]))])


@dataclass(frozen=True)
class _Case:
    """The rows of one alternative."""

    county: County
    waits: Waits
    rows: list[Row]

    @property
    def covered(self) -> list[Row]:
        return [row for row in self.rows if row["covered"] == "true"]

    @cached_property
    def minutes(self) -> dict[str, int]:
        """Per person the minutes a week that are covered of the visits that cannot wait."""
        found = dict.fromkeys(self.waits.people, 0)
        for row in self.covered:
            found[row["person_id"]] += self.waits.minutes[row["visit_id"]]
        return found

    def covers(self, person: str) -> str:
        wanted = self.waits.wanted[person]
        return "all" if self.minutes[person] == wanted else "some" if self.minutes[person] else "none"

    def contract_id(self, person: str) -> str:
        return next((row["contract_id"] for row in self.covered if row["person_id"] == person), "")

    @cached_property
    def plan(self) -> tuple[County, Plan]:
        """The county with every package that is covered as the part that it becomes, and who is where then."""
        visits: dict[str, list[Row]] = defaultdict(list)
        for row in self.covered:
            visits[row["package_id"]].append(row)
        packages, contracts = list(self.county.snapshot.packages), list(entry_plan(self.county).contracts)
        for name, own in visits.items():
            index, known = self.county.package_index[name], [self.waits.visits[row["visit_id"]] for row in own]
            packages[index] = replace(
                packages[index],
                bundle_id="",
                minutes_per_week=sum(self.waits.minutes[visit.visit_id] for visit in known),
                visits_per_week=sum(len(visit.days) for visit in known),
                workers=max(visit.workers for visit in known),
            )
            contracts[index] = self.county.contract_index[own[0]["contract_id"]]
        county = County.of(replace(self.county.snapshot, packages=tuple(packages)), like=self.county)
        return county, Plan.of(contracts)


def _listed(waits: Waits, rows: list[Row]) -> Iterator[str]:
    """Every visit that cannot wait stands once in each alternative, and no other."""
    counted = Counter((row["alternative"], row["visit_id"]) for row in rows)
    expected = {(name, visit_id) for name in ORDERS for visit_id in waits.person_of}
    for key in sorted(expected | counted.keys()):
        if counted[key] != (key in expected):
            yield f"{key[0]}: visit {key[1]} is listed {counted[key]} times"


def _others(waits: Waits, rows: list[Row]) -> Iterator[str]:
    """Whoever else waits is told, with the reason."""
    told = Counter((row["package_id"], row["reason"]) for row in rows)
    for name, reason in sorted(waits.others.items() | told.keys()):
        if told[name, reason] != (waits.others.get(name) == reason):
            yield f"{name} is told {told[name, reason]} times as {reason}"


def _rows(case: _Case) -> Iterator[str]:
    """What is told of a visit is what is recorded; who covers it is known; the bridge has its days."""
    contracts, days = case.county.contract_index, case.county.snapshot.meanwhile_settings.bridge_days
    for row in case.rows:
        visit, person = case.waits.visits[row["visit_id"]], case.waits.person_of[row["visit_id"]]
        right = {
            "package_id": visit.package_id,
            "person_id": person,
            "counted_as": case.waits.counted_as[person],
            "needs": ";".join(visit.needs),
            "days": ";".join(visit.days),
            "duration_minutes": str(visit.duration_minutes),
            "workers": str(visit.workers),
            "minutes_per_week": str(case.waits.minutes[visit.visit_id]),
        }
        if row["covered"] == "true":
            begins = case.county.start_of(case.county.package_index[visit.package_id])
            right |= {"begins": str(begins), "ends": str(days_after(begins, days))}
            if row["contract_id"] not in contracts:
                yield f"visit {visit.visit_id} is on no known contract"
                continue
            right["provider_id"] = case.county.contracts[contracts[row["contract_id"]]].provider_id
        else:
            right |= dict.fromkeys(("contract_id", "provider_id", "in_rounds", "begins", "ends"), "")
        yield from (f"visit {visit.visit_id}: {name} is {row[name]!r}" for name, value in right.items() if row[name] != value)


def _plan(case: _Case) -> Iterator[str]:
    """Nobody has two bridges; every rule and limit holds with all of them; none outlasts its contract."""
    where: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in case.covered:
        where[row["person_id"]].add((row["contract_id"], row["in_rounds"]))
    twice = sorted(person for person, found in where.items() if len(found) > 1)
    yield from (f"{person} would have two bridges" for person in twice)
    if twice or any(row["contract_id"] not in case.county.contract_index for row in case.covered):
        return
    private = standard_rules().private_names
    for broken in findings(case.plan[0], standard_rules(), case.plan[1])[0]:
        rule = broken.finding.rule
        yield f"{broken.subject}: a private rule is broken" if rule in private else f"{broken.subject}: {rule} is broken"
    for row in case.covered:
        last, after = days_after(dt.date.fromisoformat(row["ends"]), -1), row["contract_id"]
        while (ends := case.county.contracts[case.county.contract_index[after]].ends) is not None and ends <= last:
            if not (follows := [each for each in case.county.contracts if each.succeeds == after and each.has_begun(last)]):
                yield f"visit {row['visit_id']}: {after} ends before the bridge"
                break
            after = follows[0].contract_id
    for row in case.covered:
        area = case.county.packages[case.county.package_index[row["package_id"]]].area_id
        enough = case.minutes[row["person_id"]] <= case.waits.free.get((row["provider_id"], area), 0)
        if row["in_rounds"] != str(enough).lower():
            yield f"visit {row['visit_id']}: in_rounds is {row['in_rounds']!r}"


def _levels(name: str, case: _Case, told: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Every level counted again from the rows, in its order."""
    if any(row["contract_id"] not in case.county.contract_index for row in case.covered):
        return
    right = {level: value for each in (*ORDERS[name], *ENDING) for level, value in _own(case, each).items()}
    rules, (county, plan) = standard_rules(), case.plan
    by_exception = rules.level(Group.EXCEPTION)
    right[by_exception.name] = by_exception.value(county, plan)
    values = {level["name"]: level["value"] for level in told}
    if list(values) != list(right):
        yield f"the levels are {', '.join(values)}"
    yield from (f"level {each}: told {values[each]}, counted {right[each]}" for each in values if values[each] != right.get(each))


def _own(case: _Case, level: str) -> dict[str, int]:
    """The levels of one kind, by harm where it has them, with what is counted."""
    waits = case.waits
    nothing = [person for person in waits.people if case.covers(person) == "none" and person not in waits.with_some_care]
    if level == "people_with_nothing":
        return {level: len(nothing)}
    if level == "days_waited":
        return {level: sum(waits.days_overdue[person] for person in nothing)}
    counted = {
        "uncovered": {person: waits.wanted[person] - case.minutes[person] for person in waits.people},
        "nothing": dict.fromkeys(nothing, 1),
        "not_whole": {person: int(case.covers(person) != "all") for person in waits.people},
    }[level]
    return {f"{level}_{harm}": sum(n for person, n in counted.items() if waits.counted_as[person] == harm) for harm in HARMS}


def _people(cases: Mapping[str, _Case], waits: Waits, rows: list[Row]) -> Iterator[str]:
    """Everybody stands once in the list of people, with what each alternative does for them."""
    if sorted(row["person_id"] for row in rows) != sorted(waits.people):
        yield "the list of people holds others than those who may have a bridge"
        return
    for row in rows:
        person = row["person_id"]
        covered = {tuple(sorted(r["visit_id"] for r in case.covered if r["person_id"] == person)) for case in cases.values()}
        right = {
            "package_ids": ";".join(waits.packages[person]),
            "counted_as": waits.counted_as[person],
            "days_overdue": str(waits.days_overdue[person]),
            "has_some_care": str(person in waits.with_some_care).lower(),
            "differs": str(len(covered) > 1).lower(),
        }
        for name, case in cases.items():
            right |= {f"{name}_covers": case.covers(person), f"{name}_contract_id": case.contract_id(person)}
            right[f"{name}_hours"] = told_hours(case.minutes[person])
        yield from (f"{person}: {name} is {row[name]!r}" for name, value in right.items() if row[name] != value)


def _trade_off(cases: Mapping[str, _Case], waits: Waits, rows: list[Row]) -> Iterator[str]:
    """The counts of people and hours of each alternative."""
    if [(row["alternative"], row["counted_as"]) for row in rows] != [(name, harm) for name in ORDERS for harm in HARMS]:
        yield "the trade-off has not a row for each alternative and harm"
        return
    for row in rows:
        case = cases[row["alternative"]]
        those = [person for person in waits.people if waits.counted_as[person] == row["counted_as"]]
        right: dict[str, int | str] = {
            f"people_{how}": sum(case.covers(person) == how for person in those) for how in ("all", "some", "none")
        }
        covered = sum(case.minutes[person] for person in those)
        right["hours_covered"] = told_hours(covered)
        right["hours_not_covered"] = told_hours(sum(waits.wanted[person] for person in those) - covered)
        if any(row[name] != str(value) for name, value in {"people": len(those), **right}.items()):
            yield f"{row['alternative']}: the trade-off of {row['counted_as']} is told wrong"


def _instead(cases: Mapping[str, _Case], waits: Waits, rows: list[Row]) -> Iterator[str]:
    """For whom one alternative does more than another, and for whom less."""
    right: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in ORDERS:
        for other in ORDERS:
            apart = [cases[one].minutes[person] - cases[other].minutes[person] for person in waits.people]
            more, less = [each for each in apart if each > 0], [-each for each in apart if each < 0]
            if more or less:
                right[one, other] = (str(len(more)), told_hours(sum(more)), str(len(less)), told_hours(sum(less)))
    columns = ("people_more", "hours_more", "people_less", "hours_less")
    told = {(row["alternative"], row["instead_of"]): tuple(row[name] for name in columns) for row in rows}
    if told != right or len(told) != len(rows):
        yield "what one alternative does instead of another is told wrong"
