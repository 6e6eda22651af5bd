"""Files as spreadsheets write them: encodings, separators, missing ends, mistakes that look empty, bombs."""

from __future__ import annotations

import io
import zipfile

import pytest

from optimiser.io.faults import Findings
from optimiser.io.schema import PACKAGES
from optimiser.tidying import workbook_parts
from optimiser.tidying.rough_csv import sheet_of_csv
from optimiser.tidying.sheets import BrokenCell, Sheet
from optimiser.tidying.workbook_parts import Room
from optimiser.tidying.workbooks import sheets_of_workbook
from tests.campaigns.spoiling.files import Broken, Looks, Rows, open_document, workbook

KNOWN = [column.name for column in PACKAGES]


def csv_sheet(raw: bytes) -> tuple[Sheet | None, list[str]]:
    findings = Findings()
    sheet = sheet_of_csv("packages.csv", raw, KNOWN, findings)
    return sheet, [fault.message() for fault in findings.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding: str) -> None:
    raw = "package_id,status\r\nCafé,new\r\n".encode(encoding)
    sheet, faults = csv_sheet(b"\xff\xfe" + raw if encoding == "utf-16-le" else raw)
    assert sheet is not None
    assert (list(sheet.rows[1][1]), faults) == (["Café", "new"], [])
    assert any("Windows-1252" in said for said in sheet.told) == (encoding == "cp1252")


def test_bytes_that_nobody_can_read() -> None:
    assert csv_sheet(b"package_id\n\x81\n")[1] == [
        "packages.csv, line 2: expected text in UTF-8 or Windows-1252; found 'byte 0x81'"
    ]
    assert "old Macintosh" in csv_sheet(b"package_id\rCaf\x8e\r")[1][0]
    assert "NUL" in csv_sheet(b"package_id\n\0\n")[1][0]
    assert "well-formed CSV" in csv_sheet(b'package_id\n"a"b\n')[1][0]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("first", ["", "sep={}\r\n", '"sep={}"\r\n'])
def test_separators(separator: str, first: str) -> None:
    text = f"{first.format(separator)}package_id{separator}status\r\nP1{separator}new\r\n"
    sheet, faults = csv_sheet(text.encode())
    assert faults == []
    assert sheet is not None
    assert [list(cells) for _, cells in sheet.rows] == [["package_id", "status"], ["P1", "new"]]
    assert sheet.comma == (separator == ",")


def test_rows_without_their_end_are_filled_only_where_a_whole_block_lacks_it() -> None:
    full = "P{},new,x"
    lines = [
        "package_id,status,service",
        *(full.format(number) for number in range(15)),
        *(f"S{number},new" for number in range(16)),
    ]
    sheet, faults = csv_sheet("\r\n".join(lines).encode())
    assert faults == []
    assert sheet is not None
    assert list(sheet.rows[16][1]) == ["S0", "new", ""]
    assert "16 rows end before their last" in sheet.told[0]
    lines[20] = full.format(20)
    _, faults = csv_sheet("\r\n".join(lines).encode())
    assert len(faults) == 15
    assert faults[0] == "packages.csv, line 17: expected 3 cells; found '2 cells'"


def book(kind: str, rows: Rows) -> bytes:
    return workbook({"packages": rows}, Looks()) if kind == "xlsx" else open_document({"packages": rows})


def sheets(raw: bytes, kind: str = "xlsx", room: Room | None = None) -> tuple[list[Sheet], list[str]]:
    findings = Findings()
    found = sheets_of_workbook(f"county.{kind}", raw, room or Room(), findings)
    return found, [fault.message() for fault in findings.faults]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_mistakes_of_a_spreadsheet_are_seen_where_its_reader_sees_nothing(kind: str) -> None:
    found, faults = sheets(book(kind, [["package_id", "status"], [Broken("#REF!"), "new"], ["P2", Broken("")]]), kind)
    assert faults == []
    assert [list(cells) for _, cells in found[0].rows] == [
        ["package_id", "status"],
        [BrokenCell(f"{workbook_parts.ERROR}: #REF!"), "new"],
        ["P2", BrokenCell(workbook_parts.NOT_WORKED_OUT)],
    ]


def test_of_merged_cells_those_that_hold_nothing_are_mistakes() -> None:
    raw = workbook({"packages": [["package_id", "area_id"], ["P1", "A1"], ["P2", "A1"]]}, Looks(merged="area_id"))
    (found,), _ = sheets(raw)
    assert list(found.rows[2][1]) == ["P2", BrokenCell("a part of merged cells")]


def test_a_hidden_sheet_is_read_and_said() -> None:
    found, _ = sheets(workbook({"a": [["x"]], "packages": [["package_id"]]}, Looks(hidden=True)))
    assert [each.told for each in found] == [(), ("the sheet is hidden, and was read all the same",)]


def spoiled_part(raw: bytes, part: str, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name in archive.namelist():
            out.writestr(name, archive.read(name).replace(old, new) if name == part else archive.read(name))
    return made.getvalue()


def test_a_cell_at_the_end_of_the_world_is_refused_before_it_fills_the_memory() -> None:
    raw = spoiled_part(book("xlsx", [["a"], [1.0]]), "xl/worksheets/sheet1.xml", b'r="A2"><v>', b'r="XFD1048576"><v>')
    assert sheets(raw)[1] == ["county.xlsx: expected a sheet of at most 5,000,000 cells; found 'a larger one'"]
    many = b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="9000"'
    raw = spoiled_part(
        book("ods", [["a"], [1.0]]),
        "content.xml",
        b'<table:table-row><table:table-cell office:value-type="float"',
        many + b' office:value-type="float"',
    )
    assert sheets(raw, "ods")[1] == ["county.ods: expected a sheet of at most 5,000,000 cells; found 'a larger one'"]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b'r="A2"', b'r="A99999999999"'),
        ("xl/worksheets/sheet1.xml", b'r="A2"', b'r="ZZZZZZZ2"'),
        ("xl/workbook.xml", b"UTF-8", b"UTF-99"),
        ("xl/workbook.xml", b"<sheets>", b"<sheets"),
    ],
)
def test_what_ends_the_reader_of_a_workbook_ends_nothing_else(part: str, old: bytes, new: bytes) -> None:
    """Of the first two its library asks for hundreds of gigabytes, and is ended by the system."""
    found, faults = sheets(spoiled_part(book("xlsx", [["a"], [1.0]]), part, old, new))
    assert (found, len(faults)) == ([], 1)
    assert faults[0].startswith("county.xlsx: expected a workbook that can be opened; found ")


def test_bombs_broken_and_other_files_are_refused_in_words() -> None:
    raw = book("xlsx", [["a"]])
    assert sheets(raw, room=Room(bytes=1000))[1] == [
        "county.xlsx: expected workbooks of at most 256 MB unpacked, all together; found 'more'"
    ]
    assert "of at most 5,000,000 cells, all together" in sheets(raw, room=Room(cells=0))[1][0]
    for other in (b"", b"PK\x03\x04 and no more", raw[:-200], raw[:300] + b"\0" * 500 + raw[800:]):
        assert "a workbook that can be opened" in sheets(other)[1][0]
    doctype = spoiled_part(raw, "xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')
    assert "a document type of its own" in sheets(doctype)[1][0]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("packages.csv", "package_id")
    assert "a broken one, or no workbook" in sheets(made.getvalue())[1][0]
