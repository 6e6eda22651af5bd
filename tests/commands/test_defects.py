"""When the check does not confirm the model, when gaps stay open, and when somebody stops the run."""

from __future__ import annotations

import csv
import json
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from optimiser.county import County, Ints
from optimiser.domain.plan import Plan
from optimiser.io.reading import read_snapshot
from optimiser.judging.checking import findings
from optimiser.rules.base import Bools
from optimiser.rules.book import standard_rules
from optimiser.rules.eligibility.skills import Skills
from optimiser.rules.levels.cost import Cost
from optimiser.rules.vocabulary import Charges, Pairs
from optimiser.solving.outcome import Effort, Progress
from tests.commands.running import run
from tests.making.folders import Folder

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("replace", [["--replace"], []])
def test_a_model_that_counts_wrong_is_a_defect_and_nothing_is_written(
    folder: Folder, tmp_path: Path, replace: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    if replace:
        assert run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--quiet").code == 0
    before = {path: path.read_bytes() for path in (tmp_path / "out").glob("*")}
    right = Cost.charge

    def wrong(level: Cost, county: County, pairs: Pairs, charges: Charges) -> None:
        right(level, county, pairs, charges)
        charges.always(7)

    monkeypatch.setattr(Cost, "charge", wrong)
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "out", *replace)
    assert ran.code == 4
    assert ran.out == ""
    assert "DEFECT" in ran.err
    assert "nothing was written" in ran.err
    [said] = [line for line in ran.err.splitlines() if "disagree" in line]
    model, check = said.rsplit("cost: model ", 1)[1].split(", check ")
    assert int(model) == int(check) + 7
    assert {path: path.read_bytes() for path in (tmp_path / "out").glob("*")} == before
    assert {path.name for path in tmp_path.iterdir()} == ({"county", "out"} if replace else {"county"})


def anybody(_: Skills, county: County, packages: Ints) -> Bools:
    """A model half that has forgotten its rule."""
    return np.ones((len(packages), len(county.contracts)), dtype=np.bool_)


def test_a_model_that_lets_in_what_the_check_refuses_is_a_defect_and_nothing_is_written(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(Skills, "passes", anybody)
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "out")
    assert (ran.code, ran.out) == (4, "")
    assert "N4 on " in ran.err
    assert ": skills: " in ran.err
    assert {path.name for path in tmp_path.iterdir()} == {"county"}


def test_a_defect_report_tells_nothing_of_the_person(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(Skills, "passes", anybody)
    assert "tracheostomy" not in run(capsys, "allocate", folder.path, "--out", tmp_path / "out").err


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("reoptimise", ()),
        ("nightly", ()),
        ("stress", ("--worst", "0")),
        ("compare", ("--scenario",)),
        ("feasible", ("--require", "unmet=9h")),
    ],
)
def test_every_command_that_makes_plans_tells_a_defect(
    command: str, more: tuple[str, ...], folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (tmp_path / "scenario.toml").write_text(
        'title = "As it is"\n[[discharges]]\narea_id = "A1"\nper_week = 1\n', encoding="utf-8"
    )
    more = (*more, str(tmp_path / "scenario.toml")) if command == "compare" else more
    more = more if command == "feasible" else (*more, "--out", str(tmp_path / "out"))
    monkeypatch.setattr(Skills, "passes", anybody)
    ran = run(capsys, command, folder.path, *more)
    assert (ran.code, ran.out) == (4, "")
    assert ": skills: " in ran.err
    assert "tracheostomy" not in ran.err
    assert {path.name for path in (tmp_path / "out").glob("*")} <= {".lock"}


def test_a_plan_with_open_gaps_is_written_and_said_to_be_so(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def no_proof(wall_seconds: float | None) -> Effort:
        return Effort(cut_rounds=0, nodes=0, searches=0, search_nodes=0, wall_seconds=wall_seconds)

    monkeypatch.setattr("optimiser.commands.allocate.deciding.Effort", no_proof)
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "out")
    assert ran.code == 3
    assert "Not every level is proven" in ran.out
    said = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert not all(level["proven"] for level in said["levels"])
    assert all(level["bound"] <= level["best"] <= level["value"] for level in said["levels"])
    assert_legal(folder, tmp_path / "out")


def interrupting(at: int) -> Callable[..., Callable[[Progress], None]]:
    """A reporter whose reader presses Ctrl-C at the so-manyth line of news."""
    seen: list[Progress] = []

    def reporter(*, quiet: bool) -> Callable[[Progress], None]:
        assert not quiet
        return report

    def report(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == at:
            signal.raise_signal(signal.SIGINT)

    return reporter


@pytest.mark.parametrize("at", [1, 2, 5, 9])
def test_ctrl_c_during_the_solve_keeps_the_best_plan_so_far(
    folder: Folder, tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("optimiser.commands.allocate.deciding.reporter", interrupting(at))
    ran = run(capsys, "allocate", folder.path, "--out", tmp_path / "out")
    assert ran.code == 130
    assert "Interrupted" in ran.out
    said = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert said["complete"] is False
    assert (told["stopped"], told["repeatable"]) == ("cancelled", False)
    assert all(level["bound"] <= level["best"] for level in said["levels"])
    assert_legal(folder, tmp_path / "out")


def assert_legal(folder: Folder, out: Path) -> None:
    """What was written breaks no rule."""
    county = County.of(read_snapshot(folder.path).snapshot)
    with (out / "allocations.csv").open(encoding="utf-8", newline="") as table:
        on = {row["package_id"]: row["contract_id"] for row in csv.DictReader(table)}
    plan = Plan.of(county.contract_index[on[each.package_id]] if on[each.package_id] else None for each in county.packages)
    broken, _ = findings(county, standard_rules(), plan)
    assert broken == []
