"""What must hold between the records and files of a snapshot: ids, references, and rules of the format."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from optimiser.county.succession import Succession
from optimiser.domain.cqc import by_provider, worst_of
from optimiser.domain.records import Offer, Package, Visit
from optimiser.domain.visit_windows import is_over_midnight, window_of
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings
from optimiser.io.record_cells import Lines
from optimiser.io.validating_call_offs import check_call_offs
from optimiser.io.validating_contracts import check_contracts
from optimiser.io.validating_people import check_people

NAMED_IN = {
    "area_id": "areas.geojson",
    "provider_id": "providers.csv",
    "location_id": "locations.csv",
    "contract_id": "contracts.csv",
    "package_id": "packages.csv",
    "round_id": "rounds.csv",
}
"""Where the ids are given to which the columns of other files refer."""

LONG_NIGHT_HOURS = 12
LONG_NIGHT = (
    "latest_start is before earliest_start, so on the next day,"
    f" and more than {LONG_NIGHT_HOURS} hours after it: are they the wrong way round?"
)
"""A window over midnight is legal however long it is; so long a one is rather a slip (our reading)."""


Parts = Mapping[str, tuple[Any, ...]]


def check_together(parts: Parts, lines: Lines, as_of: dt.date | None, findings: Findings) -> None:
    """Every fault between records that cannot be due to a fault found before.

    ``as_of`` is None where it could not be read: its checks are then left out.
    """
    _unique(parts, lines, findings)
    _references(parts, lines, findings)
    _periods(parts, lines, findings)
    _providers(parts, lines, findings)
    _locations(parts, lines, as_of, findings)
    check_contracts(parts, lines, as_of, findings)
    _packages(parts, lines, as_of, findings)
    _visits(parts, lines, findings)
    _offers(parts, lines, as_of, findings)
    check_call_offs(parts, lines, as_of, findings)
    check_people(parts, lines, findings)


def _unique(parts: Parts, lines: Lines, findings: Findings) -> None:
    for name, records in parts.items():
        first: dict[str, Any] = {}
        for record in records:
            own = record.area_id if name == "areas" else lines.id_of(record)
            if own not in first:
                first[own] = record
            elif name == "areas":
                findings.fault("areas.geojson", 0, "area_id", "each id once", own, code=Code.ID_TWICE)
            else:
                file, line = lines.of(record)
                column = fields(record)[0].name
                findings.fault(
                    file, line, column, f"each id once (also on line {lines.of(first[own])[1]})", own, code=Code.ID_TWICE
                )
                findings.doubt(file, [own, getattr(record, "package_id", own)])


def _references(parts: Parts, lines: Lines, findings: Findings) -> None:
    ids = {
        "area_id": {area.area_id for area in parts["areas"]},
        "provider_id": {provider.provider_id for provider in parts["providers"]},
        "location_id": {location.location_id for location in parts["locations"]},
        "contract_id": {contract.contract_id for contract in parts["contracts"]},
        "package_id": {package.package_id for package in parts["packages"]},
    }
    if parts["rounds"]:
        ids["round_id"] = {each.round_id for each in parts["rounds"]}

    def is_known(column: str, value: str) -> bool:
        return value in ids[column] or findings.may_name(NAMED_IN[column], value)

    for name, records in parts.items():
        if name == "areas" or not records:
            continue
        columns = [part.name for part in fields(records[0])[1:] if part.name in ids]
        for record in records:
            for column in columns:
                value = getattr(record, column)
                if value and not is_known(column, value):
                    findings.fault(*lines.of(record), column, f"a known {column}", value, code=Code.UNKNOWN_ID)
    for package in parts["packages"]:
        for provider_id in package.excluded_provider_ids:
            if not is_known("provider_id", provider_id):
                findings.fault(
                    *lines.of(package), "excluded_provider_ids", "known provider ids", provider_id,
                    personal=True, kind="an unknown id", code=Code.UNKNOWN_ID,
                )  # fmt: skip
        previous = package.previous_contract_id
        if previous and not is_known("contract_id", previous):
            findings.fault(*lines.of(package), "previous_contract_id", "a known contract_id", previous, code=Code.UNKNOWN_ID)


def _periods(parts: Parts, lines: Lines, findings: Findings) -> None:
    for record in (*parts["contracts"], *parts["restrictions"]):
        if record.starts and record.ends and record.ends < record.starts:
            findings.fault(
                *lines.of(record), "ends", f"a date not before starts ({record.starts})", str(record.ends), code=Code.WRONG_ORDER
            )
        elif record.starts and record.starts == record.ends:
            findings.note(lines.of(record)[0], "a period that ends on the day it starts never covers a day")


def _providers(parts: Parts, lines: Lines, findings: Findings) -> None:
    with_office = {office.provider_id for office in parts["offices"]}
    for provider in parts["providers"]:
        if provider.provider_id not in with_office and not findings.may_name("offices.csv", provider.provider_id):
            findings.fault(
                *lines.of(provider), "provider_id", "an office in offices.csv", provider.provider_id, code=Code.CONTRADICTION
            )
        if provider.ends is not None:
            for contract in parts["contracts"]:
                late = contract.ends is None or contract.ends > provider.ends
                if contract.provider_id == provider.provider_id and late:
                    expected = f"a date not after its provider {provider.provider_id} ends ({provider.ends})"
                    findings.fault(*lines.of(contract), "ends", expected, str(contract.ends or "empty"), code=Code.WRONG_ORDER)
        if provider.pamms_rating and not provider.pamms_published:
            findings.note("providers.csv", "a PAMMS rating without a publication date does not count")
    if findings.is_whole("surgeries.csv") and not any(surgery.band_centre for surgery in parts["surgeries"]):
        findings.fault("surgeries.csv", 0, "band_centre", "true for at least one surgery", "none", code=Code.VALUE_ABSENT)
    for restriction in parts["restrictions"]:
        if restriction.kind == "capped":
            for column in ("new_hours_4w", "starts"):
                if getattr(restriction, column) is None:
                    findings.fault(
                        *lines.of(restriction), column, "a value, since the kind is capped", "empty", code=Code.VALUE_ABSENT
                    )


def _locations(parts: Parts, lines: Lines, as_of: dt.date | None, findings: Findings) -> None:
    """CQC rates locations: what counts of a provider is the worst, and a contract names one of its own provider's."""
    of = {location.location_id: location.provider_id for location in parts["locations"]}
    for location in parts["locations"]:
        if as_of and location.cqc_rated and location.cqc_rated > as_of:
            findings.fault(
                *lines.of(location), "cqc_rated", f"a date not after {as_of}", str(location.cqc_rated), code=Code.WRONG_ORDER
            )
    owned = by_provider(parts["locations"]) if findings.is_whole("locations.csv") else {}
    for provider in parts["providers"]:
        own = owned.get(provider.provider_id, ())
        if own and provider.cqc_rating != (worst := worst_of(own).cqc_rating):
            expected = f"{worst}, the worst rating of its locations: a rating is changed at its location"
            findings.fault(*lines.of(provider), "cqc_rating", expected, provider.cqc_rating, code=Code.CONTRADICTION)
    for contract in parts["contracts"]:
        if of.get(contract.location_id, contract.provider_id) != contract.provider_id:
            expected = f"a location of its provider {contract.provider_id}"
            findings.fault(*lines.of(contract), "location_id", expected, contract.location_id, code=Code.CONTRADICTION)


def _packages(parts: Parts, lines: Lines, as_of: dt.date | None, findings: Findings) -> None:
    contracts = {contract.contract_id: contract for contract in parts["contracts"]}
    succession = Succession.of(parts["contracts"])
    for package in parts["packages"]:
        contract = contracts.get(package.contract_id)
        if package.status == "active" and not package.contract_id:
            findings.fault(
                *lines.of(package), "contract_id", "a contract, since the package is active", "empty", code=Code.VALUE_ABSENT
            )
        elif package.status == "new" and package.contract_id:
            findings.fault(
                *lines.of(package), "contract_id", "empty, since the package is new", package.contract_id, code=Code.NOT_EMPTY
            )
        elif contract is not None and contract.area_id not in ("", package.area_id):
            findings.fault(
                *lines.of(package), "contract_id", f"a contract of area {package.area_id} or a county-wide one",
                f"{contract.contract_id} of area {contract.area_id}", code=Code.CONTRADICTION,
            )  # fmt: skip
        elif contract is not None and as_of:
            carried = contracts[succession.contract_on(contract.contract_id, as_of)]
            if not carried.in_force(as_of):
                findings.note("packages.csv", "running care on a contract that is not in force stays where it is")


def _visits(parts: Parts, lines: Lines, findings: Findings) -> None:
    by_package: dict[str, list[Visit]] = defaultdict(list)
    for visit in parts["visits"]:
        by_package[visit.package_id].append(visit)
        if not visit.days:
            findings.fault(*lines.of(visit), "days", "at least one day", "empty", code=Code.VALUE_ABSENT)
        earliest, latest = window_of(visit)
        if is_over_midnight(visit) and latest - earliest > LONG_NIGHT_HOURS * 3600:
            findings.note("visits.csv", LONG_NIGHT)
    for package in parts["packages"]:
        visits = by_package.get(package.package_id)
        in_doubt = any(findings.may_name(file, package.package_id) for file in ("packages.csv", "visits.csv"))
        if visits and not in_doubt:
            _visits_of(package, visits, lines, findings)


def _visits_of(package: Package, visits: Iterable[Visit], lines: Lines, findings: Findings) -> None:
    visits = list(visits)
    minutes = sum(visit.duration_minutes * visit.workers * len(visit.days) for visit in visits)
    count = sum(len(visit.days) for visit in visits)
    if minutes != package.minutes_per_week:
        findings.fault(
            *lines.of(package),
            "hours_per_week",
            f"the sum of its visits, {minutes / 60:g}",
            f"{package.minutes_per_week / 60:g}",
            code=Code.CONTRADICTION,
        )
    if count != package.visits_per_week:
        findings.fault(
            *lines.of(package),
            "visits_per_week",
            f"the number of its visits, {count}",
            str(package.visits_per_week),
            code=Code.CONTRADICTION,
        )
    workers = max(visit.workers for visit in visits)
    if workers != package.workers:
        findings.fault(
            *lines.of(package),
            "workers",
            f"the most that a visit needs, {workers}",
            str(package.workers),
            code=Code.CONTRADICTION,
        )


def _offers(parts: Parts, lines: Lines, as_of: dt.date | None, findings: Findings) -> None:
    new = {package.package_id for package in parts["packages"] if package.status == "new"}
    accepted: dict[str, Offer] = {}
    for offer in parts["offers"]:
        if offer.responded_at and offer.responded_at < offer.offered_at:
            findings.fault(
                *lines.of(offer),
                "responded_at",
                f"a time not before offered_at ({offer.offered_at})",
                str(offer.responded_at),
                code=Code.WRONG_ORDER,
            )
        if as_of and max(offer.offered_at, offer.responded_at or offer.offered_at).date() > as_of:
            findings.note("offers.csv", "an offer was made or answered after as_of")
        if offer.response == "accepted" and offer.package_id in new:
            before = accepted.get(offer.package_id)
            if before is not None and before.offer_id != offer.offer_id:  # an id given twice has its own fault
                findings.fault(
                    *lines.of(offer),
                    "response",
                    f"one accepted offer for a package (also {before.offer_id})",
                    "accepted",
                    code=Code.CONTRADICTION,
                )
            accepted.setdefault(offer.package_id, offer)
