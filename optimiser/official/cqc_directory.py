"""Home care agencies of CQC's files: the monthly one with ratings ("HSCA active locations"), the weekly directory without."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from optimiser.io.faults import Findings
from optimiser.official.published_tables import Layout, Record, day_of, published_tables, records_of, refuse_unknown

LICENCE = "Open Government Licence v3.0; Care Quality Commission"
WITH_RATINGS = Layout(
    "CQC's active locations with ratings",
    {
        "location_id": ("Location ID",),
        "location": ("Location Name",),
        "dormant": ("Dormant (Y/N)",),
        "rating": ("Location Latest Overall Rating",),
        "rated_on": ("Publication Date",),
        "authority": ("Location Local Authority",),
        "postcode": ("Location Postal Code",),
        "provider_id": ("Provider ID",),
        "provider": ("Provider Name",),
        "company": ("Provider Companies House Number",),
        "home_care": ("Service type - Domiciliary care service",),
        "latitude": ("Location Latitude",),
        "longitude": ("Location Longitude",),
    },
    optional=frozenset({"company", "dormant", "latitude", "longitude"}),
)
WITHOUT_RATINGS = Layout(
    "CQC's care directory",
    {
        "location_id": ("CQC Location ID (for office use only)", "CQC Location ID"),
        "location": ("Name",),
        "authority": ("Local authority",),
        "postcode": ("Postcode",),
        "provider_id": ("CQC Provider ID (for office use only)", "CQC Provider ID"),
        "provider": ("Provider name",),
        "services": ("Service types",),
    },
)
HOME_CARE = "homecare agencies"
RATINGS = {
    "outstanding": "outstanding", "good": "good", "requires improvement": "requires_improvement", "inadequate": "inadequate",
    "inspected but not rated": "not_rated", "no published rating": "not_rated", "not formally rated": "not_rated",
    "insufficient evidence to rate": "not_rated", "not rated": "not_rated", "": "not_rated", "-": "not_rated",
}  # fmt: skip


@dataclass(frozen=True)
class Agency:
    """A location that CQC has registered for home care. ``company``: its provider's number at Companies House, or empty."""

    location_id: str
    name: str
    provider_id: str
    provider: str
    company: str
    rating: str
    rated_on: dt.date | None
    postcode: str


def read_agencies(path: Path, authorities: list[str], findings: Findings) -> tuple[list[Agency], bool]:
    """Home care agencies in some local authorities, and whether the file has ratings; what is wrong is in ``findings``."""
    tables = published_tables(path, findings)
    for layout in (WITH_RATINGS, WITHOUT_RATINGS):
        records = records_of(tables, layout)
        if records is not None:
            return _agencies(path, records, authorities, findings), layout is WITH_RATINGS
    if tables:
        refuse_unknown(path, tables, [WITH_RATINGS.expected, WITHOUT_RATINGS.expected], findings)
    return [], False


def _agencies(path: Path, records: list[Record], authorities: list[str], findings: Findings) -> list[Agency]:
    wanted = {each.casefold() for each in authorities}
    found: dict[str, Agency] = {}
    lacking = wanted - {record["authority"].casefold() for record in records}
    for each in sorted(lacking):
        known = ", ".join(sorted({record["authority"] for record in records if record["authority"]})[:30])
        findings.fault(path.name, 0, "--authority", f"a local authority of the file ({known})", each)
    for record in records:
        if record["authority"].casefold() not in wanted or not _is_home_care(record) or record["dormant"].upper() == "Y":
            continue
        rating, rated_on = RATINGS.get(record["rating"].casefold()), day_of(record["rated_on"])
        if rating is None:
            findings.fault(
                record.where, record.line, "rating", f"one of CQC's: {', '.join(filter(None, RATINGS))}", record["rating"]
            )
        elif record["rated_on"] and rated_on is None:
            findings.fault(record.where, record.line, "Publication Date", "a date, day first", record["rated_on"])
        elif not record["location_id"] or not record["provider_id"]:
            findings.fault(
                record.where, record.line, "", "the ids of a location and of its provider", record["location_id"] or "none"
            )
        elif record["location_id"] not in found:  # a directory may list one under each of its services
            found[record["location_id"]] = Agency(
                record["location_id"], record["location"], record["provider_id"], record["provider"], record["company"], rating,
                rated_on if rating != "not_rated" else None, record["postcode"],
            )  # fmt: skip
    return [found[each] for each in sorted(found)]


def _is_home_care(record: Record) -> bool:
    if record["home_care"]:
        return record["home_care"].upper() == "Y"
    return any(each.strip().casefold() == HOME_CARE for each in record["services"].replace("|", ",").split(","))
