"""``optimiser tonight`` from end to end: from a folder or the database, whole or not at all, the same bytes, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.running import run, run_alone
from tests.making.folders import Folder

FILES = {"tonight.csv", "without-times.csv", "who-has-minutes.csv", "tonight.html", "result.json", "run.json"}
ASKED = ("--provider", "ALDER", "--from", "2026-11-23T18:00")
Capture = pytest.CaptureFixture[str]


def test_it_writes_a_folder_that_only_its_owner_reads_and_prints_counts(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    told = {"if_missed": "amber", "can_step_in": "her sister"}
    rows = [row | (told if row["package_id"] == "R1" else dict.fromkeys(told, "")) for row in folder.rows("packages.csv")]
    folder.put("packages.csv", rows, [*folder.header("packages.csv"), *told])
    out = tmp_path / "out"
    ran = run(capsys, "tonight", folder.path, *ASKED, "--out", out)
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} == FILES
    assert (out / "tonight.html").stat().st_mode & 0o077 == 0
    assert "her sister" in (out / "tonight.html").read_text(encoding="utf-8")
    assert "R1" not in ran.out
    assert "sister" not in ran.out + (out / "result.json").read_text(encoding="utf-8")
    assert run(capsys, "tonight", folder.path, *ASKED, "--out", out).code == 2
    assert run(capsys, "tonight", folder.path, *ASKED, "--out", out, "--replace").code == 0


def test_the_database_and_shuffled_rows_and_another_hash_seed_give_the_same_bytes(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    one, other, third = tmp_path / "one", tmp_path / "other", tmp_path / "third"
    asked = ("--snow", "--from", "2026-11-23T18:00", "--out")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/county.db")
    monkeypatch.setenv("OPTIMISER_AS_OF", "2026-11-23")
    assert run(capsys, "tonight", folder.path, *asked, one).code == 0
    for name in ("packages.csv", "contracts.csv", "visits.csv", "providers.csv"):
        header, *lines = (folder.path / name).read_text(encoding="utf-8").splitlines()
        (folder.path / name).write_text("\n".join([header, *reversed(lines), ""]), encoding="utf-8")
    assert run_alone("tonight", folder.path, *asked, other, environment={"PYTHONHASHSEED": "2"}).code == 0
    assert run(capsys, "load", folder.path, "--practice").code == 0
    ran = run(capsys, "tonight", *asked, third)
    assert ran.code == 0, ran.err
    for name in FILES - {"run.json"}:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    assert (third / "tonight.csv").read_bytes() == (one / "tonight.csv").read_bytes()


def test_the_settings_of_a_transfer_that_the_database_keeps_are_gone_by(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/county.db")
    monkeypatch.setenv("OPTIMISER_AS_OF", "2026-11-23")
    folder.write("snapshot.toml", f'{folder.text("snapshot.toml")}\n[transfer]\nrelieve_not_recorded = "green"\n')
    assert run(capsys, "load", folder.path, "--practice").code == 0
    assert run(capsys, "tonight", *ASKED, "--out", tmp_path / "out").code == 0
    told = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert told["settings"] == {"relieve_not_recorded": "green"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--from", "tonight", "--snow"), "expected a date and a time"),
        (("--from", "2026-11-23T18:00"), "one of the two"),
        (("--from", "2026-11-23T18:00", "--provider", "ASH"), "there is no provider ASH"),
        (("--from", "2026-11-23T18:00", "--snow", "--rounds", "nowhere"), "rounds_planned.csv"),
        (("--from", "2026-11-23T18:00", "--snow", "--settings", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_a_refusal_writes_nothing(asked: tuple[str, ...], said: str, folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    ran = run(capsys, "tonight", folder.path, *asked, "--out", tmp_path / "out")
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "out").exists()


def test_a_list_that_the_check_does_not_confirm_is_a_defect(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("optimiser.tonight.report.tonight_faults", lambda *_: ["visit V1 of 2026-11-24 is listed 0 times"])
    ran = run(capsys, "tonight", folder.path, *ASKED, "--out", tmp_path / "out")
    assert ran.code == 4
    assert "is listed 0 times" in ran.err
    assert not (tmp_path / "out").exists()
