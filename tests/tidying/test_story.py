"""Whole counties: read equal to what they were, or refused with every fault where it stands."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from optimiser.io.faults import InputRefusedError
from optimiser.io.reading import read_snapshot
from optimiser.tidying.story import NOTE, Tidied, tidy
from tests.campaigns.spoiling.files import Broken, Looks, Rows, workbook
from tests.campaigns.spoiling.programs import UK, entered
from tests.making.folders import TABLES, Folder


def digest(folder: Folder) -> str:
    return read_snapshot(folder.path).snapshot.digest()


def faults_of(place: Path, *, day_first: bool = False) -> list[str]:
    with pytest.raises(InputRefusedError) as refused:
        tidy(place, day_first=day_first)
    return [fault.message() for fault in refused.value.faults]


def as_workbook(folder: Folder, **others: Rows) -> Path:
    """The county's tables as one workbook beside its settings and outlines, cells taken as a spreadsheet takes them."""
    sheets: dict[str, Rows] = {}
    for name in TABLES:
        table = list(csv.reader(io.StringIO(folder.text(name))))
        ids = [at for at, heading in enumerate(table[0]) if heading.endswith("_id")]
        body: Rows = [[cell if at in ids else entered(cell, UK) for at, cell in enumerate(row)] for row in table[1:]]
        sheets[name.removesuffix(".csv")] = [list(table[0]), *body]
        (folder.path / name).unlink()
    (folder.path / "county.xlsx").write_bytes(workbook(sheets | others, Looks()))
    return folder.path


def test_a_strict_snapshot_comes_out_as_it_was(folder: Folder) -> None:
    done = tidy(folder.path)
    assert done.reading.snapshot.digest() == digest(folder)
    assert {note.how for note in done.columns} == {"as it stands"}
    assert done.files["snapshot.toml"] == (folder.path / "snapshot.toml").read_bytes()


def test_a_workbook_comes_out_as_the_county_that_it_was(folder: Folder) -> None:
    before = digest(folder)
    done = tidy(as_workbook(folder))
    assert done.reading.snapshot.digest() == before
    said = {(note.table, note.column): note.how for note in done.columns}
    assert said["packages", "start_by"] == "dates of the spreadsheet (3 cells)"
    assert said["visits", "earliest_start"] == "times such as 7:30 (4 cells)"


def test_the_same_files_give_the_same_bytes(folder: Folder) -> None:
    first: Tidied = tidy(folder.path)
    assert first.files == tidy(folder.path).files
    record = json.loads(first.files[NOTE])
    assert record["tables"]["rounds"]["columns"][0] == {"column": "round_id", "heading": "round_id", "understood": "as it stands"}
    assert set(record["read"]) == {path.name for path in folder.path.iterdir()}


def test_titles_blank_rows_empty_columns_and_other_headings(folder: Folder) -> None:
    before = digest(folder)
    rows = list(csv.reader(io.StringIO(folder.text("rounds.csv"))))
    text = (
        "sep=;\r\nRounds of November;;;;;\r\n;;;;;\r\n"
        + ";;".join(["Round ID", "PROVIDER-ID"])
        + ";area id; Staff;Staff hours per week;\r\n;;;;;;\r\n"
        + f"{rows[1][0]};;{rows[1][1]};{';'.join(rows[1][2:])};\r\n;;;;;;\r\n"
    )
    folder.write("rounds.csv", text.encode("cp1252"))
    done = tidy(folder.path)
    assert done.reading.snapshot.digest() == before
    assert "rounds.csv: 1 line(s) above the headings are left out" in done.others
    assert "rounds.csv: 1 blank row(s) are left out" in done.others
    assert "rounds, round_id (heading 'Round ID'): as it stands" in map(str, done.columns)


def test_every_fault_is_told_where_it_stands(folder: Folder) -> None:
    folder.change("packages.csv", "N4", start_by="04/01/2027")
    folder.change("contracts.csv", "C4", rate_band_1="$24.90")
    folder.change("offers.csv", "OF2", package_id="1.5E+03")
    assert faults_of(folder.path) == [
        "contracts.csv, line 5, rate_band_1 (column I): expected pounds such as 24.00 or £24.00; found '$24.90'",
        "offers.csv, line 3, package_id (column B): expected an id as it was given: format the column as text before ids are put"
        " in; found '1.5E+03'",
        "packages.csv, line 5, start_by (column K): expected a date that can be read in one way: say --day-first if days come"
        " before months, or write 2026-04-01; found '04/01/2027'",
    ]


def test_what_the_strict_reader_finds_is_told_where_it_stood(folder: Folder) -> None:
    folder.change("rounds.csv", "RD1", provider_id="NOBODY")
    folder.write("rounds.csv", "Rounds,,,,\n\n\n" + folder.text("rounds.csv"))
    (fault,) = faults_of(folder.path)
    assert fault.startswith("rounds.csv, line 5, provider_id: expected")


def test_values_of_personal_columns_are_not_told(folder: Folder) -> None:
    folder.change("packages.csv", "N4", latitude="north of the church")
    (fault,) = faults_of(folder.path)
    assert "church" not in fault
    assert "latitude (column B)" in fault


def test_zeros_lost_in_one_file_and_kept_in_another_are_a_fault(folder: Folder) -> None:
    names = {f"N{number}": f"0012{number}" for number in range(1, 7)}
    for file in ("packages.csv", "visits.csv", "offers.csv"):
        text = folder.text(file)
        for old, new in names.items():
            text = text.replace(f"{old},", f"{new if file == 'packages.csv' else new.lstrip('0')},")
        folder.write(file, text)
    found = faults_of(folder.path)
    assert len(found) == 5
    assert all("an id of 5 digits as others have it" in each for each in found)


@pytest.mark.parametrize("name", ["offers (1).csv", "Copy of offers.csv", "offer.csv", "Sheet7.csv"])
def test_what_looks_like_a_table_under_another_name_is_asked_about(folder: Folder, name: str) -> None:
    (folder.path / "offers.csv").rename(folder.path / name)
    (fault,) = faults_of(folder.path)
    assert fault.startswith(f"{name}: expected the name 'offers' if it holds that")


def test_one_table_in_two_places_is_a_fault(folder: Folder) -> None:
    rows: Rows = [list(line.split(",")) for line in folder.text("rounds.csv").splitlines()]
    folder.write("more.xlsx", workbook({"Rounds": rows}, Looks()))
    assert faults_of(folder.path) == [
        "rounds.csv: expected one sheet or file with rounds; found 'another, beside more.xlsx, sheet 'Rounds''"
    ]


def test_a_heading_like_one_that_is_missing_is_asked_about(folder: Folder) -> None:
    text = folder.text("contracts.csv").splitlines()
    folder.write("contracts.csv", "\n".join([f"{text[0]},succeds", *(f"{line}," for line in text[1:])]))
    (fault,) = faults_of(folder.path)
    assert fault.startswith("contracts.csv, line 1, succeeds: expected this column or nothing like it (column N may be it")


def test_a_workbook_alone_may_hold_areas_and_settings(folder: Folder, tmp_path: Path) -> None:
    for file in ("packages.csv", "surgeries.csv"):
        rows = folder.rows(file)
        for row in rows:
            row["area_id"] = row["area_id"] or "A1"
        folder.put(file, rows)
    before = read_snapshot(folder.path).snapshot
    areas: Rows = [["area_id", "name", "region", "go_live"]]
    for area in before.areas:
        areas.append([area.area_id, area.name, area.region, area.go_live or ""])
    settings: Rows = [["Setting", "Value"], ["As of", before.as_of], ["Title", before.title]]
    as_workbook(folder, areas=areas, settings=settings)
    alone = tmp_path / "alone.xlsx"
    (folder.path / "county.xlsx").rename(alone)
    after = tidy(alone).reading.snapshot
    assert (after.as_of, after.title, after.packages) == (before.as_of, before.title, before.packages)
    assert [area.geometry for area in after.areas] == [None] * 3
    assert [area.go_live for area in after.areas] == [area.go_live for area in before.areas]


def test_what_is_no_table_is_left_out_and_said(folder: Folder) -> None:
    folder.write("letter.docx", b"PK")
    folder.write("notes.csv", "who,what\nme,this\n")
    folder.write("actuals.csv", "actual_id,package_id,contract_id,visit_id\nR1,N1,P-ALDER,V1\n")
    others = tidy(folder.path).others
    assert "actuals.csv: ignored, it is read by `optimiser account`" in others, "though its headings are a county's, too"
    assert "letter.docx: ignored, it is no table" in others
    assert "notes.csv: ignored, it is no table of a snapshot" in others


def test_old_workbooks_and_other_files_are_refused(folder: Folder, tmp_path: Path) -> None:
    folder.write("county.xls", b"\xd0\xcf\x11\xe0")
    assert "county.xls: expected a workbook saved as .xlsx or .ods; found 'one saved as .xls'" in faults_of(folder.path)
    assert "no such folder or file" in faults_of(tmp_path / "nowhere")[0]


def test_a_title_is_taken_as_it_is_shown_or_refused(folder: Folder) -> None:
    (folder.path / "snapshot.toml").unlink()
    settings: Rows = [["as_of", "2026-11-23"], ["title", 2026.0]]
    assert tidy(as_workbook(folder, settings=settings)).reading.snapshot.title == "2026"
    sheets: dict[str, Rows] = {"settings": [["as_of", "2026-11-23"], ["title", Broken("#REF!")]]}
    (folder.path / "settings.xlsx").write_bytes(workbook(sheets, Looks()))
    (folder.path / "county.xlsx").unlink()
    told = [said for said in faults_of(folder.path) if "title" in said]
    assert told == ["settings.xlsx, sheet 'settings', title: expected a text; found 'an error of the spreadsheet: #REF!'"]
