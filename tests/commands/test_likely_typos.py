"""A mistyped skill or date is said by whatever reads the county, and stands in the summary of a run; its value in neither."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from optimiser.io.likely_typos import SAME_BUT_FOR_LOOKS
from tests.commands.running import Ran, run
from tests.making.folders import Folder

LACKING = f"packages.csv: no provider has a skill that is needed, so nobody can be asked ({SAME_BUT_FOR_LOOKS})"
FAR = "packages.csv: start_by is more than 20 years from 2026-11-23"


@pytest.fixture
def mistyped(folder: Folder) -> Folder:
    folder.change("packages.csv", "N2", skills="Dementia")
    folder.change("packages.csv", "N4", start_by="2206-11-25")
    return folder


@pytest.fixture
def _database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'county.db'}")
    monkeypatch.setenv("OPTIMISER_AS_OF", "2026-11-23")


def test_check_says_where_and_shows_the_value_on_a_terminal_alone(
    mistyped: Folder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [line for line in run(capsys, "check", mistyped.path).out.splitlines() if line.startswith("Note: ")]
    assert said == [f"Note: {LACKING} (line 3)", f"Note: {FAR} (line 5)"]
    assert run(capsys, "check", mistyped.path, "--show-values").out.count("Dementia") == 0, "what is printed may end in a log"
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)
    shown = run(capsys, "check", mistyped.path, "--show-values").out
    assert f"Note: {LACKING} (line 3); found 'Dementia' (nearest: 'dementia')" in shown
    assert f"Note: {FAR} (line 5); found '2206-11-25'" in shown
    assert "Dementia" not in run(capsys, "check", mistyped.path).out


@pytest.mark.usefixtures("_database")
def test_load_says_it(mistyped: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "load", mistyped.path, "--practice")
    assert ran.code == 0
    assert f"Note: {LACKING} (line 3)" in ran.out.splitlines()
    assert "Dementia" not in ran.out + ran.err


def _is_said(ran: Ran) -> bool:
    said = [line for line in ran.out.splitlines() if line.startswith("Probably mistyped: ")]
    assert "Dementia" not in ran.out + ran.err
    return said == [f"Probably mistyped: {LACKING}", f"Probably mistyped: {FAR}"]


@pytest.mark.parametrize("command", ["allocate", "reoptimise", "nightly"])
def test_it_stands_in_the_summary_of_a_run_and_in_its_record(
    mistyped: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    ran = run(capsys, command, mistyped.path, "--out", tmp_path / "out", "--quiet")
    assert ran.code in (0, 3)
    assert _is_said(ran)
    made = tmp_path / "out" / ("latest" if command == "nightly" else "")
    assert json.loads((made / "run.json").read_text("utf-8"))["probably_mistyped"] == [LACKING, FAR]
    assert b"mistyped" not in (made / "result.json").read_bytes()
    if command == "nightly":
        assert json.loads((made / "nightly.json").read_text("utf-8"))["probably_mistyped"] == [LACKING, FAR]
        assert f"<li>{FAR}</li>" in (made / "nightly.html").read_text("utf-8")


@pytest.mark.usefixtures("_database")
def test_a_night_from_the_services_database_says_it_too(
    mistyped: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "load", mistyped.path, "--practice").code == 0
    assert _is_said(run(capsys, "nightly", "--out", tmp_path / "out", "--quiet"))


def test_where_nothing_is_mistyped_nothing_is_said(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "nightly", folder.path, "--out", tmp_path / "out", "--quiet")
    assert "Probably mistyped" not in ran.out + ran.err
    assert "Probably mistyped" not in (tmp_path / "out" / "latest" / "nightly.html").read_text("utf-8")


@pytest.mark.parametrize("odd", ["-N2", "---", "=N2", "2026/0451", "--all", "-5"])
def test_an_explanation_is_found_by_any_id(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str], odd: str) -> None:
    for name in ("packages.csv", "offers.csv"):
        folder.write(name, folder.text(name).replace("N2,", f"{odd},"))
    folder.write("providers.csv", folder.text("providers.csv").replace("BIRCH,", "-BIRCH,"))
    for name in ("offices.csv", "contracts.csv", "restrictions.csv", "locations.csv"):
        folder.write(name, folder.text(name).replace(",BIRCH,", ",-BIRCH,"))
    folder.write("packages.csv", folder.text("packages.csv").replace("BIRCH;", "-BIRCH;"))
    out = tmp_path / "out"
    assert run(capsys, "allocate", folder.path, "--out", out, "--quiet").code in (0, 3)
    planner = run(capsys, "explain", "--", out, odd)
    assert (planner.code, planner.out.splitlines()[0].startswith(f"Package {odd} in area A1")) == (0, True)
    note = run(capsys, "explain", "--for=provider", "--provider=-BIRCH", "--", out, odd)
    assert (note.code, note.err) == (0, "")
