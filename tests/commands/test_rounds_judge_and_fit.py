"""``optimiser rounds judge`` and ``rounds fit``, and what ``build`` draws, on three villages."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from optimiser import exits
from tests.commands.running import run

VILLAGES = Path("data/three_villages")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The villages' rounds, exact."""
    from optimiser.__main__ import main

    folder = tmp_path_factory.mktemp("rounds") / "built"
    assert main(["rounds", "build", str(VILLAGES), "--out", str(folder), "--exact", "--quiet"]) == exits.PROVEN
    yield folder


def test_build_draws_its_rounds(built: Path) -> None:
    assert json.loads((built / "rounds.geojson").read_bytes())["personal_data"] is True
    page = (built / "rounds.html").read_text(encoding="utf-8")
    assert "PERSONAL DATA" in page and "V01" in page
    assert '<th scope="row">care workers needed</th><td>7</td>' in page


def test_a_waiting_package_and_each_providers_cheapest_insertion(capsys: pytest.CaptureFixture[str], built: Path) -> None:
    """N4 lives where Clover's R3 lives, 1,000 m or more from everybody else's: no way at all for Clover, on any day."""
    ran = run(capsys, "rounds", "fit", VILLAGES, "N4", "--rounds", built)
    assert ran.code == exits.PROVEN
    lines = [line.split() for line in ran.out.splitlines()]
    clover = next(line for line in lines if line[:1] == ["Clover"])
    assert clover[-3:] == ["CLOVER-M001", "0", "0"]
    assert "Elder Home Care     has no rounds" in ran.out
    assert "mon, tue, wed, thu, fri: V12 at 11:30 as number 2 of CLOVER-M001\n" in ran.out
    assert "Nobody begins later." in ran.out
    assert "Travel times: straight line" in ran.out


def test_without_rounds_those_of_the_eligible_providers_are_built_first(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "rounds", "fit", VILLAGES, "N4", "--quiet", "--most", "1")
    assert ran.code == exits.PROVEN
    assert "CLOVER-M001" in ran.out and "3 more (--most N)." in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["NOBODY"], "PACKAGE_ID: expected a package of packages.csv that waits"),
        (["R1"], "PACKAGE_ID: expected a package of packages.csv that waits"),
        (["N4", "--rounds", "nowhere"], "rounds_planned.csv"),
        (["N4", "--travel", "osrm:http://127.0.0.1:9"], "No travel times from the server 127.0.0.1:9"),
        (["N4", "--travel", "graph:none.graphml"], "The road graph none.graphml cannot be read"),
        (["N4", "--travel", "horse"], "--travel: expected straight-line"),
    ],
)
def test_what_cannot_be_fitted_is_refused(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    ran = run(capsys, "rounds", "fit", VILLAGES, *arguments, "--quiet")
    assert ran.code == exits.REFUSED
    assert said in ran.err
    assert ran.out == ""


def test_rounds_of_another_folder_are_refused(capsys: pytest.CaptureFixture[str], built: Path, tmp_path: Path) -> None:
    strange = tmp_path / "strange"
    shutil.copytree(built, strange)
    text = (strange / "visits_planned.csv").read_text()
    (strange / "visits_planned.csv").write_text(text.replace(",V01,", ",V99,"))
    ran = run(capsys, "rounds", "fit", VILLAGES, "N4", "--rounds", strange)
    assert ran.code == exits.REFUSED
    assert "a known visit_id: build the rounds again from this folder; found 'V99'" in ran.err


def judged(folder: Path, what: str) -> dict[str, dict[str, str]]:
    with (folder / f"judged_{what}.csv").open(newline="") as stream:
        return {row["name"]: row for row in csv.DictReader(stream)}


def test_rounds_and_providers_are_judged_by_their_staff(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Round RD1 of Alder visits two people morning and evening with two care workers each time: four shifts a day.

    Its two care workers, one shift a day each, can do the mornings or the evenings: 2 visits a day are left, 10 a week.
    """
    ran = run(capsys, "rounds", "judge", VILLAGES, "--out", tmp_path / "j", "--quiet")
    assert ran.code == exits.PROVEN
    rounds, providers = judged(tmp_path / "j", "rounds"), judged(tmp_path / "j", "providers")
    assert set(rounds) == {"RD1"}
    for row in (rounds["RD1"], providers["ALDER"]):
        assert (row["deliverable"], row["staff"], row["staff_needed"]) == ("no plan found", "2", "4")
        assert (row["unserved_visits"], row["contact_minutes"]) == ("10", "2400")
        assert row["where_it_breaks"].startswith("A1 mon 2;A1 tue 2")
    assert providers["ALDER"]["unserved_with_one_more"] == "10"  # one alone cannot do what needs two
    assert providers["CLOVER"]["deliverable"] == "staff not told"


def test_with_staff_enough_it_is_deliverable(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.copytree(VILLAGES, tmp_path / "four")
    table = tmp_path / "four" / "rounds.csv"
    table.write_text(table.read_text().replace(",2,46.0", ",4,60.0"))
    run(capsys, "rounds", "judge", tmp_path / "four", "--provider", "ALDER", "--out", tmp_path / "j", "--quiet")
    assert judged(tmp_path / "j", "rounds")["RD1"]["deliverable"] == "yes"
    alder = judged(tmp_path / "j", "providers")["ALDER"]
    assert (alder["deliverable"], alder["unserved_visits"], alder["unserved_with_one_more"]) == ("yes", "0", "")


def test_a_team_that_works_split_shifts_is_judged_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Four hours and their ways a day each, mornings and evenings: two care workers with 23 hours a week are enough."""
    (tmp_path / "split.toml").write_text("[defaults]\nsplit_shifts = true\n")
    arguments = ("--provider", "ALDER", "--settings", tmp_path / "split.toml", "--out", tmp_path / "j", "--quiet")
    assert run(capsys, "rounds", "judge", VILLAGES, *arguments).code == exits.PROVEN
    assert judged(tmp_path / "j", "rounds")["RD1"]["deliverable"] == "yes"
    assert judged(tmp_path / "j", "providers")["ALDER"]["deliverable"] == "yes"


def test_an_allocation_is_judged_with_its_placements(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """As if N4 had begun with Clover: a second person there. Placements that are none of this snapshot are refused."""
    header = "package_id,outcome,contract_id,provider_id,tier,area_id,band,distance_miles,moved,weekly_cost_gbp,reason\n"
    (tmp_path / "result").mkdir()
    table = tmp_path / "result" / "allocations.csv"
    table.write_text(header + "N4,placed,F-CLOVER,CLOVER,framework,A1,1,0.50,false,1.00,near\nN5,unmet,,,,A1,1,,false,,none\n")
    arguments = ("rounds", "judge", VILLAGES, "--allocation", tmp_path / "result", "--provider", "CLOVER", "--quiet")
    assert run(capsys, *arguments, "--out", tmp_path / "j").code == exits.PROVEN
    assert judged(tmp_path / "j", "providers")["CLOVER"]["people"] == "2"
    table.write_text(header + "N4,placed,F-NOBODY,X,framework,A1,1,0.50,false,1.00,near\nX9,unmet,,,,A1,1,,false,,none\n")
    refused = run(capsys, *arguments)
    assert refused.code == exits.REFUSED
    assert "a contract of the snapshot" in refused.err and "a package of the snapshot" in refused.err


def test_nobody_to_judge_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "rounds", "judge", VILLAGES, "--provider", "NOBODY", "--quiet")
    assert ran.code == exits.REFUSED
    assert "no care is running there" in ran.err
