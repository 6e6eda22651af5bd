"""Official files by their layouts: old and new dialects, title lines, and what is refused with what was found and expected."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from optimiser.io.faults import Findings
from optimiser.official.cqc_directory import read_agencies
from optimiser.official.nhs_practices import members_on, read_memberships, read_practices
from optimiser.official.notices import read_notices
from optimiser.official.published_tables import day_of
from tests.campaigns.spoiling.files import Looks, open_document, workbook
from tests.official import wight

DAY = dt.date(2026, 11, 23)


def messages(findings: Findings) -> list[str]:
    return [fault.message() for fault in sorted(findings.faults)]


@pytest.mark.parametrize("dialect", ["2023", "2026"])
def test_practices_of_either_dialect_that_see_patients(dialect: str, tmp_path: Path) -> None:
    findings = Findings()
    found = read_practices(wight.write_csv(tmp_path / "epraccur.csv", wight.practices(dialect)), DAY, findings)
    assert findings.faults == []
    assert [each.code for each in found] == list(wight.PRACTICES), "neither the closed one nor the clinic"
    assert not any(each.is_branch for each in found)


def test_a_practice_is_open_from_its_first_day_until_its_last(tmp_path: Path) -> None:
    rows = [
        wight.row_of_ods(
            "J84001", "ENDS TODAY", "PO30 1AA", opened="19740401", closed="20261123", status="ACTIVE", setting="RO76"
        ),
        wight.row_of_ods(
            "J84002", "ENDS TOMORROW", "PO30 1AA", opened="20261123", closed="20261124", status="ACTIVE", setting="RO76"
        ),
        wight.row_of_ods("J84003", "BEGINS TOMORROW", "PO30 1AA", opened="20261124", status="ACTIVE", setting="RO76|RO268"),
        wight.row_of_ods("J84004", "SLEEPS", "PO30 1AA", opened="20100101", status="DORMANT", setting="RO76"),
    ]
    found = read_practices(wight.write_csv(tmp_path / "epraccur.csv", rows), DAY, Findings())
    assert [each.name for each in found] == ["ENDS TOMORROW"]


def as_a_spreadsheet_keeps(rows: list[list[str]]) -> list[list[Any]]:
    """Figures as numbers, a written day as a day, and nothing of the empty cells at the end."""
    kept: list[list[Any]] = [[float(cell) if cell.isdigit() else cell or None for cell in row] for row in rows]
    kept[0][10] = dt.date(1974, 4, 1)
    return [row[: 1 + max(place for place, cell in enumerate(row) if cell is not None)] for row in kept]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_practices_and_branches_are_read_of_a_workbook_as_of_the_file_that_was_published(kind: str, tmp_path: Path) -> None:
    for name, rows in (("epraccur", wight.practices("2023")), ("ebranchs", wight.branches())):
        published = wight.write_csv(tmp_path / f"{name}.csv", rows)
        sheets: dict[str, list[list[Any]]] = {name: as_a_spreadsheet_keeps(rows), "Sheet2": []}
        (tmp_path / f"{name}.{kind}").write_bytes(workbook(sheets, Looks()) if kind == "xlsx" else open_document(sheets))
        findings = Findings()
        found = read_practices(tmp_path / f"{name}.{kind}", DAY, findings)
        assert messages(findings) == []
        assert found == read_practices(published, DAY, findings) != []


def test_a_workbook_of_something_else_is_no_list_of_practices(tmp_path: Path) -> None:
    findings = Findings()
    assert read_practices(wight.write_workbook(tmp_path / "a.xlsx", Sheet=[("J84003", "VENTNOR")]), DAY, findings) == []
    assert "found '2 columns: J84003, VENTNOR'" in messages(findings)[0]


def test_branches_name_their_practice(tmp_path: Path) -> None:
    found = read_practices(wight.write_csv(tmp_path / "ebranchs.csv", wight.branches()), DAY, Findings())
    assert [(each.code, each.parent, each.is_branch) for each in found] == [
        ("J84013001", "J84013", True),
        ("J84019001", "J84019", True),
    ]


def test_what_is_no_date_or_status_is_told_with_its_line(tmp_path: Path) -> None:
    rows = [
        wight.row_of_ods("J84001", "ONE", "PO30 1AA", opened="1974-13-01", status="ACTIVE", setting="4"),
        wight.row_of_ods("J84002", "TWO", "PO30 1AA", opened="19740401", status="MERGED", setting="4"),
    ]
    findings = Findings()
    read_practices(wight.write_csv(tmp_path / "epraccur.csv", rows), DAY, findings)
    assert messages(findings) == [
        "epraccur.csv, line 1, columns 11 and 12: expected dates such as 20191001, or empty; found '1974-13-01, '",
        "epraccur.csv, line 2, column 13: expected a status: A, ACTIVE, C, CLOSED, D, DORMANT, P, PROPOSED; found 'MERGED'",
    ]


def test_memberships_are_half_open_and_of_either_release(tmp_path: Path) -> None:
    findings = Findings()
    new = wight.write_workbook(tmp_path / "new.xlsx", Details=[("PCN Code",)], Partners=[wight.MEMBER_HEADINGS, *wight.members()])
    old_headings = [heading.replace("Sub ICB Loc", "CCG") for heading in wight.MEMBER_HEADINGS]
    old = wight.write_workbook(tmp_path / "old.xlsx", Partners=[old_headings, *wight.members()])
    for path in (new, old):
        found = members_on(read_memberships(path, findings), DAY)
        assert {each.practice: each.pcn for each in found}["J84003"] == "U01198"
        assert {each.commissioner for each in found} == {"D9Y0V", "10R"}
    assert findings.faults == []
    before = members_on(read_memberships(new, findings), dt.date(2019, 9, 30))
    assert [(each.practice, each.pcn) for each in before] == [("J84003", "U75079")]


def test_one_file_in_anothers_place_is_refused_with_what_it_begins_with(tmp_path: Path) -> None:
    practices = wight.write_csv(tmp_path / "epraccur.csv", wight.practices())
    members = wight.write_csv(tmp_path / "ePCN.csv", [wight.MEMBER_HEADINGS, *wight.members()])
    agencies = wight.write_csv(tmp_path / "cqc.csv", [wight.CQC_HEADINGS, *wight.AGENCIES])
    findings = Findings()
    assert read_practices(members, DAY, findings) == []
    assert read_memberships(agencies, findings) == []
    assert read_agencies(practices, ["Isle of Wight"], findings) == ([], False)
    (tmp_path / "notices.json").write_text('{"data": []}', encoding="utf-8")
    assert read_notices(tmp_path / "notices.json", findings) == []
    cqc, pcn, ods, notices = messages(findings)
    assert "cqc.csv: expected PCN Core Partner Details of NHS ODS (ePCN) (headings Partner Organisation Code" in cqc
    assert "found '15 columns: Location ID, Location HSCA start date" in cqc
    assert pcn.startswith("ePCN.csv: expected GP practices or branches of NHS ODS (epraccur, ebranchs: 27 columns")
    assert "or CQC's care directory (headings CQC Location ID" in ods
    assert "27 columns: J84003, VENTNOR MEDICAL PRACTICE" in ods
    assert (
        notices
        == "notices.json: expected an OCDS release package: releases with ocid, date and tender; found 'an object with data'"
    )


def test_agencies_with_ratings_of_the_authorities_that_are_asked_for(tmp_path: Path) -> None:
    titled = [("HSCA active locations",), ("Extracted 1 November 2026",), (), wight.CQC_HEADINGS, *wight.AGENCIES]
    others = [("Location ID", "Linked Organisation ID"), ("1-101", "1-999")]
    sheets: dict[str, Any] = {
        "README": [["About this file"]],
        "HSCA_Active_Locations": titled,
        "Dual_Registration_Locations": others,
    }
    (tmp_path / "cqc.ods").write_bytes(open_document({name: [list(row) for row in rows] for name, rows in sheets.items()}))
    made = wight.write_csv(tmp_path / "cqc.csv", titled), wight.write_workbook(tmp_path / "cqc.xlsx", HSCA=titled)
    for path in (*made, tmp_path / "cqc.ods"):
        findings = Findings()
        found, has_ratings = read_agencies(path, ["isle of wight"], findings)
        assert (findings.faults, has_ratings) == ([], True)
        assert [(each.location_id, each.rating) for each in found] == [
            ("1-101", "good"), ("1-102", "requires_improvement"), ("1-103", "outstanding"), ("1-104", "not_rated"),
            ("1-108", "good"),
        ]  # fmt: skip
        assert found[0].rated_on == dt.date(2025, 3, 14)
        assert found[3].rated_on is None


def test_the_weekly_directory_has_no_ratings_and_is_known_by_its_services(tmp_path: Path) -> None:
    headings = (
        "Name", "Also known as", "Address", "Postcode", "Phone number", "Service's website (if available)", "Service types",
        "Date of latest check", "Specialisms/services", "Provider name", "Local authority", "Region", "Location URL",
        "CQC Location ID (for office use only)", "CQC Provider ID (for office use only)",
    )  # fmt: skip
    rows: list[tuple[str, ...]] = [
        ("Solent Care", "", "1 Quay", "PO30 2BB", "", "", "Homecare agencies|Supported living", "09/Jan/2026 - 00:00", "",
         "Solent Care Ltd", "Isle of Wight", "", "", "1-101", "1-P1"),
        ("Solent Care", "", "1 Quay", "PO30 2BB", "", "", "Homecare agencies", "", "", "Solent Care Ltd", "Isle of Wight", "", "",
         "1-101", "1-P1"),
        ("Rest Home", "", "2 Quay", "PO30 2BB", "", "", "Residential homes", "", "", "Rest Ltd", "Isle of Wight", "", "", "1-9",
         "1-P9"),
    ]  # fmt: skip
    path = wight.write_csv(tmp_path / "directory.csv", [("CQC care directory, 1 November 2026",), (), headings, *rows])
    found, has_ratings = read_agencies(path, ["Isle of Wight"], Findings())
    assert ([each.location_id for each in found], has_ratings) == (["1-101"], False)
    assert found[0].rating == "not_rated"


def test_an_unknown_authority_and_an_unknown_rating_are_refused(tmp_path: Path) -> None:
    rows = [list(each) for each in wight.AGENCIES]
    rows[0][5] = "Splendid"
    findings = Findings()
    read_agencies(wight.write_csv(tmp_path / "cqc.csv", [wight.CQC_HEADINGS, *rows]), ["Isle of Wight", "Wight"], findings)
    first, second = messages(findings)
    assert "expected a local authority of the file (Isle of Wight, Portsmouth); found 'wight'" in first
    assert "line 2, rating: expected one of CQC's: outstanding, good," in second


def test_notices_are_lots_as_their_latest_release_has_them(tmp_path: Path) -> None:
    lots = [
        {"id": "1", "title": "South", "value": {"amount": 1000, "currency": "GBP"},
         "contractPeriod": {"startDate": "2026-04-01T00:00:00Z", "endDate": "2031-03-31", "maxExtentDate": "2036-03-31"}},
        {"id": "2", "title": "West"},
    ]  # fmt: skip
    tender: dict[str, Any] = {"title": "Home care", "lots": lots, "lotDetails": {"maximumLotsAwardedPerSupplier": 2}}
    award = {"id": "A1", "status": "active", "relatedLots": ["1"], "suppliers": [{"name": "Solent Care Ltd"}]}
    signed = [{"awardID": "A1", "period": {"startDate": "2026-05-01", "endDate": "2031-04-30"}}]
    releases = [
        {"ocid": "ocds-x-1", "date": "2026-03-01", "awards": [award], "contracts": signed},
        {"ocid": "ocds-x-1", "date": "2025-09-01", "buyer": {"name": "Isle of Wight Council"}, "tender": tender},
    ]
    (tmp_path / "notices.json").write_text(json.dumps({"releases": releases}), encoding="utf-8")
    findings = Findings()
    south, west = read_notices(tmp_path / "notices.json", findings)
    assert findings.faults == []
    assert (south["title"], south["suppliers"], south["status"], south["value"]) == ("South", "Solent Care Ltd", "active", "1000")
    assert (south["starts"], south["ends"], south["latest_end"]) == ("2026-05-01", "2031-04-30", "2036-03-31")
    assert (south["most_lots_per_supplier"], south["buyer"], south["told_on"]) == ("2", "Isle of Wight Council", "2026-03-01")
    assert (west["lot_id"], west["suppliers"], west["told_on"]) == ("2", "", "2025-09-01")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20191001", dt.date(2019, 10, 1)), ("2019-10-01", dt.date(2019, 10, 1)), ("01/10/2019", dt.date(2019, 10, 1)),
        ("09/Jan/2026 - 00:00", dt.date(2026, 1, 9)), ("2019-10-01 00:00:00", dt.date(2019, 10, 1)), ("", None),
        ("20191301", None), ("1/10/2019", None), ("2019", None),
    ],
)  # fmt: skip
def test_dates_of_official_files(text: str, day: dt.date | None) -> None:
    assert day_of(text) == day
