"""The command line as a whole: every command in a process of its own, help at once, exit codes, a reader that leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from optimiser.__main__ import main
from optimiser.version import SOFTWARE
from tests.commands.running import run, run_alone
from tests.making.folders import Folder

COMMANDS = ["check", "allocate", "explain", "band", "rules", "demo"]


def test_check_runs_alone(folder: Folder) -> None:
    ran = run_alone("check", folder.path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Accepted: Three small areas, as of 2026-11-23.\n")


def test_check_refuses_alone(folder: Folder) -> None:
    folder.change("packages.csv", "N5", status="lost")
    ran = run_alone("check", folder.path)
    assert (ran.code, ran.out) == (2, "")
    assert "packages.csv, line 6, status" in ran.err
    assert "Traceback" not in ran.err


def test_allocate_and_explain_run_alone(folder: Folder, tmp_path: Path) -> None:
    ran = run_alone("allocate", folder.path, "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (0, "")
    assert f"Written to {tmp_path / 'out'}." in ran.out
    ran = run_alone("explain", tmp_path / "out", "N1")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Package N1 in area A1: placed on C1.\n")


def test_band_runs_alone(folder: Folder) -> None:
    ran = run_alone("band", "52.60", "1.10", "--in", folder.path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Band 1: 0.00 miles in a straight line from Market Place Surgery, the nearest band centre")


def test_rules_runs_alone() -> None:
    ran = run_alone("rules")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("# Rule book ")


def test_demo_and_its_options_are_explained_alone() -> None:
    ran = run_alone("demo", "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "--out" in ran.out
    assert "--replace" in ran.out


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["check", "--help"], ["allocate", "--help"], ["--version"], []])
def test_help_and_version_load_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys\n"
        "from optimiser.__main__ import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit:\n"
        "    pass\n"
        "heavy = {'numpy', 'ortools', 'scipy', 'shapely', 'pyproj', 'geopandas', 'weasyprint', 'networkx', 'rich', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stderr == "[]\n"
    assert "optimiser" in ran.stdout


def test_the_package_itself_loads_nothing_heavy() -> None:
    script = "import sys, optimiser; print('numpy' in sys.modules, optimiser.read_snapshot.__name__)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "False read_snapshot\n"


def test_help_names_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert all(f"    {command}" in said for command in COMMANDS)
    assert all(f"\n  {code}" in said for code in ("0 ", "2 ", "3 ", "4 ", "130 "))


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "--version")
    assert (ran.code, ran.out, ran.err) == (0, f"optimiser {SOFTWARE}\n", "")


def test_without_a_command_help_is_shown_and_nothing_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys)
    assert ran.code == 2
    assert ran.out.startswith("usage: optimiser")


@pytest.mark.parametrize(
    "arguments",
    [
        ["conquer"],
        ["check"],
        ["check", "a", "b"],
        ["allocate", "county"],
        ["allocate", "county", "--out"],
        *(["allocate", "county", "--out", "x", "--wall-seconds", each] for each in ("soon", "nan", "-1", "inf")),
        ["explain", "out"],
        ["explain", "out", "N1", "--for", "neighbour"],
        ["band"],
        ["postcodes", "build", "nr.csv"],
        ["rules", "--xml"],
    ],
)
def test_a_wrong_command_line_is_refused_with_its_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: optimiser" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["rules"], ["--version"], ["--help"]])
def test_a_reader_that_leaves_early_is_no_mistake(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "optimiser", *arguments], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(writing)
    assert ran.stderr == ""
    assert ran.returncode == 0


def test_a_reader_that_leaves_early_changes_no_exit_code(folder: Folder, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    given = ["allocate", str(folder.path), "--out", str(tmp_path / "out"), "--wall-seconds", "0"]
    try:
        ran = subprocess.run([sys.executable, "-m", "optimiser", *given], stdout=writing, stderr=writing, check=False)
    finally:
        os.close(writing)
    assert ran.returncode == 3
    assert (tmp_path / "out" / "result.json").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "x" * 300],
        ["allocate", "x" * 300, "--out", "out"],
        ["allocate", "county", "--out", "x" * 300],
        ["band", "52.6", "1.1", "--in", "x" * 300],
        ["explain", "x" * 300, "N1"],
    ],
)
def test_a_name_too_long_for_the_disk_is_refused(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Folder.make(tmp_path / "county")
    monkeypatch.chdir(tmp_path)
    ran = run(capsys, *arguments)
    assert ran.code == 2
    assert ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["county"]


def test_a_wish_to_stop_before_there_is_a_plan_writes_nothing(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("optimiser.io.reading.read_snapshot", stop)
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "out")
    assert ran.code == 130
    assert "nothing was written" in ran.err
    assert not (tmp_path / "out").exists()
