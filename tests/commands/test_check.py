"""``optimiser check``: what a county holds, or everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimiser.io.reading import read_snapshot
from tests.commands.running import run
from tests.making.folders import OF_PEOPLE, Folder


def test_an_accepted_county_is_summed_up(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "check", folder.path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "Accepted: Three small areas, as of 2026-11-23.",
        "10 packages (101.00 hours a week), 6 of them new; 4 providers, 6 contracts, 3 areas.",
        "1 waiting for a provider's answer, 1 accepted.",
        f"Digest: {read_snapshot(folder.path).snapshot.digest()}",
    ]


def test_notes_and_limits_exceeded_on_entry_are_said(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("contracts.csv", "C2", max_hours_4w="50")
    folder.change("contracts.csv", "C4", ends="2026-04-01")
    ran = run(capsys, "check", folder.path)
    assert ran.code == 0
    exceeded = [line for line in ran.out.splitlines() if line.startswith("Exceeded on entry: ")]
    assert len(exceeded) == 1
    assert "C2" in exceeded[0]
    assert "Note: contracts.csv: area A1 has fewer than 3 framework contracts in force" in ran.out


def test_every_fault_is_said_on_the_error_stream_and_counted(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("packages.csv", "N4", status="lost")
    folder.change("contracts.csv", "C4", ends="never")
    folder.change("providers.csv", "ALDER", pamms_published="2026")
    ran = run(capsys, "check", folder.path)
    assert (ran.code, ran.out) == (2, "")
    lines = ran.err.splitlines()
    assert "packages.csv, line 5, status: expected one of new, active; found 'lost'" in lines
    assert "contracts.csv, line 5, ends: expected a date such as 2026-11-23; found 'never'" in lines
    assert "providers.csv, line 2, pamms_published: expected a date such as 2026-11-23; found '2026'" in lines
    assert lines[-1] == f"Refused: {len(lines) - 1} fault(s) in county."


def test_a_missing_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "check", tmp_path / "nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert "no such folder" in ran.err


def test_an_empty_county_is_accepted(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    for name in OF_PEOPLE:
        folder.put(name, [])
    ran = run(capsys, "check", folder.path)
    assert ran.code == 0
    assert "0 packages (0.00 hours a week), 0 of them new" in ran.out


@pytest.mark.parametrize("heading", ["\x1b[2J", "a\nb"])
def test_a_fault_is_one_line_and_moves_no_cursor(folder: Folder, heading: str, capsys: pytest.CaptureFixture[str]) -> None:
    header = [*folder.header("rounds.csv"), heading, heading]
    folder.put("rounds.csv", [row | {heading: ""} for row in folder.rows("rounds.csv")], header)
    ran = run(capsys, "check", folder.path)
    assert ran.code == 2
    assert all(line.isprintable() for line in ran.err.split("\n"))
    assert len(ran.err.splitlines()) == 2


@pytest.mark.parametrize("title", ["\x1b[2J", "a\nb"])
def test_a_title_moves_no_cursor(folder: Folder, title: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder.write(
        "snapshot.toml", f'as_of = 2026-11-23\ntitle = "{title.encode("unicode_escape").decode().replace("x1b", "u001b")}"\n'
    )
    ran = run(capsys, "check", folder.path)
    assert all(line.isprintable() for line in ran.out.split("\n"))
    assert len(ran.out.splitlines()) == 4


def test_an_empty_name_is_refused_even_inside_a_county(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder.path)
    assert run(capsys, "check", ".").code == 0
    ran = run(capsys, "check", "")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "Refused: expected a folder with a snapshot; found an empty name.\n"


def test_one_of_a_kind_is_not_called_several(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*OF_PEOPLE[1:], "rounds.csv", "restrictions.csv", "rates.csv"):
        folder.put(name, [])
    folder.drop("packages.csv", *(row["package_id"] for row in folder.rows("packages.csv") if row["package_id"] != "N1"))
    folder.drop("contracts.csv", *(row["contract_id"] for row in folder.rows("contracts.csv") if row["contract_id"] != "C1"))
    folder.drop("providers.csv", "BIRCH", "CEDAR", "DOGWOOD")
    folder.drop("offices.csv", "OF3", "OF4", "OF5")
    folder.drop("locations.csv", "1-11", "1-12")
    folder.drop("surgeries.csv", "S2")
    folder.areas(folder.features()[:1])
    said = run(capsys, "check", folder.path).out
    assert "1 package (7.00 hours a week), 1 of them new; 1 provider, 1 contract, 1 area.\n" in said


def test_thousands_of_equal_faults_are_said_in_a_line_beside_every_other(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = folder.rows("packages.csv")
    folder.put("packages.csv", [*rows, *(rows[0] | {"package_id": f"M{n}", "status": "lost"} for n in range(2000))])
    folder.change("packages.csv", "N4", status="gone")
    ran = run(capsys, "check", folder.path)
    lines = ", ".join(map(str, range(12, 32)))
    assert ran.code == 2
    assert ran.err.splitlines() == [
        "packages.csv, line 5, status: expected one of new, active; found 'gone'",
        f"packages.csv, lines {lines} and 1,980 more, status: expected one of new, active; found 'lost' (2,000 times)",
        f"Refused: 2 fault(s) in {folder.path.name}.",
    ]
