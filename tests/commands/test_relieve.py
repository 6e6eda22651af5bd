"""``optimiser relieve`` from end to end: files whole or not at all, the same bytes for shuffled rows, refusals, exit codes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from optimiser.explaining.notes import CONTACT
from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Solution
from optimiser.transferring.letters import NO_NUMBER
from tests.commands.running import run, run_alone
from tests.making.folders import Folder

FILES = {
    "relief.csv", "relief-rounds.csv", "uncovered-visits.csv", "result.json", "explanations.jsonl", "relief.html", "run.json",
    "letters.jsonl", "letters.txt", "letters-large-print.html", "letters-as-asked.html", "letters-to-check.csv",
}  # fmt: skip
ALDER = ("--provider", "ALDER", "--hours-4w", "80", "--from", "2026-12-07", "--quiet")


def rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_writes_a_folder_and_says_what_is_in_it(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    ran = run(capsys, "relieve", folder.path, *ALDER, "--out", out)
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} == FILES
    assert "uncovered_red" in ran.out
    assert "Checked: every rule and limit holds on 2026-12-07." in ran.out
    assert {row["decision"] for row in rows(out, "relief.csv")} <= {"kept", "moves", "uncovered"}
    result = json.loads((out / "result.json").read_bytes())
    assert result["losses"][0]["provider"] == "ALDER"
    assert run(capsys, "relieve", folder.path, *ALDER, "--out", out).code == 2
    assert run(capsys, "relieve", folder.path, *ALDER, "--out", out, "--replace").code == 0


def test_without_a_number_to_call_no_letter_is_written_and_it_says_so(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(CONTACT)
    asked = ("relieve", folder.path, *ALDER, "--out", tmp_path / "out")
    ran = run(capsys, *asked)
    assert ran.code == 0, ran.err
    letters = {"letters.jsonl", "letters.txt", "letters-large-print.html", "letters-as-asked.html"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES - letters
    assert NO_NUMBER in " ".join(ran.out.split())
    told = run(capsys, *asked, "--replace", "--json")
    assert json.loads(told.out)["command"] == "relieve"
    assert NO_NUMBER in told.err
    given = run(capsys, *asked, "--replace", "--contact", "the Care Line on 01603 496 0123")
    assert NO_NUMBER not in " ".join(given.out.split())
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES


def test_shuffled_rows_and_another_hash_seed_give_the_same_bytes(folder: Folder, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert run_alone("relieve", folder.path, *ALDER, "--out", one, environment={"PYTHONHASHSEED": "1"}).code == 0
    for name in ("packages.csv", "contracts.csv", "providers.csv", "offices.csv"):
        header, *lines = (folder.path / name).read_text(encoding="utf-8").splitlines()
        (folder.path / name).write_text("\n".join([header, *reversed(lines), ""]), encoding="utf-8")
    assert run_alone("relieve", folder.path, *ALDER, "--out", other, environment={"PYTHONHASHSEED": "2"}).code == 0
    for name in FILES - {"run.json"}:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--from", "2026-12-07"), "name each provider"),
        (("--provider", "ALDER", "--from", "2026-12-07"), "name each provider"),
        (("--provider", "ALDER", "--hours-4w", "-1", "--from", "2026-12-07"), "expected hours per four weeks such as"),
        (("--provider", "ALDER", "--hours-4w", "1e3", "--from", "2026-12-07"), "expected hours per four weeks such as"),
        (("--provider", "ALDER", "--hours-4w", "1", "--from", "7 December"), "expected a date such as"),
        (("--provider", "NOBODY", "--hours-4w", "1", "--from", "2026-12-07"), "there is no provider NOBODY"),
        (("--contract", "NONE", "--hours-4w", "1", "--from", "2026-12-07"), "there is no contract NONE"),
        (("--provider", "ALDER", "--hours-4w", "1", "--from", "2020-01-01"), "lies before the date of the snapshot"),
        (("--provider", "ALDER", "--hours-4w", "1", "--from", "9999-12-31"), "is the year right?"),
        ((*ALDER[:4], *ALDER[:4], "--from", "2026-12-07"), "provider ALDER is named 2 times"),
        (
            (*ALDER[:4], "--contract", "C1", "--hours-4w", "0", "--from", "2026-12-07"),
            "is one of provider ALDER, which is named as well",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...], said: str
) -> None:
    ran = run(capsys, "relieve", folder.path, *asked, "--out", tmp_path / "out")
    assert (ran.code, (tmp_path / "out").exists()) == (2, False)
    assert said in ran.err


def test_interrupted_the_best_plan_is_kept(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*given: object, **named: object) -> Solution:
        return solve(*given, **{**named, "should_stop": lambda: True})  # type: ignore[arg-type]

    monkeypatch.setattr("optimiser.transferring.relieving.story.solve", interrupted)
    out = tmp_path / "out"
    ran = run(capsys, "relieve", folder.path, *ALDER, "--out", out)
    assert ran.code == 130
    assert "Interrupted" in ran.out
    assert {path.name for path in out.iterdir()} == FILES
    assert json.loads((out / "result.json").read_bytes())["complete"] is False


def test_a_plan_that_the_check_does_not_confirm_is_not_written(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimiser.transferring.relieving.report.relief_faults", lambda *_: ["B fails a rule"])
    ran = run(capsys, "relieve", folder.path, *ALDER, "--out", tmp_path / "out")
    assert (ran.code, (tmp_path / "out").exists()) == (4, False)
    assert "DEFECT" in ran.err
