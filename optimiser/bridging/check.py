"""Whether a bridge keeps the rules: from the files as they will be written, by the rules' check halves.

Everybody who waits stands in one list, each visit that cannot wait once for each alternative; what is covered is allowed, lasts,
fits into every limit all together, and is nobody's second bridge; and every figure is counted again from the rows. Of what is
told in sentences nothing is read.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby

from optimiser.bridging.check_case import ORDERS, Case
from optimiser.bridging.check_levels import level_faults
from optimiser.bridging.check_people import Row, Waits, rows_of, told_hours, who_waits
from optimiser.bridging.check_tables import instead, people_faults, record_faults, table_faults, trade_off
from optimiser.county import County
from optimiser.domain.dates import days_after
from optimiser.judging.checking import findings
from optimiser.rules.book import standard_rules


def bridge_faults(county: County, files: Mapping[str, bytes]) -> list[str]:
    """Everything that is wrong with the files."""
    waits, rows = who_waits(county), rows_of(files["bridge.csv"])
    found = [*_listed(waits, rows), *_others(county, waits, rows_of(files["others-waiting.csv"]))]
    if found:
        return sorted(found)
    told = json.loads(files["bridge.json"])
    if (names := [each["alternative"] for each in told["alternatives"]]) != list(ORDERS):
        return [f"the alternatives are {', '.join(names)}"]
    cases = {name: Case(name, county, waits, [row for row in rows if row["alternative"] == name]) for name in ORDERS}
    found += _in_order(waits, rows)
    for name, case in cases.items():
        found += [f"{name}: {fault}" for fault in (*_rows(case), *_plan(case))]
    if all(case.is_known for case in cases.values()):
        found += level_faults(county, cases, {each["alternative"]: each["levels"] for each in told["alternatives"]})
    found += people_faults(cases, county, waits, rows_of(files["people.csv"]))
    found += table_faults("trade-off", rows_of(files["trade-off.csv"]), trade_off(cases, waits))
    found += table_faults("instead", rows_of(files["instead.csv"]), instead(cases, waits))
    return sorted([*found, *record_faults(cases, county, waits, told)])


def _listed(waits: Waits, rows: list[Row]) -> Iterator[str]:
    """Every visit that cannot wait stands once in each alternative, and no other."""
    counted = Counter((row["alternative"], row["visit_id"]) for row in rows)
    expected = {(name, visit_id) for name in ORDERS for visit_id in waits.person_of}
    for key in sorted(expected | counted.keys()):
        if counted[key] != (key in expected):
            yield f"{key[0]}: visit {key[1]} is listed {counted[key]} times"


def _in_order(waits: Waits, rows: list[Row]) -> Iterator[str]:
    """Alternative after alternative, most harm first."""
    if waits.people and [
        (name, person) for (name, person), _ in groupby((row["alternative"], row["person_id"]) for row in rows)
    ] != [(name, person) for name in ORDERS for person in waits.in_order]:
        yield "the visits are not in their order"


def _others(county: County, waits: Waits, rows: list[Row]) -> Iterator[str]:
    """Whoever else waits is told as recorded, with the reason."""
    told = Counter((row["package_id"], row["reason"]) for row in rows)
    for name, reason in sorted(waits.others.items() | told.keys()):
        if told[name, reason] != (waits.others.get(name) == reason):
            yield f"{name} is told {told[name, reason]} times as {reason}"
    for row in rows:
        if row["package_id"] in waits.others:
            record = county.packages[county.package_index[row["package_id"]]]
            right = {
                "priority": record.priority,
                "start_by": "" if record.start_by is None else record.start_by.isoformat(),
                "if_missed": record.if_missed,
                "hours_per_week": told_hours(record.minutes_per_week),
            }
            yield from (f"{record.package_id}: {name} is {row[name]!r}" for name, value in right.items() if row[name] != value)


def _rows(case: Case) -> Iterator[str]:
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
            "earliest_start": visit.earliest_start.isoformat("minutes"),
            "latest_start": visit.latest_start.isoformat("minutes"),
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


def _plan(case: Case) -> Iterator[str]:
    """Nobody has two bridges; every rule and limit holds with all of them; none outlasts its contract."""
    where: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in case.covered:
        where[row["person_id"]].add((row["contract_id"], row["in_rounds"]))
    twice = sorted(person for person, found in where.items() if len(found) > 1)
    yield from (f"{person} would have two bridges" for person in twice)
    if twice or not case.is_known:
        return
    private = standard_rules().private_names
    for broken in findings(case.plan[0], standard_rules(), case.plan[1])[0]:
        rule = broken.finding.rule
        yield f"{broken.subject}: a private rule is broken" if rule in private else f"{broken.subject}: {rule} is broken"
    for row in case.covered:
        last, after = days_after(dt.date.fromisoformat(row["ends"]), -1), row["contract_id"]
        while (ends := case.county.contracts[case.county.contract_index[after]].ends) is not None and ends <= last:
            if not (follows := [each for each in case.county.contracts if each.succeeds == after and each.has_begun(ends)]):
                yield f"visit {row['visit_id']}: {after} ends before the bridge"
                break
            after = follows[0].contract_id
    for row in case.covered:
        area = case.county.packages[case.county.package_index[row["package_id"]]].area_id
        enough = case.minutes[row["person_id"]] <= case.waits.free.get((row["provider_id"], area), 0)
        if row["in_rounds"] != str(enough).lower():
            yield f"visit {row['visit_id']}: in_rounds is {row['in_rounds']!r}"
