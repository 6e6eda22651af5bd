"""A small county in the layouts in which its files are published: the Isle of Wight.

Codes and names of PCNs and practices are those of NHS ODS (October 2024); towns lie where they lie, to a kilometre. Postcodes
within a town, agencies, contracts and people are invented.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

TOWNS = {
    "PO30 1AA": (449900, 89000), "PO30 2BB": (450300, 88500), "PO31 7AA": (449500, 96000), "PO32 6DD": (450700, 95500),
    "PO33 1EE": (459400, 92500), "PO33 2FF": (459000, 92300), "PO33 3GG": (462500, 89000), "PO36 8HH": (459800, 84100),
    "PO37 6JJ": (458100, 81200), "PO38 1JJ": (456000, 77500), "PO40 9LL": (433700, 87000), "PO41 0NN": (435500, 89500),
    "PO38 3NN": (451000, 79500), "PO30 9PP": (400000, 300000),
}  # fmt: skip
"""By postcode its easting and northing. The last one has ended."""
PCNS = {"U01198": "SOUTH (IW) PCN", "U24247": "CENTRAL & WEST (IW) PCN", "U75079": "NORTH & EAST (IW) PCN"}
PRACTICES = {
    "J84003": ("VENTNOR MEDICAL PRACTICE", "U01198", "PO38 1JJ"),
    "J84013": ("THE BAY MEDICAL PRACTICE", "U01198", "PO37 6JJ"),
    "J84016": ("SOUTH WIGHT MEDICAL PRACTICE", "U01198", "PO38 3NN"),
    "J84011": ("NEWPORT HEALTH CENTRE", "U24247", "PO30 1AA"),
    "J84015": ("COWES MEDICAL CENTRE", "U24247", "PO31 7AA"),
    "J84019": ("WIGHT PRIMARY PARTNERSHIPS LTD", "U24247", "PO40 9LL"),
    "J84004": ("EAST COWES MEDICAL CENTRE", "U75079", "PO32 6DD"),
    "J84005": ("ESPLANADE SURGERY", "U75079", "PO33 1EE"),
    "J84007": ("ST. HELENS MEDICAL CENTRE", "U75079", "PO33 3GG"),
}
BRANCHES = {"J84013001": ("SANDOWN HEALTH CENTRE", "J84013", "PO36 8HH"), "J84019001": ("YARMOUTH SURGERY", "J84019", "PO41 0NN")}
COMMISSIONER = ("D9Y0V", "NHS HAMPSHIRE AND ISLE OF WIGHT ICB - D9Y0V")
MEMBER_HEADINGS = (
    "Partner\nOrganisation\nCode", "Partner\nName", "Practice\nParent\nSub ICB Loc Code", "Practice\nParent\nSub ICB Loc Name",
    "PCN Code", "PCN Name", "PCN Parent\nSub ICB Loc Code", "PCN Parent\nSub ICB Loc Name",
    "Practice to PCN\nRelationship\nStart Date", "Practice to PCN\nRelationship\nEnd Date",
    "Practice Sub ICB Loc and PCN Sub ICB Loc Match ",
)  # fmt: skip
CQC_HEADINGS = (
    "Location ID", "Location HSCA start date", "Dormant (Y/N)", "Care home?", "Location Name", "Location Latest Overall Rating",
    "Publication Date", "Location Local Authority", "Location Postal Code", "Location Latitude", "Location Longitude",
    "Provider ID", "Provider Name", "Provider Companies House Number", "Service type - Domiciliary care service",
)  # fmt: skip


def agency(
    location: str, name: str, rating: str, rated: str, postcode: str, provider: str, legal: str, company: str = "", **given: str
) -> list[str]:
    """A line of CQC's file, home care unless told otherwise."""
    told = {"dormant": "N", "authority": "Isle of Wight", "home_care": "Y"} | given
    place = [told["authority"], postcode, "", ""]
    return [
        location,
        "01/10/2019",
        told["dormant"],
        "N",
        name,
        rating,
        rated,
        *place,
        provider,
        legal,
        company,
        told["home_care"],
    ]


AGENCIES = [
    agency("1-101", "Solent Care, Newport", "Good", "14/03/2025", "PO30 2BB", "1-P1", "Solent Care Ltd", "01234567"),
    agency("1-102", "Solent Care, Ryde", "Requires improvement", "02/02/2026", "PO33 2FF", "1-P1", "Solent Care Ltd", "01234567"),
    agency("1-103", "Needles Homecare", "Outstanding", "20/11/2024", "PO40 9LL", "1-P2", "Needles Homecare Ltd", "07654321"),
    agency("1-104", "Chine Support", "", "", "PO37 6JJ", "1-P3", "Chine Support CIC"),
    agency("1-105", "Seaview Rest Home", "Good", "01/01/2025", "PO33 1EE", "1-P4", "Seaview Ltd", home_care=""),
    agency("1-106", "Asleep Care", "Good", "01/01/2025", "PO33 1EE", "1-P5", "Asleep Ltd", dormant="Y"),
    agency("1-107", "Mainland Care", "Good", "01/01/2025", "PO1 1AA", "1-P6", "Mainland Ltd", authority="Portsmouth"),
    agency("1-108", "Nowhere Care", "Good", "01/01/2025", "PO99 9ZZ", "1-P7", "Nowhere Ltd"),
]
CONTRACTS = """\
contract_id,provider_id,tier,area_id,starts,ends,max_hours_4w,guarantee,rate_band_1,rate_band_2,rate_band_3,bands,billing_increment_minutes
P-SOUTH,1-P1,principal,U01198,2026-04-01,2031-04-01,400,0.8,24.00,,,,15
F-SOUTH,1-P3,framework,U01198,2026-04-01,,200,,25.00,,,,15
L-WEST,1-P2,legacy,,2019-11-01,2029-04-01,,,27.00,,,,5
"""
PACKAGES = """\
package_id,latitude,longitude,area_id,status,hours_per_week,visits_per_week,workers,skills,priority,start_by,contract_id,round_id,protected,transfer_decision,excluded_provider_ids,requested_at,source,care_started
R1,50.640,-1.170,,active,14,14,1,,standard,,P-SOUTH,,,,,,,2026-05-04
N1,50.596,-1.210,,new,7,7,1,,urgent,,,,,,,2026-11-20T10:00:00,acute_hospital,
N2,50.700,-1.295,,new,10.5,14,1,,standard,,,,,,,2026-11-20T11:00:00,community,
N3,50.605,-1.200,,new,5.25,7,1,,standard,,,,,,,2026-11-21T09:00:00,community,
"""


def row_of_ods(code: str, name: str, postcode: str, **given: str) -> list[str]:
    """27 columns without headings: 1 the code, 2 the name, 10 the postcode, 11 and 12 dates, 13 the status, 15 the parent, 26 the
    prescribing setting.
    """
    cells = [""] * 27
    places = {"opened": 10, "closed": 11, "status": 12, "parent": 14, "setting": 25}
    cells[0], cells[1], cells[2], cells[3], cells[9] = code, name, "Y59", "QRL", postcode
    for what, value in given.items():
        cells[places[what]] = value
    return cells


def practices(dialect: str = "2026") -> list[list[str]]:
    status, setting = {"2023": ("A", "4"), "2026": ("ACTIVE", "RO76")}[dialect]
    rows = [
        row_of_ods(code, name, postcode, opened="19740401", status=status, setting=setting)
        for code, (name, _, postcode) in PRACTICES.items()
    ]
    closed = row_of_ods("J84010", "SHANKLIN MEDICAL CENTRE", "PO37 6JJ", opened="19740401", closed="20200331", status=status)
    clinic = row_of_ods("Y00099", "ISLAND CLINIC", "PO30 1AA", opened="20100401", status=status, setting="0")
    return [*rows, closed, clinic]


def branches() -> list[list[str]]:
    return [
        row_of_ods(code, name, postcode, opened="20040401", parent=parent) for code, (name, parent, postcode) in BRANCHES.items()
    ]


def members() -> list[tuple[Any, ...]]:
    rows = [
        (code, name, *COMMISSIONER, pcn, PCNS[pcn], *COMMISSIONER, "20191001", "", True)
        for code, (name, pcn, _) in PRACTICES.items()
    ]
    past = (
        "J84003",
        "VENTNOR MEDICAL PRACTICE",
        *COMMISSIONER,
        "U75079",
        PCNS["U75079"],
        *COMMISSIONER,
        "20190701",
        "20191001",
        True,
    )
    mainland = (
        "J82001",
        "ELSEWHERE",
        "10R",
        "NHS PORTSMOUTH",
        "U99999",
        "PORTSMOUTH PCN",
        "10R",
        "NHS PORTSMOUTH",
        "20191001",
        "",
        True,
    )
    return [*rows, past, mainland]


def write_csv(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return path


def write_workbook(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name.replace("_", " "))
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def published(folder: Path, agencies: Sequence[Sequence[str]] = AGENCIES, dialect: str = "2026") -> Path:
    """All files of the island as published, and what its council adds."""
    folder.mkdir(exist_ok=True)
    country = ("E92000001", "E19000002", "E18000009", "", "E06000046", "E05013400")
    write_csv(folder / "po.csv", [(code, 10, *place, *country) for code, place in TOWNS.items()])
    write_csv(folder / "epraccur.csv", practices(dialect))
    write_csv(folder / "ebranchs.csv", branches())
    write_workbook(
        folder / "ePCN.xlsx",
        PCNDetails=[("PCN Code", "PCN Name"), *PCNS.items()],
        PCN_Core_Partner_Details=[MEMBER_HEADINGS, *members()],
    )
    write_workbook(folder / "HSCA_Active_Locations.xlsx", HSCA_Active_Locations=[CQC_HEADINGS, *agencies])
    (folder / "contracts.csv").write_text(CONTRACTS, encoding="utf-8")
    (folder / "packages.csv").write_text(PACKAGES, encoding="utf-8")
    ring = [[-1.60, 50.57], [-1.05, 50.57], [-1.05, 50.78], [-1.60, 50.78], [-1.60, 50.57]]
    outline = {
        "type": "Feature",
        "properties": {"LAD24NM": "Isle of Wight"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (folder / "county_outline.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [outline]}), encoding="utf-8"
    )
    return folder
