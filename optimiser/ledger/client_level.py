"""The council's statutory return of client-level data: of running care a line each, as a service of the return, with its totals.

A snapshot holds care as it runs on one day. What it does not hold stays empty and is told, never invented: care that has ended,
requests, assessments and reviews are in the council's case system, and so is most of what the return asks about a person.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from optimiser.county import County
from optimiser.domain.records import Package
from optimiser.domain.words import hours, pounds
from optimiser.io.folders import pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet, unescaped
from optimiser.ledger.client_level_codes import (
    ACTIVE,
    HEADINGS,
    HOURLY,
    MANDATORY,
    OF_THE_COUNCIL,
    ON_HOLD,
    PLANNED,
    SERVICE,
    SERVICE_COMPONENTS,
    SERVICE_TYPES,
    SERVICE_USER,
    SUPPORT_REASONS,
    SYSTEMS,
)
from optimiser.ledger.client_level_map import REASON, ReturnMap
from optimiser.ledger.price_changes import Care, DoNotAddUpError, running_care

CODES = ("event_reference", "status", "support_reason", "service_category", "service_type", "service_starts", "service_ends")
TOTALS = ("by", "of", "events", "people", "hours_per_week", "weekly_gbp")
PERSON = "LA Person Unique Identifier"
NOT_HELD = "not in the snapshot"
Row = dict[str, str]


@dataclass(frozen=True)
class ReportingPeriod:
    """Of the return: unlike periods of payment by its first and last day, both within it."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Return:
    """``files``: the content of each; ``record``: what ``client-level.json`` says."""

    files: Mapping[str, bytes]
    record: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<Return of {self.record['events']} services>"


def client_level(county: County, period: ReportingPeriod, by: ReturnMap) -> Return:
    """The return of a county within a period. Raises ``ValueError`` where its day is not of the period, and ``DoNotAddUpError``
    where what is written does not come to what running care is.
    """
    if not period.first <= county.as_of <= period.last:
        raise ValueError(f"expected a snapshot of a day from {period.first} to {period.last}; found {county.as_of}")
    care = {name: each for name, each in running_care(county).items() if _began_by(county, name, period.last)}
    rows = [_row(county, period, by, care[package_id]) for package_id in sorted(care)]
    table, totals = spreadsheet(HEADINGS, rows), _totals(rows, care)
    _check(table, care)
    record = {
        **result_head(county.snapshot, command="cld"),
        "first_day": str(period.first),
        "last_day": str(period.last),
        "events": len(rows),
        "people": len({row[PERSON] for row in rows} - {""}) if by.columns.get(PERSON) else None,
        "hours_per_week": hours(sum(each.minutes_per_week for each in care.values())),
        "weekly_gbp": pounds(sum(each.weekly_pence for each in care.values())),
        "left_empty": _left_empty(rows, by),
        "not_in_the_return": _not_in_it(county, care),
        "services_without_a_type": _untyped(county, care, by),
        "systems": SYSTEMS,
    }
    files = {
        "client-level.csv": table,
        "client-level-codes.csv": spreadsheet(CODES, _codes(county, rows, by)),
        "client-level-totals.csv": spreadsheet(TOTALS, totals),
        "client-level.json": pretty(record),
    }
    return Return(files, record)


def _began_by(county: County, package_id: str, day: dt.date) -> bool:
    started = _package(county, package_id).care_started
    return started is None or started <= day


def _package(county: County, package_id: str) -> Package:
    return county.packages[county.package_index[package_id]]


def _own_cells(county: County, package: Package) -> Mapping[str, str]:
    """What stands in the council's own columns beside a package."""
    own = county.snapshot.extra.get("packages")
    return {} if own is None else own.cells.get(package.package_id, {})


def _row(county: County, period: ReportingPeriod, by: ReturnMap, care: Care) -> Row:
    package = _package(county, care.package_id)
    own = _own_cells(county, package)
    service_type, component = by.services.get(package.service, ("", ""))
    location_id, location = _location(county, care)
    found = {heading: by.told(heading, own.get(column, "")) for heading, column in by.columns.items()}
    found |= {
        "LA Code": by.la_code,
        "Reporting Period Start Date": period.first.strftime(by.days),
        "Reporting Period End Date": period.last.strftime(by.days),
        "Client Type": SERVICE_USER,
        "Event Type": SERVICE,
        "Event Reference": package.package_id,
        "Event Start Date": package.care_started.strftime(by.days) if package.care_started else "",
        "Service Type": service_type,
        "Service Component": component,
        "Provider CQC Location Name": location,
        "Provider CQC Location ID": location_id,
        "Unit Cost": pounds(care.rate_pence),
        "Cost Frequency (Unit Type)": HOURLY,
        "Planned units per week": hours(care.minutes_per_week),
    }
    return {heading: found.get(heading, "") for heading in HEADINGS}


def _location(county: County, care: Care) -> tuple[str, str]:
    """The id and name of the location: the contract's, or the only one of the provider; of several nobody knows which."""
    own = {each.location_id: each.name for each in county.snapshot.locations if each.provider_id == care.provider_id}
    stated = county.contracts[county.contract_index[care.contract_id]].location_id
    if stated in own:
        return stated, own[stated]
    return next(iter(own.items())) if len(own) == 1 else ("", "")


def _codes(county: County, rows: Iterable[Row], by: ReturnMap) -> Iterable[Row]:
    """The same services, and those that wait to begin, by the codes of the public value sets."""
    for row in rows:
        package = _package(county, row["Event Reference"])
        held = package.held_until is not None and package.held_until >= county.as_of
        yield _coded(package, ON_HOLD if held else ACTIVE, row[REASON], row["Service Type"], row["Service Component"])
    column = by.columns.get(REASON, "")
    for package in county.packages:
        if package.status == "new" and package.package_id in county.offers_in_force.accepted:
            reason = by.told(REASON, _own_cells(county, package).get(column, ""))
            yield _coded(package, PLANNED, reason, *by.services.get(package.service, ("", "")))


def _coded(package: Package, status: str, reason: str, service_type: str, component: str) -> Row:
    return {
        "event_reference": package.package_id,
        "status": status,
        "support_reason": SUPPORT_REASONS.get(reason, ""),
        "service_category": SERVICE_TYPES.get(service_type, ""),
        "service_type": SERVICE_COMPONENTS.get(component, ""),
        "service_starts": str(package.care_started or "") if status != PLANNED else "",
        "service_ends": "",
    }


def _totals(rows: Iterable[Row], care: Mapping[str, Care]) -> list[Row]:
    """Of the whole, and by what the return tells apart."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups["all", ""].append(row)
        for heading in ("Service Type", "Service Component", REASON, "Provider CQC Location ID"):
            groups[heading, row[heading]].append(row)
    found = []
    for (heading, word), group in sorted(groups.items(), key=lambda each: (each[0][0] != "all", each[0])):
        of = [care[row["Event Reference"]] for row in group]
        people = {row[PERSON] for row in group}
        found.append(
            {
                "by": heading,
                "of": word or ("" if heading == "all" else NOT_HELD),
                "events": str(len(group)),
                "people": "" if "" in people else str(len(people)),
                "hours_per_week": hours(sum(each.minutes_per_week for each in of)),
                "weekly_gbp": pounds(sum(each.weekly_pence for each in of)),
            }
        )
    return found


def _check(table: bytes, care: Mapping[str, Care]) -> None:
    """What is written, read again, is running care, line by line."""
    rows = [
        {name: unescaped(cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(table.decode(), newline=""))
    ]
    written = [(row["Event Reference"], row["Planned units per week"], row["Unit Cost"]) for row in rows]
    running = [(name, hours(each.minutes_per_week), pounds(each.rate_pence)) for name, each in sorted(care.items())]
    if written != running:
        raise DoNotAddUpError(f"{len(written)} services written, {len(running)} running, or other hours or prices")


def _left_empty(rows: Iterable[Row], by: ReturnMap) -> list[dict[str, Any]]:
    """Columns of the return that are empty on some lines, the mandatory ones first, and why."""
    counts = Counter(heading for row in rows for heading, cell in row.items() if not cell)
    applies = {*MANDATORY, *OF_THE_COUNCIL, "Provider CQC Location ID", "Provider CQC Location Name"}
    return [
        {"column": heading, "lines": counts[heading], "mandatory": heading in MANDATORY, "why": _why(heading, by)}
        for heading in sorted(applies, key=lambda each: (each not in MANDATORY, HEADINGS.index(each)))
        if counts[heading]
    ]


def _why(heading: str, by: ReturnMap) -> str:
    if heading in by.columns:
        return f"the column {by.columns[heading]} is empty there, or the map has no word for what it says"
    if heading in OF_THE_COUNCIL:
        return "no snapshot holds it: name a column of your own for it in the map"
    reasons = {"LA Code": "name la_code in the map", "Event Start Date": "care_started is empty"}
    services = "the map has nothing for this service"
    return reasons.get(heading, services if heading.startswith("Service") else "no location, or one of several, is recorded")


def _not_in_it(county: County, care: Mapping[str, Care]) -> list[str]:
    told = ["care that ended within the period, requests, assessments and reviews: a snapshot holds care as it runs on its day"]
    late = sum(package.status == "active" for package in county.packages) - len(care)
    if late:
        told.append(f"{late} running package(s) that began after the period, or on no contract")
    return told


def _untyped(county: County, care: Mapping[str, Care], by: ReturnMap) -> dict[str, int]:
    """How many lines have a service that the map does not tell of, by its word."""
    services = Counter(_package(county, name).service for name in care)
    return {service: count for service, count in sorted(services.items()) if service not in by.services}
