"""``optimiser allocate --everybody-free``: totals written whole, and what makes no sense with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from optimiser.io.folders import EVERYBODY_FREE_FILES
from tests.commands.running import run
from tests.making.folders import Folder

Capture = pytest.CaptureFixture[str]
TOGETHER = (
    ("--only-area", "A1"),
    ("--only-package", "N1"),
    ("--only-round", "RD1"),
    ("--only-provider", "BIRCH"),
    ("--pin", "N1=waiting"),
    ("--pins", "pins.csv"),
    ("--travel-by", "rounds:there"),
    ("--if-others-move",),
    ("--certificate",),
)


def test_totals_are_written_and_no_plan(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    ran = run(capsys, "allocate", folder.path, "--everybody-free", "--out", tmp_path / "out", "--quiet")
    assert ran.code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == EVERYBODY_FREE_FILES | {"run.json"}
    assert "It is not a plan, and it proposes to move nobody" in ran.out
    again = run(capsys, "allocate", folder.path, "--everybody-free", "--out", tmp_path / "out", "--quiet", "--replace", "--json")
    record = json.loads(again.out)
    assert (again.code, record["everybody_free"]) == (0, True)
    assert record == json.loads((tmp_path / "out" / "everybody-free.json").read_text("utf-8"))


def test_nothing_of_it_can_be_explained_or_applied(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    run(capsys, "allocate", folder.path, "--everybody-free", "--out", tmp_path / "out", "--quiet")
    asked = run(capsys, "explain", tmp_path / "out", "N1")
    assert asked.code == 2
    assert asked.out == ""


@pytest.mark.parametrize("other", TOGETHER, ids=lambda other: other[0])
def test_what_says_for_whom_a_run_is_makes_no_sense_with_it(
    other: tuple[str, ...], folder: Folder, tmp_path: Path, capsys: Capture
) -> None:
    ran = run(capsys, "allocate", folder.path, "--everybody-free", *other, "--out", tmp_path / "out", "--quiet")
    assert ran.code == 2
    assert f"{other[0]}: expected without --everybody-free: it places all care of the county afresh" in ran.err
    assert not (tmp_path / "out").exists()
