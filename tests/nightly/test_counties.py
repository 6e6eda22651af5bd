"""Many counties in one night: each by itself, whatever becomes of the others, and one summary of them all."""

from __future__ import annotations

import csv
import json
import shutil
from itertools import permutations
from pathlib import Path

import pytest

from optimiser import exits
from optimiser.commands.nightly.each_apart import each_apart
from optimiser.nightly.counties.county_endings import Ending, worst_of
from optimiser.nightly.shelves import only_one
from tests.commands.running import Ran, run
from tests.tasks_apart import ends_as_told

VILLAGES = Path(__file__).parent.parent.parent / "data" / "three_villages"
FILES = {"summary.csv", "summary.html", "result.json", "run.json"}


def counties(capsys: pytest.CaptureFixture[str], folder: Path, out: Path, *more: str) -> Ran:
    return run(capsys, "nightly", "--counties", folder, "--out", out, "--quiet", *more)


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A county that is refused, one like the villages, and one more for another run to be at work on."""
    folder = tmp_path / "counties"
    for name in ("Ashshire", "Beechshire", "Cedarshire"):
        shutil.copytree(VILLAGES, folder / name)
    (folder / "Ashshire" / "contracts.csv").unlink()
    (folder / ".hidden").mkdir()
    (folder / "notes.txt").write_text("to be read", encoding="utf-8")
    return folder


def test_each_county_ends_by_itself_and_the_summary_tells_of_all(
    three: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "nights"
    (out / "counties" / "Cedarshire").mkdir(parents=True)
    with only_one(out):
        held = counties(capsys, three, out)
    assert (held.code, {each.name for each in out.iterdir()}) == (exits.LOCKED, {".lock", "counties"})
    with only_one(out / "counties" / "Cedarshire"):
        ran = counties(capsys, three, out, "--workers", "2")
    assert ran.code == exits.REFUSED, "the worst of refused, proven and locked"
    assert "Exit code 2, the worst of all." in ran.out
    assert "Ashshire: contracts.csv: expected the file" in ran.err
    assert "notes.txt" in ran.err
    assert {each.name for each in (out / "summary").iterdir()} == FILES
    assert not [each.name for each in out.iterdir() if each.name not in (".lock", "counties", "summary")]

    with (out / "summary" / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["county"]: row for row in csv.DictReader(file)}
    assert {name: (row["ended"], row["exit_code"]) for name, row in rows.items()} == {
        "Ashshire": ("refused", "2"), "Beechshire": ("proven", "0"), "Cedarshire": ("locked", "6"),
    }  # fmt: skip
    # data/three_villages/WORKED.md: six wait with 40 hours a week; of 400 hours in four weeks Alder has 160, and 220 afterwards.
    told = rows["Beechshire"]
    figures = ("unmet_people_today", "unmet_hours_today_per_week", "unmet_people_after", "unmet_hours_after_per_week", "moves")
    assert [told[name] for name in figures] == ["6", "40.00", "0", "0.00", "1"]
    assert (told["principal_share_today"], told["principal_share_after"]) == ("0.400", "0.550")
    assert (told["levels_proven"], told["levels"], told["areas_below_band"]) == ("9", "9", "1")
    assert rows["Ashshire"]["as_of"] == rows["Cedarshire"]["unmet_people_today"] == ""

    page = (out / "summary" / "summary.html").read_text(encoding="utf-8")
    link = f"../{told['report']}/nightly.html"
    assert f'href="{link}"' in page
    assert (out / "summary" / link).exists()
    packages = (VILLAGES / "packages.csv").read_text(encoding="utf-8").splitlines()[1:]
    ids = {line.partition(",")[0] for line in packages}
    said = ran.out + "".join((out / "summary" / name).read_text(encoding="utf-8") for name in FILES - {"run.json"})
    assert not {each for each in ids if f">{each}<" in said or f'"{each}"' in said or f" {each} " in said}
    record = json.loads((out / "summary" / "result.json").read_text(encoding="utf-8"))
    assert record["ended"] == {"proven": 1, "locked": 1, "refused": 1}
    assert "seconds" not in json.dumps(record), "time stands in run.json alone"


def test_what_cannot_be_is_refused_whole(three: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = run(capsys, "nightly", VILLAGES, "--counties", tmp_path / "none", "--out", tmp_path / "a", "--history", "moves.csv")
    assert both.code == exits.REFUSED
    assert all(
        each in both.err for each in ("FOLDER is of one county", "--history is of one county", "cannot be read", "3 fault")
    )
    assert run(capsys, "nightly", VILLAGES, "--out", tmp_path / "a", "--workers", "2").code == exits.REFUSED
    assert "lie in one another" in counties(capsys, three, three / "nights").err
    assert "found none" in counties(capsys, three / ".hidden", tmp_path / "a").err
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "letter.txt").write_text("Dear Sir", encoding="utf-8")
    assert "letter.txt" in counties(capsys, three, tmp_path / "a").err
    assert [each.name for each in (tmp_path / "a").iterdir()] == ["letter.txt"]


def test_a_task_that_is_killed_stopped_or_late_ends_no_other(tmp_path: Path) -> None:
    """The one that asks is as Ctrl-C in this process: those at work are told, and what waits is not begun."""
    tasks = {"a": "waits", "b": "killed", "c": "asks", "d": "0"}
    ended = each_apart(ends_as_told, tasks, tmp_path, workers=2)
    assert {name: each.exit_code for name, each in ended.items()} == {"a": 130, "b": -9, "c": 130}
    assert "Interrupted before there was a plan" in ended["a"].said
    late = each_apart(ends_as_told, {"g": "deaf"}, tmp_path, workers=1, seconds=1.5, patience=0.1)["g"]
    assert (late.exit_code in (-9, 130), late.too_long, late.seconds < 30) == (True, True, True), "130 where it began late"
    assert list(tmp_path.iterdir()) == []
    words = [Ending(ended[name].exit_code if name in ended else None).word for name in tasks]
    assert words == ["interrupted", "crashed", "interrupted", "not_begun"]


def test_who_is_asked_to_end_before_it_begins_ends_as_by_ctrl_c(tmp_path: Path) -> None:
    """It hears so while it starts to listen, before its task."""
    ended = each_apart(ends_as_told, dict.fromkeys("abcd", "waits"), tmp_path, workers=2, seconds=0.0, patience=30.0)
    assert {name: each.exit_code for name, each in ended.items()} == dict.fromkeys("abcd", 130)


@pytest.mark.parametrize(
    ("codes", "worst"),
    [((7, 7), 7), ((7, 0), 0), ((0, 3), 3), ((3, 6, 7), 6), ((6, None), 130), ((130, 2), 2), ((-9, 0), 2), ((2, 4, 130), 4)],
)
def test_the_worst_counts_in_whatever_order(codes: tuple[int | None, ...], worst: int) -> None:
    assert {worst_of(map(Ending, each)) for each in permutations(codes)} == {worst}
