"""Workbooks that are written: to fill in, with a county in them, with faults at their cells."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from optimiser.io.faults import InputRefusedError
from optimiser.io.formatted_workbook import ColumnLook, SheetLook, workbook_of
from optimiser.io.reading import read_snapshot
from optimiser.tidying.story import tidy
from optimiser.tidying.tables import columns_of, known_tables
from optimiser.tidying.workbook_to_fill import filled, template
from tests.commands.running import run
from tests.making.folders import Folder


def parts(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".vml"))}


def rows(raw: bytes, sheet: str) -> list[list[object]]:
    return [list(row) for row in CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_name(sheet).to_python()]


def test_the_template_has_a_sheet_with_headings_for_every_table() -> None:
    raw = template()
    assert raw == template()
    for table in known_tables():
        assert rows(raw, table) == [[column.name for column in columns_of(table)]]
    xml = parts(raw)
    packages = xml[f"xl/worksheets/sheet{3 + known_tables().index('packages')}.xml"]
    assert '<formula1>"urgent,discharge,standard,planned"</formula1>' in packages
    comments = "".join(text for name, text in xml.items() if "comments" in name)
    assert "Needed: one of urgent, discharge, standard, planned" in comments
    assert ["packages", "package_id", "Needed: an id, as text", "N1"] in rows(raw, "how to fill it in")


def test_an_empty_template_is_refused_for_what_is_missing_alone(tmp_path: Path) -> None:
    (tmp_path / "county.xlsx").write_bytes(template())
    with pytest.raises(InputRefusedError) as refused:
        tidy(tmp_path / "county.xlsx")
    assert {fault.file for fault in refused.value.faults} == {"areas.geojson", "snapshot.toml", "county.xlsx, sheet 'surgeries'"}


def test_a_county_in_a_workbook_comes_back_as_it_was(folder: Folder) -> None:
    folder.change("packages.csv", "N4", package_id="00417")
    folder.change("offices.csv", "OF2", office_id="3-11")
    before = read_snapshot(folder.path).snapshot
    for path in folder.path.glob("*.csv"):
        path.unlink()
    (folder.path / "county.xlsx").write_bytes(filled(before))
    assert tidy(folder.path).reading.snapshot.digest() == before.digest()


def test_no_text_becomes_a_formula_a_link_or_a_number() -> None:
    texts = ["=1+1", "+44", "-1", "@SUM(A1)", "http://x.example", "0012", '=HYPERLINK("http://x")', "internal:x!A1"]
    raw = workbook_of([SheetLook("people", [ColumnLook("=heading")], [[text] for text in texts])])
    assert [row[0] for row in rows(raw, "people")] == ["=heading", *texts]
    xml = "".join(parts(raw).values())
    assert "<f>" not in xml
    assert "<hyperlink " not in xml


def test_faults_are_written_back_to_their_cells(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("contracts.csv", "C4", ends="never")
    folder.change("packages.csv", "N2", latitude="north of the church")
    ran = run(capsys, "check", folder.path, "--into", tmp_path / "faults.xlsx")
    assert ran.code == 2
    assert f"Every fault stands in {tmp_path / 'faults.xlsx'}, at its cell." in ran.err
    raw = (tmp_path / "faults.xlsx").read_bytes()
    assert (tmp_path / "faults.xlsx").stat().st_mode & 0o777 == 0o600
    listed = rows(raw, "faults")
    assert listed[1] == [
        "contracts.csv",
        5.0,
        "ends",
        "contracts.csv, line 5, ends: expected a date such as 2026-11-23; found 'never'",
    ]
    assert "church" not in str(listed)
    assert rows(raw, "contracts")[4][5] == "never"
    xml = parts(raw)
    places = re.findall(r'<comment ref="([A-Z]+\d+)"', "".join(text for name, text in xml.items() if "comments" in name))
    assert places == ["F5", "B3"]


def test_more_than_twenty_equal_faults_each_have_their_cell(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows_before = folder.rows("packages.csv")
    more = [{**rows_before[0], "package_id": f"M{number}", "priority": "soon"} for number in range(30)]
    folder.put("packages.csv", [*rows_before, *more])
    assert run(capsys, "check", folder.path, "--into", tmp_path / "faults.xlsx").code == 2
    assert len(rows((tmp_path / "faults.xlsx").read_bytes(), "faults")) == 31


def test_faults_of_a_workbook_are_marked_in_a_copy_of_it(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write(
        "rounds.csv", "The rounds;;;;\nRound ID;provider_id;area_id;staff;staff_hours_per_week\nRD1;ALDER;A1;two;01-Mar\n"
    )
    ran = run(capsys, "tidy", folder.path, tmp_path / "out", "--into", tmp_path / "faults.xlsx")
    assert ran.code == 2
    raw = (tmp_path / "faults.xlsx").read_bytes()
    assert rows(raw, "rounds")[2][3:] == ["two", "01-Mar"]
    comments = "".join(text for name, text in parts(raw).items() if "comments" in name)
    assert re.findall(r'<comment ref="([A-Z]+\d+)"', comments) == ["D3", "E3"]
    again = run(capsys, "tidy", folder.path, tmp_path / "out", "--into", tmp_path / "faults.xlsx")
    assert (again.code, "expected a new file" in again.err) == (2, True)


def test_a_template_is_written_once_for_its_owner(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "template", tmp_path / "county.xlsx")
    assert (ran.code, (tmp_path / "county.xlsx").read_bytes()) == (0, template())
    assert run(capsys, "template", tmp_path / "county.xlsx").code == 2
    assert run(capsys, "template", tmp_path / "county.csv").code == 2
    ran = run(capsys, "template", tmp_path / "held.xlsx", "--from", folder.path, "--json")
    assert ran.code == 0
    assert rows((tmp_path / "held.xlsx").read_bytes(), "rounds")[1][0] == "RD1"
    assert run(capsys, "template", tmp_path / "other.xlsx", "--from", tmp_path / "nowhere").code == 2
