"""``optimiser rounds build``: files that can be read back, byte for byte the same, and refusals that write nothing."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from optimiser import exits
from optimiser.commands.rounds.fit import told
from optimiser.io.reading import read_snapshot
from optimiser.io.rounds_plan import read_rounds_plan
from optimiser.io.staffing import read_staffing
from optimiser.rounds.check import Case, check
from optimiser.rounds.fitting.fit import Fit, Insertion
from optimiser.rounds.story import Order
from tests.commands.running import run

VILLAGES = Path("data/three_villages")


def test_the_villages_rounds_can_be_read_back_and_repeat(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = run(capsys, "rounds", "build", VILLAGES, "--provider", "ALDER", "--out", tmp_path / "one", "--quiet")
    assert ran.code == exits.PROVEN
    assert "Checked: every rule of rounds holds." in ran.out
    plan = read_rounds_plan(tmp_path / "one").plan
    snapshot = read_snapshot(VILLAGES).snapshot
    settings, workers, _ = read_staffing(VILLAGES, None, snapshot)
    order = Order(snapshot)
    assert check(Case(snapshot, settings, workers, plan, order.driving, order.walking, ("ALDER",))) == []
    # Two people are visited by two care workers, morning and evening, Monday to Friday: 2 x 2 x 2 x 5.
    assert len(plan.visits) == 40
    assert json.loads((tmp_path / "one" / "result.json").read_bytes())["figures"]["contact_seconds"] == 40 * 3600
    # With rows the other way round the files are the same, but for the run's own.
    shutil.copytree(VILLAGES, tmp_path / "turned")
    lines = (VILLAGES / "visits.csv").read_text().splitlines()
    (tmp_path / "turned" / "visits.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    run(capsys, "rounds", "build", tmp_path / "turned", "--provider", "ALDER", "--out", tmp_path / "two", "--quiet")
    for file in ("rounds_planned.csv", "visits_planned.csv", "unserved.csv", "result.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_whom_an_allocation_places_is_planned_with_those_in_care(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    placed = tmp_path / "allocation"
    placed.mkdir()
    lines = ["package_id,outcome,contract_id", "N4,placed,F-CLOVER", "N1,unmet,"]
    (placed / "allocations.csv").write_text("\n".join(lines) + "\n")
    told = ("rounds", "build", VILLAGES, "--provider", "CLOVER", "--quiet", "--allocation", placed)
    ran = run(capsys, *told, "--out", tmp_path / "out")
    assert ran.code == exits.PROVEN
    # R3 is in Clover's care, N4 comes with it; one visit each from Monday to Friday. Nobody is asked to visit N1.
    assert Counter(visit.visit_id for visit in read_rounds_plan(tmp_path / "out").plan.visits) == {"V05": 5, "V12": 5}
    (placed / "allocations.csv").write_text("package_id,outcome,contract_id\nN9,placed,F-CLOVER\n")
    refused = run(capsys, *told, "--out", tmp_path / "other")
    assert refused.code == exits.REFUSED
    assert "a package of the snapshot" in refused.err
    assert not (tmp_path / "other").exists()


def night_village(folder: Path) -> Path:
    """The villages, where one person's visits begin over midnight."""
    shutil.copytree(VILLAGES, folder)
    header, first, *rest = (VILLAGES / "visits.csv").read_text().splitlines()
    cells = first.split(",")
    cells[3:5] = "23:00", "01:00"
    (folder / "visits.csv").write_text("\n".join([header, ",".join(cells), *rest]) + "\n")
    return folder


def test_what_no_shift_can_hold_is_listed_and_told_by_the_exit_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    village, out = night_village(tmp_path / "village"), tmp_path / "out"
    visit = read_snapshot(village).snapshot.visits[0]
    asked = ("--provider", "ALDER", "--quiet", "--out", out, "--replace")
    ran = run(capsys, "rounds", "build", village, *asked)
    assert ran.code == exits.OPEN_GAPS
    assert "NOT PLANNED: 5 visit(s) a week of 1 package(s):" in ran.out
    why = "which no shift holds (morning 7am to 3pm, evening 3pm to 11pm)"
    assert f"it begins between 11pm and 1am the next day and lasts 1 hour, {why}" in ran.out
    (listed,) = json.loads((out / "result.json").read_bytes())["not_planned"]
    assert (listed["visit_id"], listed["days"], listed["why"]) == (
        visit.visit_id,
        ["mon", "tue", "wed", "thu", "fri"],
        "outside of every shift",
    )
    assert (out / "unserved.csv").read_text().count("11pm and 1am the next day") == 5

    ran = run(capsys, "rounds", "judge", village, *asked)
    assert ran.code == exits.OPEN_GAPS
    assert "NOT PLANNED: 5 visit(s) a week of 1 package(s):" in ran.out
    assert (out / "unserved.csv").read_text().count("11pm and 1am the next day") == 5

    nights = tmp_path / "nights.toml"
    nights.write_text('defaults.night = ["22:00", "07:00"]\n')
    ran = run(capsys, "rounds", "build", village, *asked, "--settings", nights)
    assert (ran.code, "NOT PLANNED" in ran.out) == (exits.PROVEN, False)
    assert "not_planned" not in json.loads((out / "result.json").read_bytes())
    assert read_rounds_plan(out, read_snapshot(village).snapshot).plan.rounds[-1].shift == "night"


def test_a_fit_says_times_after_midnight_and_what_no_shift_can_hold() -> None:
    put = Insertion("V1", "mon", "N001", "W1", 2, 26 * 3600, 60)
    fit = Fit("CLOVER", (put,), (), (("V2", "mon"), ("V3", "tue")), {"V3": "it lasts 24 hours"})
    assert told(fit) == [
        "mon: V1 at 02:00 the next day as number 2 of N001",
        "Nobody begins later.",
        "mon: no round has room for V2",
        "no shift can hold V3: it lasts 24 hours",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--area", "A9"], "expected an area of areas.geojson; found 'A9'"),
        (["--provider", "NOBODY"], "expected a provider of providers.csv; found 'NOBODY'"),
        (["--settings", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_what_is_not_there_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], said: str
) -> None:
    ran = run(capsys, "rounds", "build", VILLAGES, "--out", tmp_path / "out", *arguments)
    assert ran.code == exits.REFUSED
    assert said in ran.err
    assert not (tmp_path / "out").exists()
