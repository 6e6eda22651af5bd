"""What came to each person, counted anew from the records as they are written, one by one, by nothing that made the lists."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from optimiser.accounting.check_prices import in_decimals
from optimiser.accounting.check_records import recorded_visits
from optimiser.county import County
from optimiser.io.spreadsheets import unescaped

Rows = Callable[[], Iterator[list[str]]]


def check_deliveries(
    files: Mapping[str, bytes], county: County, rows: Rows, longest_minutes: int, starts: dt.date, ends: dt.date
) -> tuple[list[str], str]:
    """Every fault of ``delivered.csv``, of each person's hours and judged weeks, and what was counted.

    ``rows``: reads the headings and then the cells of each record; ``starts`` and ``ends``: the whole weeks that are told of,
    half-open.
    """
    recorded = recorded_visits(county, rows, longest_minutes)
    weeks = (ends - starts).days // 7
    seconds: defaultdict[str, list[int]] = defaultdict(lambda: [0] * weeks)
    told: defaultdict[str, list[int]] = defaultdict(lambda: [0] * weeks)
    visits = 0
    for visit in recorded.visits:
        if not starts <= visit.date < ends:
            continue
        week = (visit.date - starts).days // 7
        seconds[visit.package_id][week] += sum(visit.stays.values())
        told[visit.package_id][week] += 1
        visits += 1
    away: defaultdict[str, set[int]] = defaultdict(set)
    for package_id, days in recorded.days.items():
        away[package_id] = {(day - starts).days // 7 for day, hospital in days.items() if hospital and starts <= day < ends}
    running = {each.package_id: each for each in county.packages if each.status == "active" and each.minutes_per_week}
    faults, seen = [], set()
    for line in csv.DictReader(io.StringIO(files["delivered.csv"].decode(), newline="")):
        package_id = unescaped(line["package_id"])
        package = running.get(package_id)
        if package is None:
            faults.append(f"delivered.csv has {package_id}, whose care does not run")
            continue
        seen.add(package_id)
        began = ((package.care_started or starts) - starts).days
        ran = [week for week in range(weeks) if began <= week * 7]
        judged = [week for week in ran if told[package_id][week] and week not in away[package_id]]
        mean = Fraction(sum(seconds[package_id][week] for week in judged), 3600 * len(judged)) if judged else None
        expected = ("" if mean is None else in_decimals(mean), str(len(judged)))
        if (line["delivered_hours_per_week"], line["weeks_judged"]) != expected:
            faults.append(f"delivered.csv, {package_id}: {expected[0]} hours in {expected[1]} weeks by the records")
    faults += [f"delivered.csv leaves out {package_id}" for package_id in sorted(running.keys() - seen)]
    return faults, f"Checked: {visits:,} visits of {len(seen):,} people in {weeks} weeks were counted anew from the records."
