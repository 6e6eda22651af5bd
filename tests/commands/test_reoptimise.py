"""``optimiser reoptimise``: a result with its list of changes, whole or not at all; a history that is wrong is refused whole."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random

import pytest

from optimiser.reoptimising.report import changes_header
from tests.commands.running import run
from tests.making import days
from tests.making.folders import Folder
from tests.making.written import write
from tests.reoptimising.test_by_hand import PAIR, row_of

LEVELS = (
    "unmet_urgent", "unmet_discharge", "unmet", "disruption", "legacy", "principal_first", "volume_share", "cost", "travel",
)  # fmt: skip


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """One person has to move so that another is placed."""
    folder = tmp_path / "pair"
    folder.mkdir()
    write(row_of(*PAIR, spare="BRACKEN"), folder, Random(1))
    return folder


FILES = {"allocations.csv", "result.json", "explanations.jsonl", "run.json", "changes.csv"}


def changes(folder: Path) -> list[dict[str, str]]:
    with (folder / "changes.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_a_result_has_its_list_of_changes(pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "reoptimise", pair, "--out", tmp_path / "out", "--quiet")
    assert ran.code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    told = changes(tmp_path / "out")
    assert tuple(told[0]) == changes_header(LEVELS)
    assert [(row["step"], row["package_id"], row["kind"], row["from_contract_id"], row["to_contract_id"]) for row in told] == [
        ("1", "R1", "move", "F-ALDER", "F-BRACKEN"),
        ("1", "N1", "place", "", "F-ALDER"),
    ]
    assert {(row["gain_unmet"], row["cumulative_unmet"], row["gain_disruption"]) for row in told} == {("720", "720", "-1")}
    with (tmp_path / "out" / "allocations.csv").open(encoding="utf-8") as stream:
        lines = {row["package_id"]: row for row in csv.DictReader(stream)}
    assert (lines["R1"]["moved"], lines["R1"]["contract_id"], lines["N1"]["moved"]) == ("true", "F-BRACKEN", "false")
    assert lines["R1"]["reason"] == told[0]["reason"]
    assert "1 person would change provider (at most 25 may, at most 4 in one step), in 1 step." in ran.out


def test_both_parts_of_the_unmet_level_are_shown(pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "reoptimise", pair, "--out", tmp_path / "out", "--quiet", "--max-moves", "3")
    said = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert tuple(level["name"] for level in said["levels"]) == LEVELS
    assert said["reoptimise"]["unmet_parts"] == {"waiting": 0, "move_charge": 720}
    assert (said["reoptimise"]["max_moves"], said["reoptimise"]["moves"]) == (3, 1)
    assert [few["steps"] for few in said["reoptimise"]["first_steps"]] == [5, 10]


def test_who_is_moved_is_explained(pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "reoptimise", pair, "--out", tmp_path / "out", "--quiet")
    planner = run(capsys, "explain", tmp_path / "out", "R1")
    assert planner.code == 0
    assert "Makes room in step 1 to place one person waiting" in planner.out
    person = run(capsys, "explain", tmp_path / "out", "R1", "--for", "person", "--contact", "the Care Line on 01603 496 0123")
    assert "Your care goes on as it is for now." in person.out
    assert "Bracken" in person.out


def test_the_history_limits_what_a_provider_loses(pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = tmp_path / "moves.csv"
    history.write_text(f"date,package_id,from_provider_id,hours_per_week\n{days(-30)},X1,ALDER,5\n", encoding="utf-8")
    ran = run(capsys, "reoptimise", pair, "--out", tmp_path / "out", "--quiet", "--history", history)
    assert ran.code == 0
    assert "No change is worth making." in ran.out
    assert changes(tmp_path / "out") == []


def test_a_history_with_faults_is_refused_whole(pair: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = tmp_path / "moves.csv"
    history.write_text(
        f"date,package_id,from_provider_id,hours_per_week\n{days(1)},X1,ALDER,5\n{days(-3)},X2,GONE,5\n{days(-3)},X2,ALDER,5\n",
        encoding="utf-8",
    )
    ran = run(capsys, "reoptimise", pair, "--out", tmp_path / "out", "--quiet", "--history", history)
    assert ran.code == 2
    assert "moves.csv, line 2" in ran.err
    assert "moves.csv, line 4" in ran.err
    assert "Refused: 2 fault(s) in moves.csv. Nothing was written." in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "count"),
    [
        *(("--max-moves", count) for count in ("-1", "1.5", "many", "")),
        *(("--step-moves", count) for count in ("0", "-1", "00", "")),
    ],
)
def test_a_number_of_moves_is_a_whole_number(folder: Folder, tmp_path: Path, option: str, count: str) -> None:
    from optimiser.__main__ import main

    with pytest.raises(SystemExit) as ended:
        main(["reoptimise", str(folder.path), "--out", str(tmp_path / "out"), option, count])
    assert ended.value.code == 2
