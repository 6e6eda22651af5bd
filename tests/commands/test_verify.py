"""``optimiser verify``: a result's bounds proven again from its certificate, and what is said where they are not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from optimiser.allocating import certifying
from optimiser.io.folders import ALLOCATION_FILES
from tests.commands.running import run, run_alone
from tests.making.folders import Folder


@pytest.fixture
def result(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    out = tmp_path / "out"
    assert run(capsys, "allocate", folder.path, "--out", out, "--certificate", "--quiet").code == 0
    return out


def changed(file: Path, change: Any) -> None:
    record = json.loads(file.read_text(encoding="utf-8"))
    change(record)
    file.write_text(json.dumps(record), encoding="utf-8")


def test_a_certificate_is_one_file_more_and_the_others_stay(
    folder: Folder, result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {each.name for each in result.iterdir()} == ALLOCATION_FILES | {"certificate.json"}
    assert run(capsys, "allocate", folder.path, "--out", tmp_path / "plain", "--quiet").code == 0
    for name in ALLOCATION_FILES - {"run.json"}:
        assert (result / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()
    assert run(capsys, "allocate", folder.path, "--out", result, "--replace", "--quiet").code == 0
    assert {each.name for each in result.iterdir()} == ALLOCATION_FILES


def test_it_is_the_same_whatever_the_hash_seed(folder: Folder, result: Path, tmp_path: Path) -> None:
    words = ("allocate", folder.path, "--out", tmp_path / "again", "--certificate", "--quiet")
    assert run_alone(*words, environment={"PYTHONHASHSEED": "7"}).code == 0
    assert (result / "certificate.json").read_bytes() == (tmp_path / "again" / "certificate.json").read_bytes()


def test_what_holds_is_said_level_by_level(folder: Folder, result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "verify", result, folder.path)
    assert (ran.code, ran.err) == (0, "")
    assert "9 of 9 levels are proven here. The plan keeps every rule." in ran.out
    told = json.loads(run(capsys, "verify", result, folder.path, "--json").out)
    assert told["holds"] is True
    assert told["levels_proven"] == 9
    assert {level["name"]: level["proves"] for level in told["levels"]}["legacy"] == 630


def test_verifying_loads_no_solver(folder: Folder, result: Path) -> None:
    script = (
        "import sys; from optimiser.__main__ import main; code = main(['verify', *sys.argv[1:]]);"
        "assert not [n for n in sys.modules if n.startswith(('ortools', 'optimiser.solving'))]; sys.exit(code)"
    )
    ran = subprocess.run([sys.executable, "-c", script, str(result), str(folder.path)], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_bound_that_its_prices_do_not_prove_is_found(folder: Folder, result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(result / "certificate.json", lambda record: record["levels"][3].update(bound=645))
    ran = run(capsys, "verify", result, folder.path)
    assert ran.code == 8
    assert "Does not hold: legacy: the certificate claims a bound of 645 and proves 630." in ran.err


def test_a_best_that_no_plan_has_is_found(folder: Folder, result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(result / "result.json", lambda record: record["levels"][3].update(best=585, bound=585, value=585))
    ran = run(capsys, "verify", result, folder.path)
    assert ran.code == 8
    assert "legacy: no plan is below 630, but the best told is 585" in ran.err
    assert "legacy: told is a value of 585, the plan has 630" in ran.err


def test_a_plan_that_breaks_a_rule_is_found_and_names_nobody(
    folder: Folder, result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = result / "allocations.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    running = next(i for i, line in enumerate(lines) if line.startswith("R1,"))
    cells = lines[running].split(",")
    other = next(line.split(",")[2] for line in lines[1:] if line.split(",")[2] not in ("", cells[2]))
    lines[running] = ",".join([*cells[:2], other, *cells[3:]])
    table.write_text("".join(lines), encoding="utf-8")
    ran = run(capsys, "verify", result, folder.path)
    assert ran.code == 8
    assert "Does not hold: the plan breaks rules: " in ran.err
    assert "running_care_stays" in ran.err
    assert "R1" not in ran.err


def test_who_ends_the_search_for_prices_keeps_the_allocation(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(certifying, "certify", interrupted)
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--certificate", "--quiet")
    assert ran.code == 130
    assert "there is no certificate beside the allocation" in ran.err
    assert {each.name for each in (tmp_path / "out").iterdir()} == ALLOCATION_FILES


def test_travel_by_rounds_is_not_certified(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--out", tmp_path / "out", "--certificate", "--travel-by", f"rounds:{tmp_path}")
    ran = run(capsys, "allocate", folder.path, *words)
    assert ran.code == 2
    assert "leave out --certificate or --travel-by" in ran.err
    assert not (tmp_path / "out").exists()


def test_another_snapshot_is_refused(folder: Folder, result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("packages.csv", "N4", hours_per_week="9.5")
    ran = run(capsys, "verify", result, folder.path)
    assert ran.code == 2
    assert "name the folder that the result was made from" in ran.err


def test_a_result_without_a_certificate_is_refused(folder: Folder, result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (result / "certificate.json").unlink()
    ran = run(capsys, "verify", result, folder.path)
    assert ran.code == 2
    assert "allocate … --certificate" in ran.err


def test_a_re_optimisation_is_refused(folder: Folder, result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "reoptimise", folder.path, "--out", tmp_path / "night", "--quiet").code == 0
    (tmp_path / "night" / "certificate.json").write_bytes((result / "certificate.json").read_bytes())
    ran = run(capsys, "verify", tmp_path / "night", folder.path)
    assert ran.code == 2
    assert "of re-optimisations nothing is certified" in ran.err


def test_a_part_and_pins_are_verified_as_they_were_asked(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "part"
    asked = ("--only-area", "A1", "--pin", "N4=waiting", "--certificate", "--quiet")
    assert run(capsys, "allocate", folder.path, "--out", out, *asked).code == 0
    ran = run(capsys, "verify", out, folder.path)
    assert (ran.code, ran.err) == (0, "")
