"""``optimiser bridge`` from end to end: files whole or not at all, the same bytes for shuffled rows, exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from optimiser.io.exporting import write_snapshot
from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Solution
from tests.bridging.waiting import county, someone
from tests.commands.running import run, run_alone

FILES = {
    "bridge.csv", "people.csv", "trade-off.csv", "instead.csv", "others-waiting.csv", "bridge.json", "bridge.html",
    "explanations.jsonl", "run.json",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """14 hours are left for one large package, and four small ones."""
    people = [someone("LARGE", 4), *(someone(f"S{number}", if_missed="amber") for number in range(1, 5))]
    write_snapshot(county(people, elm=14), tmp_path / "county")
    return tmp_path / "county"


def test_it_writes_a_folder_and_says_what_is_in_it(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    ran = run(capsys, "bridge", folder, "--out", out, "--quiet")
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} == FILES
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.iterdir())
    assert (
        "14 hours of 28 hours a week covered: 1 with all of their visits that cannot wait, 0 with some, 4 with none." in ran.out
    )
    assert "a named person chooses and records why" in ran.out
    assert "LARGE" not in ran.out
    result = json.loads((out / "bridge.json").read_bytes())
    assert result["chosen"] is None
    with (out / "people.csv").open(encoding="utf-8", newline="") as file:
        told = {row["person_id"]: (row["harm_first_covers"], row["people_first_covers"]) for row in csv.DictReader(file)}
    assert told["LARGE"] == ("all", "some")
    page = (out / "bridge.html").read_text(encoding="utf-8")
    assert "People first instead of Harm first: 10.50 hours a week more for 3 people, 10.50 hours less for 1." in page
    explained = run(capsys, "explain", out, "LARGE")
    assert (explained.code, "damaged" in explained.err) == (2, False)
    assert f"read {out / 'explanations.jsonl'} itself" in explained.err
    assert run(capsys, "bridge", folder, "--out", out).code == 2
    assert run(capsys, "bridge", folder, "--out", out, "--replace", "--quiet").code == 0


def test_shuffled_rows_and_another_hash_seed_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert run_alone("bridge", folder, "--out", one, "--quiet", environment={"PYTHONHASHSEED": "1"}).code == 0
    for name in ("packages.csv", "visits.csv", "contracts.csv", "providers.csv", "offices.csv"):
        header, *lines = (folder / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_text("\n".join([header, *reversed(lines), ""]), encoding="utf-8")
    assert run_alone("bridge", folder, "--out", other, "--quiet", environment={"PYTHONHASHSEED": "2"}).code == 0
    for name in FILES - {"run.json"}:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_interrupted_the_best_plans_are_kept(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*given: object, **named: object) -> Solution:
        return solve(*given, **{**named, "should_stop": lambda: True})  # type: ignore[arg-type]

    monkeypatch.setattr("optimiser.bridging.story.solve", interrupted)
    ran = run(capsys, "bridge", folder, "--out", tmp_path / "out", "--quiet")
    assert ran.code == 130
    assert "Interrupted" in ran.out
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    assert json.loads((tmp_path / "out" / "bridge.json").read_bytes())["complete"] is False


def test_a_bridge_that_the_check_does_not_confirm_is_not_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimiser.bridging.report.bridge_faults", lambda *_: ["harm_first: D has two bridges"])
    ran = run(capsys, "bridge", folder, "--out", tmp_path / "out", "--quiet")
    assert (ran.code, (tmp_path / "out").exists()) == (4, False)
    assert "DEFECT" in ran.err
