"""Runs one after the other, at the same time, and killed: the latest report is always whole."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from optimiser import exits
from optimiser.nightly.shelves import only_one
from tests.commands.running import Ran, run, run_alone

VILLAGES = Path(__file__).parent.parent.parent / "data" / "three_villages"
FILES = {
    "allocations.csv", "result.json", "explanations.jsonl", "run.json", "changes.csv", "nightly.html", "nightly.json",
    "facts.json",
}  # fmt: skip


@pytest.fixture
def villages(tmp_path: Path) -> Path:
    return Path(shutil.copytree(VILLAGES, tmp_path / "villages"))


def nightly(capsys: pytest.CaptureFixture[str], folder: Path, out: Path, *more: str) -> Ran:
    return run(capsys, "nightly", folder, "--out", out, "--quiet", *more)


def next_day(folder: Path, day: str) -> None:
    snapshot = folder / "snapshot.toml"
    lines = [line for line in snapshot.read_text(encoding="utf-8").splitlines() if not line.startswith("as_of")]
    snapshot.write_text("\n".join([f"as_of = {day}", *lines]) + "\n", encoding="utf-8")


def contents(report: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in report.iterdir()}


def test_the_first_run_writes_and_the_second_has_nothing_new(
    villages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "nights"
    first = nightly(capsys, villages, out)
    assert first.code == exits.PROVEN
    assert (out / "latest").readlink() == Path("000001-2026-11-23")
    before = contents(out / "latest")
    assert set(before) == FILES
    assert {path.stat().st_mode & 0o077 for path in (out, out / "latest", *(out / "latest").iterdir())} == {0}
    second = nightly(capsys, villages, out)
    assert second.code == exits.NOTHING_NEW == 7
    assert "Nothing new" in second.out
    assert contents(out / "latest") == before
    assert {path.name for path in out.iterdir()} == {".lock", "latest", "000001-2026-11-23"}
    assert nightly(capsys, villages, out, "--ids").code == exits.PROVEN, "another report is asked for"


def test_the_same_report_for_the_same_facts(villages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packages = villages / "packages.csv"
    nightly(capsys, villages, tmp_path / "one")
    head, *rows = packages.read_text(encoding="utf-8").splitlines()
    packages.write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    nightly(capsys, villages, tmp_path / "two")
    one, two = contents(tmp_path / "one" / "latest"), contents(tmp_path / "two" / "latest")
    assert {name for name in one if one[name] != two[name]} <= {"run.json"}


def test_a_lock_held_by_another_process(villages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "nights"
    nightly(capsys, villages, out)
    before = contents(out / "latest")
    next_day(villages, "2026-11-24")
    holding = (
        "import sys, pathlib; from optimiser.nightly.shelves import only_one\n"
        "with only_one(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        refused = nightly(capsys, villages, out)
        other.kill()
    assert refused.code == exits.LOCKED == 6
    assert "Another nightly run" in refused.err
    assert contents(out / "latest") == before
    with only_one(out):
        pass  # whoever was killed leaves no lock behind


KILLS = {
    "while writing": "import optimiser.io.folders as f; w = f._write\n"
    "f._write = lambda path, content: os._exit(9) if path.name == 'nightly.html' else w(path, content)",
    "before swapping": "import optimiser.nightly.shelves as s; s.swap = lambda *_: os._exit(9)",
    "before removing": "import optimiser.nightly.shelves as s; s.Shelf.forget = lambda *_: os._exit(9)",
}


@pytest.mark.parametrize("moment", KILLS)
def test_killed_at_any_moment_the_latest_is_whole(
    moment: str, villages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "nights"
    nightly(capsys, villages, out)
    before = contents(out / "latest")
    next_day(villages, "2026-11-24")
    program = f"import os, sys\n{KILLS[moment]}\nfrom optimiser.__main__ import main\nmain(sys.argv[1:])"
    killed = subprocess.run(
        [sys.executable, "-c", program, "nightly", str(villages), "--out", str(out), "--quiet"], capture_output=True, check=False
    )
    assert killed.returncode == 9
    swapped = moment == "before removing"
    assert (out / "latest").readlink().name == ("000002-2026-11-24" if swapped else "000001-2026-11-23")
    assert contents(out / "000001-2026-11-23") == before
    assert set(contents(out / "latest")) == FILES
    assert len(list(out.iterdir())) > 3, "something was left lying"
    assert nightly(capsys, villages, out).code == (exits.NOTHING_NEW if swapped else exits.PROVEN)
    assert {path.name for path in out.iterdir()} == {".lock", "latest", "000001-2026-11-23", "000002-2026-11-24"}
    assert json.loads((out / "latest" / "nightly.json").read_bytes())["since_last"]["since"] == "2026-11-23"


def test_reports_are_kept_for_so_many_days(villages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "nights"
    for day in ("2026-11-23", "2026-11-24", "2026-12-01"):
        next_day(villages, day)
        nightly(capsys, villages, out, "--keep-days", "7")
    assert sorted(path.name for path in out.iterdir()) == [".lock", "000002-2026-11-24", "000003-2026-12-01", "latest"]


def test_a_folder_with_something_else_in_it_is_left_alone(
    villages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "letters"
    out.mkdir()
    (out / "letter.txt").write_text("Dear Sir", encoding="utf-8")
    refused = nightly(capsys, villages, out)
    assert (refused.code, [path.name for path in out.iterdir()]) == (exits.REFUSED, ["letter.txt"])
    assert "letter.txt" in refused.err


def test_a_wrong_snapshot_leaves_the_latest(villages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "nights"
    nightly(capsys, villages, out)
    before = contents(out / "latest")
    (villages / "contracts.csv").unlink()
    assert nightly(capsys, villages, out).code == exits.REFUSED
    assert contents(out / "latest") == before


def test_from_the_database_of_the_service(villages: Path, tmp_path: Path) -> None:
    database = {"DATABASE_URL": f"sqlite:///{tmp_path / 'county.db'}"}
    assert run_alone("migrate", environment=database).code == exits.PROVEN
    assert run_alone("load", villages, environment=database).code == exits.PROVEN
    ran = run_alone("nightly", "--out", tmp_path / "nights", "--quiet", environment=database)
    assert ran.code == exits.PROVEN, ran.err
    assert "Steps worth taking: 6, in which 1 change provider." in ran.out
    assert set(contents(tmp_path / "nights" / "latest")) == FILES


def test_asked_for_it_tells_what_would_place_those_left_waiting_if_others_may_move(
    villages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--max-moves", "0", "--ids")
    nightly(capsys, villages, tmp_path / "plain", *asked)
    nightly(capsys, villages, tmp_path / "nights", *asked, "--if-others-move")
    said = []
    for out in ("plain", "nights"):
        record = json.loads((tmp_path / out / "latest" / "nightly.json").read_text(encoding="utf-8"))
        said.append({each["package_id"]: each["now"] for each in record["waiting"]})
    # data/three_villages/WORKED.md: one hour a week, so four in four weeks.
    more = "; contract hours of F-CLOVER +4 would do if others who wait may go elsewhere"
    assert said[0]["N6"] == "no room found"
    assert said[1] == {**said[0], "N6": f"no room found{more}"}
