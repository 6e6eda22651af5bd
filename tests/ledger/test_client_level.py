"""The return of client-level data: running care line by line, worked by hand; empty where a snapshot holds nothing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from optimiser.ledger.client_level_codes import HEADINGS, MANDATORY, OF_THE_COUNCIL
from tests.commands.running import run
from tests.making.folders import Folder

Capture = pytest.CaptureFixture[str]
PERIOD = ("--from", "2026-10-01", "--to", "2026-12-31")
MAP = """
la_code = "926"
dates = "day_first"
[columns]
"LA Person Unique Identifier" = "our_person"
"Primary Support Reason" = "psr"
"Gender" = "sex"
[words."Primary Support Reason"]
"PD" = "Physical support: Personal care support"
"MC" = "Support with memory and cognition"
[services]
enablement = ["Short term support: ST-Max", "Reablement"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """R1 and R2 are of one person, R3 has a word that the map does not know, of R4 nothing is recorded; R3 is held."""
    made = Folder.make(tmp_path / "county")
    own = {"R1": ("77", "PD", "Female"), "R2": ("77", "PD", "Female"), "R3": ("78", "??", "Male")}
    rows = made.rows("packages.csv")
    for row in rows:
        row["our_person"], row["psr"], row["sex"] = own.get(row["package_id"], ("", "", ""))
        row["held_until"] = "2026-12-01" if row["package_id"] == "R3" else ""
        row["service"] = ""
    made.put("packages.csv", rows, [*made.header("packages.csv"), "held_until", "service", "our_person", "psr", "sex"])
    (tmp_path / "return.toml").write_text(MAP, encoding="utf-8")
    return made


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8"), newline="")))


def test_each_running_care_is_a_service_at_its_price_of_the_day(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    ran = run(capsys, "cld", folder.path, *PERIOD, "--map", tmp_path / "return.toml", "--out", tmp_path / "out", "--json")
    assert ran.code == 0, ran.err
    record, rows = json.loads(ran.out), table(tmp_path / "out", "client-level.csv")
    assert tuple(rows[0]) == HEADINGS
    first = {heading: cell for heading, cell in rows[0].items() if cell}
    # R1: 21 hours with ALDER on C1, whose price is 25.50 in band 1 since April; ALDER has no location of CQC's.
    assert first == {
        "LA Code": "926",
        "Reporting Period Start Date": "01/10/2026",
        "Reporting Period End Date": "31/12/2026",
        "LA Person Unique Identifier": "77",
        "Gender": "Female",
        "Client Type": "Service user",
        "Primary Support Reason": "Physical support: Personal care support",
        "Event Type": "Service",
        "Event Reference": "R1",
        "Event Start Date": "04/05/2026",
        "Service Type": "Long term support: Community",
        "Service Component": "Home support or domiciliary care",
        "Unit Cost": "25.50",
        "Cost Frequency (Unit Type)": "Hourly",
        "Planned units per week": "21.00",
    }
    assert [row["Event Reference"] for row in rows] == ["R1", "R2", "R3", "R4"]
    assert [row["Provider CQC Location ID"] for row in rows] == ["", "1-12", "1-11", "1-12"]
    assert [row["Primary Support Reason"] for row in rows[2:]] == ["", ""], "a word that the map does not know is not guessed at"
    # 21 + 14 + 10 + 8.75 hours
    assert (record["events"], record["people"], record["hours_per_week"]) == (4, 2, "53.75")
    reasons = {each["column"]: each for each in record["left_empty"]}
    assert (reasons["Primary Support Reason"]["lines"], reasons["Primary Support Reason"]["mandatory"]) == (2, True)
    assert (reasons["NHS Number"]["lines"], reasons["LA Person Unique Identifier"]["lines"]) == (4, 1)
    assert "Unit Cost" not in reasons
    assert json.loads((tmp_path / "out" / "client-level.json").read_text(encoding="utf-8")) == record


def test_the_totals_add_up_and_count_people_only_where_all_are_known(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    run(capsys, "cld", folder.path, *PERIOD, "--map", tmp_path / "return.toml", "--out", tmp_path / "out")
    rows, totals = table(tmp_path / "out", "client-level.csv"), table(tmp_path / "out", "client-level-totals.csv")
    costs = [float(row["Unit Cost"]) * float(row["Planned units per week"]) for row in rows]
    assert float(totals[0]["weekly_gbp"]) == pytest.approx(sum(costs), abs=0.02)
    assert (totals[0]["by"], totals[0]["events"], totals[0]["people"]) == ("all", "4", ""), "R4's person is not known"
    by_reason = {each["of"]: each for each in totals if each["by"] == "Primary Support Reason"}
    personal_care = by_reason["Physical support: Personal care support"]
    assert (personal_care["events"], personal_care["people"], personal_care["hours_per_week"]) == ("2", "1", "35.00")
    for heading in ("Service Type", "Service Component", "Primary Support Reason", "Provider CQC Location ID"):
        assert sum(int(each["events"]) for each in totals if each["by"] == heading) == 4, heading


def test_the_codes_are_those_of_the_value_sets(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    ran = run(capsys, "cld", folder.path, *PERIOD, "--map", tmp_path / "return.toml", "--out", tmp_path / "out", "--json")
    codes = {each["event_reference"]: each for each in table(tmp_path / "out", "client-level-codes.csv")}
    assert (
        codes["R1"] | {"status": "active", "support_reason": "PS-PCS", "service_category": "LTS-C", "service_type": "HS"}
        == codes["R1"]
    )
    assert codes["R3"]["status"] == "onhold", "held while the person is in hospital"
    assert codes["N6"]["status"] == "planned", "accepted, and not begun"
    assert "N1" not in codes, "nobody has accepted it"
    assert json.loads(ran.out)["systems"]["status"] == "http://hl7.org/fhir/episode-of-care-status"


def test_a_service_that_the_map_does_not_tell_of_is_left_empty(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    folder.change("contracts.csv", "C5", tier="specialist", contract_id="C5")
    rows = folder.rows("contracts.csv")
    for row in rows:
        row["service"] = "night_sitting" if row["contract_id"] == "C5" else ""
    folder.put("contracts.csv", rows, [*folder.header("contracts.csv"), "service"])
    folder.change("packages.csv", "R4", service="night_sitting")
    ran = run(capsys, "cld", folder.path, *PERIOD, "--out", tmp_path / "out", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["services_without_a_type"] == {"night_sitting": 1}
    assert table(tmp_path / "out", "client-level.csv")[3]["Service Component"] == ""
    mapped = MAP.replace("enablement", "night_sitting").partition("[columns]")
    (tmp_path / "return.toml").write_text(mapped[0] + "[services]" + mapped[2].partition("[services]")[2], encoding="utf-8")
    run(capsys, "cld", folder.path, *PERIOD, "--map", tmp_path / "return.toml", "--out", tmp_path / "out", "--replace")
    assert table(tmp_path / "out", "client-level.csv")[3]["Service Component"] == "Reablement"


WRONG = {
    "no such heading": ('"Shoe Size" = "sex"', "columns.Shoe Size"),
    "no such column": ('"Postcode" = "their_postcode"', "columns.Postcode"),
    "a number": ('"Postcode" = 7', "columns.Postcode"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_map_is_refused(wrong: tuple[str, str], folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "return.toml").write_text(MAP.replace("[columns]", f"[columns]\n{wrong[0]}"), encoding="utf-8")
    ran = run(capsys, "cld", folder.path, *PERIOD, "--map", tmp_path / "return.toml", "--out", tmp_path / "out")
    assert (ran.code, wrong[1] in ran.err, (tmp_path / "out").exists()) == (2, True, False)


def test_every_fault_of_a_map_is_told_at_once(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    wrong = MAP.replace("Personal care support", "Care").replace('"Reablement"', '"Rehab"').replace("day_first", "month_first")
    (tmp_path / "return.toml").write_text("more = 1\n" + wrong, encoding="utf-8")
    ran = run(capsys, "cld", folder.path, *PERIOD, "--map", tmp_path / "return.toml", "--out", tmp_path / "out")
    assert ran.code == 2
    for where in ("more", "dates", "words.Primary Support Reason.PD", "services.enablement"):
        assert f"return.toml, {where}: expected" in ran.err, where


def test_lists_and_tables_where_words_belong_are_faults_like_others(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    wrong = MAP.replace('"day_first"', '["day_first"]').replace('"Reablement"', '["Reablement"]')
    (tmp_path / "return.toml").write_text(wrong + 'nights = [{of = "nights"}, "Reablement"]', encoding="utf-8")
    ran = run(capsys, "cld", folder.path, *PERIOD, "--map", tmp_path / "return.toml", "--out", tmp_path / "out")
    assert ran.code == 2
    for where in ("dates", "services.enablement", "services.nights"):
        assert f"return.toml, {where}: expected" in ran.err, where


def test_a_day_outside_the_period_is_refused(folder: Folder, tmp_path: Path, capsys: Capture) -> None:
    ran = run(capsys, "cld", folder.path, "--from", "2026-07-01", "--to", "2026-09-30", "--out", tmp_path / "out")
    assert (ran.code, "expected a snapshot of a day from 2026-07-01 to 2026-09-30; found 2026-11-23" in ran.err) == (2, True)


def test_what_is_asked_of_a_service_is_known_by_its_heading() -> None:
    assert len(set(HEADINGS)) == len(HEADINGS) == 50
    assert {*MANDATORY, *OF_THE_COUNCIL} <= set(HEADINGS)
