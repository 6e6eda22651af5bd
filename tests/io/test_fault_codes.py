"""Each fault has a code that programs can rely on: none is renamed, and each is given where a county is spoiled so."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import optimiser.io
from optimiser.handbook.generating.reference import faults_page
from optimiser.io.fault_codes import MEANINGS, Code
from optimiser.io.faults import InputRefusedError
from optimiser.io.filling_places import filled
from optimiser.io.reading import read_snapshot
from tests.commands.running import run
from tests.geography.postcodes.small_index import small_index
from tests.making.folders import Folder, faults_of

PUBLISHED = [
    "file_absent",
    "file_unreadable",
    "file_too_large",
    "not_utf_8",
    "malformed",
    "headings_absent",
    "column_absent",
    "column_twice",
    "own_columns",
    "number_of_cells",
    "value_absent",
    "not_empty",
    "no_number",
    "out_of_bounds",
    "too_precise",
    "no_date",
    "no_time",
    "unknown_word",
    "no_text",
    "no_id",
    "wrong_value",
    "id_twice",
    "unknown_id",
    "wrong_order",
    "contradiction",
    "unknown_setting",
    "wrong_setting",
    "no_place",
    "no_area",
    "wrong_outline",
]
"""Codes that programs of councils know: one may be added here, none ever changed or taken out."""

READ_WITH_A_SNAPSHOT = (
    "area_files", "csv_columns", "csv_tables", "headings", "policy_settings", "toml", "reading", "filling_places", "validating",
    "validating_call_offs", "validating_contracts", "validating_people", "cells",
)  # fmt: skip


def test_no_code_was_renamed_or_taken_away_and_each_has_its_meaning() -> None:
    assert [str(each) for each in Code] == PUBLISHED
    assert list(MEANINGS) == list(Code)
    assert re.findall(r"^\| `(\w+)` \| .+ \|$", faults_page(), re.MULTILINE) == PUBLISHED


@pytest.mark.parametrize("module", READ_WITH_A_SNAPSHOT)
def test_whatever_finds_a_fault_of_a_snapshot_says_of_which_kind(module: str) -> None:
    tree = ast.parse(Path(optimiser.io.__path__[0], f"{module}.py").read_text(encoding="utf-8"))
    called = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    finding = [node for node in called if ast.unparse(node.func).rpartition(".")[2] in ("fault", "Fault", "BadCellError")]
    assert finding
    assert [ast.unparse(node) for node in finding if "code" not in {word.arg for word in node.keywords}] == []


def spoiled(file: str, row: str, **cells: str) -> Callable[[Folder], object]:
    return lambda folder: folder.change(file, row, **cells)


def written(name: str, raw: bytes) -> Callable[[Folder], None]:
    def write(folder: Folder) -> None:
        (folder.path / name).write_bytes(raw)

    return write


def replaced(name: str, before: str, after: str) -> Callable[[Folder], None]:
    def replace(folder: Folder) -> None:
        text = (folder.path / name).read_text(encoding="utf-8")
        assert before in text
        (folder.path / name).write_text(text.replace(before, after), encoding="utf-8")

    return replace


def gone(name: str) -> Callable[[Folder], object]:
    return lambda folder: (folder.path / name).unlink()


def folder_in_its_place(folder: Folder) -> None:
    (folder.path / "offices.csv").unlink()
    (folder.path / "offices.csv").mkdir()


SPOILED: dict[Code, Callable[[Folder], object]] = {
    Code.FILE_ABSENT: gone("offices.csv"),
    Code.FILE_UNREADABLE: folder_in_its_place,
    Code.NOT_UTF_8: written("offices.csv", "office_id,é".encode("cp1252")),
    Code.MALFORMED: written("areas.geojson", b"{"),
    Code.HEADINGS_ABSENT: written("offices.csv", b""),
    Code.COLUMN_ABSENT: replaced("providers.csv", "cqc_rating", "rating_of_cqc"),
    Code.COLUMN_TWICE: replaced("offices.csv", "office_id,provider_id", "office_id,office_id"),
    Code.OWN_COLUMNS: replaced("offices.csv", "latitude", f"latitude,{'x' * 5000}"),
    Code.NUMBER_OF_CELLS: replaced("offices.csv", "OF1,ALDER", "OF1,ALDER,,,,"),
    Code.VALUE_ABSENT: spoiled("packages.csv", "N5", status=""),
    Code.NOT_EMPTY: spoiled("packages.csv", "N5", contract_id="C5"),
    Code.NO_NUMBER: spoiled("packages.csv", "N5", hours_per_week="a few"),
    Code.OUT_OF_BOUNDS: spoiled("packages.csv", "N5", hours_per_week="9000"),
    Code.TOO_PRECISE: spoiled("packages.csv", "N5", hours_per_week="3.55"),
    Code.NO_DATE: spoiled("packages.csv", "N5", start_by="23/11/2026"),
    Code.NO_TIME: spoiled("visits.csv", "V1", earliest_start="7am"),
    Code.UNKNOWN_WORD: spoiled("packages.csv", "N5", status="lost"),
    Code.NO_TEXT: spoiled("providers.csv", "ALDER", name="x" * 20_000),
    Code.NO_ID: spoiled("offices.csv", "OF1", office_id="a;b"),
    Code.ID_TWICE: spoiled("packages.csv", "N5", package_id="N4"),
    Code.UNKNOWN_ID: spoiled("packages.csv", "R2", contract_id="C99"),
    Code.WRONG_ORDER: spoiled("contracts.csv", "C1", ends="2020-01-01"),
    Code.CONTRADICTION: spoiled("packages.csv", "N1", workers="2"),
    Code.UNKNOWN_SETTING: written("snapshot.toml", b"as_of = 2026-11-23\n[policy]\nmost_moves = 3\n"),
    Code.WRONG_SETTING: written("snapshot.toml", b"as_of = 2026-11-23\n[policy]\nmax_moves = -3\n"),
    Code.NO_AREA: spoiled("packages.csv", "N5", area_id="", latitude="50.1", longitude="-5.0"),
    Code.WRONG_OUTLINE: replaced("areas.geojson", '"Polygon"', '"Sphere"'),
    Code.WRONG_VALUE: replaced("areas.geojson", '"A1"', "17"),
}
NOT_TRIED_HERE = {Code.FILE_TOO_LARGE, Code.NO_PLACE}
"""A file of hundreds of megabytes; and a place by its postcode, which is tried below."""


def test_every_code_is_tried() -> None:
    assert set(Code) - set(SPOILED) == NOT_TRIED_HERE


@pytest.mark.parametrize("code", SPOILED)
def test_a_county_spoiled_in_a_way_has_a_fault_of_its_code(code: Code, folder: Folder) -> None:
    SPOILED[code](folder)
    assert code in [fault.code for fault in faults_of(folder)]


def test_a_postcode_that_is_no_place(folder: Folder) -> None:
    header = folder.header("offices.csv")
    rows = [{**row, "latitude": "", "longitude": "", "Postcode": "ZZ9 9ZZ"} for row in folder.rows("offices.csv")]
    folder.put("offices.csv", rows, [*header, "Postcode"])
    with pytest.raises(InputRefusedError) as refused:
        filled(folder.path, small_index())
    assert {fault.code for fault in refused.value.each} == {Code.NO_PLACE}


def test_programs_are_told_each_fault_with_its_place(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("packages.csv", "N5", status="lost", hours_per_week="")
    folder.change("packages.csv", "N3", excluded_provider_ids="NOBODY")
    replaced("areas.geojson", '"A3"', "17")(folder)
    ran = run(capsys, "check", folder.path, "--json")
    record = json.loads(ran.out)
    assert (ran.code, list(record)) == (2, ["faults"])
    told = [(each["code"], each["file"], each["row"], each["column"]) for each in record["faults"]]
    assert ("unknown_word", "packages.csv", 6, "status") in told
    assert ("value_absent", "packages.csv", 6, "hours_per_week") in told
    assert ("wrong_value", "areas.geojson", 3, "area_id") in told
    assert all(set(each) == {"code", "file", "row", "column", "message"} for each in record["faults"])
    assert "lost" in next(each["message"] for each in record["faults"] if each["column"] == "status")


def test_thousands_of_equal_faults_are_told_one_by_one_to_programs(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder.path / "offers.csv").read_text(encoding="utf-8")
    more = "".join(f"MORE{number},N9,C1,2026-11-20 09:00,,,\n" for number in range(40))
    (folder.path / "offers.csv").write_text(text + more, encoding="utf-8")
    ran = run(capsys, "check", folder.path, "--json")
    rows = [each["row"] for each in json.loads(ran.out)["faults"] if each["code"] == "unknown_id"]
    assert rows == list(range(6, 46))
    assert "(40 times)" in ran.err or "and 20 more" in ran.err


def test_what_is_personal_is_not_told_to_programs_either(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("packages.csv", "N5", skills="x" * 20_000)
    folder.change("packages.csv", "N3", excluded_provider_ids="NOBODY")
    ran = run(capsys, "check", folder.path, "--json", "--show-values")
    assert ran.code == 2
    assert "NOBODY" not in ran.out


def test_a_good_county_has_no_faults(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(run(capsys, "check", folder.path, "--json").out)
    assert (record["faults"], record["accepted"]) == ([], 1), "accepted offers"


def test_no_folder_at_all_has_a_code_too(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read_snapshot(tmp_path / "none")
    assert [fault.record()["code"] for fault in refused.value.faults] == ["file_absent"]
