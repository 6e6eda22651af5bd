"""``optimiser tidy``: what was understood, where it was written, and that nothing is written of what was refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimiser.io.reading import read_snapshot
from tests.commands.running import run
from tests.making.folders import Folder


def test_a_folder_is_tidied_and_how_is_said_and_kept(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = read_snapshot(folder.path).snapshot.digest()
    folder.write("rounds.csv", folder.text("rounds.csv").replace(",", ";").encode("utf-16"))
    ran = run(capsys, "tidy", folder.path, tmp_path / "out")
    assert (ran.code, ran.err) == (0, "")
    assert "Understood: rounds, staff: as it stands.\n" in ran.out
    assert "Note: rounds.csv: columns are separated by semicolons.\n" in ran.out
    assert ran.out.endswith(f"Digest: {before}\n")
    assert read_snapshot(tmp_path / "out").snapshot.digest() == before
    assert json.loads((tmp_path / "out" / "tidied.json").read_text("utf-8"))["snapshot_digest"] == before
    assert (tmp_path / "out" / "rounds.csv").stat().st_mode & 0o777 == 0o600


def test_programs_get_the_record(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(run(capsys, "tidy", folder.path, tmp_path / "out", "--json").out)
    assert record["folder"] == str(tmp_path / "out")
    assert record["tables"]["rounds"]["rows"] == 1


def test_a_dry_run_and_a_refusal_write_nothing(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "tidy", folder.path, tmp_path / "out", "--dry-run")
    assert (ran.code, "Nothing was written (a dry run)" in ran.out) == (0, True)
    folder.change("contracts.csv", "C4", ends="04/01/2027")
    folder.change("rounds.csv", "RD1", staff="two")
    refused = run(capsys, "tidy", folder.path, tmp_path / "out")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.splitlines()[-1] == "Refused: 2 fault(s) in county. Nothing was written."
    assert {path.name for path in tmp_path.iterdir()} == {"county"}
    said = run(capsys, "tidy", folder.path, tmp_path / "out", "--day-first")
    assert said.err.splitlines()[-1] == "Refused: 1 fault(s) in county. Nothing was written."


def test_a_place_that_is_taken_is_refused_before_anything_is_read(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "tidy", folder.path / "no such", folder.path)
    assert (ran.code, "is not empty" in ran.err) == (2, True)
    assert run(capsys, "tidy", "", "x").code == 2


MAP = """
[tables.rounds]
from = "Teams"
[tables.rounds.columns]
round_id = "Team"
staff = "Heads"
[tables.rounds.fixed]
area_id = "A1"
[tables.packages.values.priority]
P1 = "urgent"
"""


def test_a_map_names_sheets_headings_and_words(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = read_snapshot(folder.path).snapshot.digest()
    folder.write("teams.csv", "Team,provider_id,Heads,staff_hours_per_week\nRD1,ALDER,2,46.5\n")
    (folder.path / "rounds.csv").unlink()
    folder.change("packages.csv", "N1", priority="P1")
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    ran = run(capsys, "tidy", folder.path, tmp_path / "out", "--map", tmp_path / "map.toml", "--json")
    assert ran.code == 0, ran.err
    record = json.loads(ran.out)
    assert record["snapshot_digest"] == before
    assert record["map"]["said"]["tables"]["rounds"]["columns"] == {"round_id": "Team", "staff": "Heads"}
    columns = {each["column"]: each for each in record["tables"]["rounds"]["columns"]}
    assert columns["staff"]["heading"] == "Heads"
    assert columns["area_id"]["understood"] == "one value for every row, as the map says"


def test_every_fault_of_a_map_is_told(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = (
        'day_first = "yes"\nextra = 1\nignored = "x"\n[id_digits]\npackage_id = 0\nname = 3\n[tables.nobody]\nfrom = "x"\n'
        '[tables.rounds]\nfrom = 7\nwidth = 1\n[tables.rounds.columns]\nround_id = "Team"\nstaff = "team"\nheads = "x"\n'
        '[tables.rounds.fixed]\nround_id = "R"\nstaff = "many"\n[tables.packages.values.priority]\nP1 = "soon"\n'
    )
    (tmp_path / "map.toml").write_text(wrong, encoding="utf-8")
    ran = run(capsys, "tidy", folder.path, tmp_path / "out", "--map", tmp_path / "map.toml")
    told = [line.partition(":")[0].removeprefix("map.toml, ") for line in ran.err.splitlines()[:-1]]
    assert sorted(told) == sorted(
        [
            "day_first", "extra", "ignored", "id_digits.package_id", "id_digits.name", "tables.nobody", "tables.rounds.from",
            "tables.rounds.width", "tables.rounds.columns.heads", "tables.rounds.columns.staff", "tables.rounds.fixed.round_id",
            "tables.rounds.fixed.staff", "tables.rounds.fixed.staff", "tables.packages.values.priority.P1",
        ]
    )  # fmt: skip
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    ran = run(capsys, "tidy", folder.path, tmp_path / "out", "--map", tmp_path / "map.toml")
    assert "Teams: expected a sheet or file of this name for rounds, as the map says; found 'none'" in ran.err


def test_a_map_says_how_many_digits_ids_have(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in ("packages.csv", "visits.csv", "offers.csv"):
        text = folder.text(file)
        for number in range(1, 7):
            text = text.replace(f"N{number},", f"{'12' if number < 6 else '012'}{number},")
        folder.write(file, text)
    assert "an id of 4 digits" in run(capsys, "tidy", folder.path, tmp_path / "out").err
    (tmp_path / "map.toml").write_text("[id_digits]\npackage_id = 4\n", encoding="utf-8")
    ran = run(capsys, "tidy", folder.path, tmp_path / "out", "--map", tmp_path / "map.toml")
    assert ran.code == 0, ran.err
    ids = {package.package_id for package in read_snapshot(tmp_path / "out").snapshot.packages}
    assert {f"012{number}" for number in range(1, 7)} <= ids
    (tmp_path / "map.toml").write_text("[id_digits]\npackage_id = 3\n", encoding="utf-8")
    ran = run(capsys, "tidy", folder.path, tmp_path / "other", "--map", tmp_path / "map.toml")
    assert "expected an id of 3 digits, as the map says; found '0126'" in ran.err


def test_what_cannot_be_written_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing, link = tmp_path / "nowhere" / "blank.xlsx", tmp_path / "link.xlsx"
    link.symlink_to(missing)
    ran = run(capsys, "template", missing)
    assert (ran.code, ran.err) == (2, f"Refused: {missing} cannot be written: No such file or directory.\n")
    ran = run(capsys, "template", link)
    assert (ran.code, ran.err) == (2, f"Refused: {link} cannot be written: File exists.\n")


@pytest.mark.parametrize("heading", ["area_id", "Area ID"])
def test_a_column_with_one_value_for_all_has_none_of_its_own(
    heading: str, folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write("teams.csv", f"Team,provider_id,Heads,staff_hours_per_week,{heading}\nRD1,ALDER,2,46.5,A2\n")
    (folder.path / "rounds.csv").unlink()
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    ran = run(capsys, "tidy", folder.path, tmp_path / "out", "--map", tmp_path / "map.toml")
    assert (ran.code, ran.err.splitlines()[0]) == (
        2,
        "teams.csv, line 1, column E: expected no column area_id, of which the map has one value for every row under 'fixed';"
        " found 'one'",
    )
