"""Five minutes against fifteen, worked by hand: each group, the factor, short visits and the picture."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from tests.accounting.elm import county, person
from tests.making import FAKENHAM, framework, legacy
from tests.making.actual_records import made, record, table, terms
from tests.making.weeks import visit

ROWS = [
    record("R1", "08:00-08:22"),  # ELM at £24.00: 20 minutes £8.00, 15 minutes £6.00
    record("R2", "08:00-08:53", package_id="P2", visit_id="V2", planned_minutes=60),  # OAK at £30.00: 55 £27.50, 60 £30.00
    record("R3", "09:00-09:08", package_id="P3", visit_id="V3", planned_minutes=15),  # ELM, rural: 10 £4.00, 15 £6.00
]
PEOPLE = [person("P1"), person("P2", "L-OAK"), person("P3", place=FAKENHAM)]
VISITS = [
    visit("V1", "P1"),
    visit("V2", "P2", duration_minutes=60),
    visit("V3", "P3", duration_minutes=15, needs=("medication",)),
]
CONTRACTS = [framework("ELM"), legacy("OAK", rates_pence=(3000, 3000, 3000))]
HERE = county(people=PEOPLE, contracts=CONTRACTS, visits=VISITS)
BOTH = (terms(), terms("L-OAK"))


def test_the_same_visits_both_ways(tmp_path: Path) -> None:
    _, files = made(HERE, ROWS, tmp_path, *BOTH)
    told = {
        (row["by"], row["group"]): (row["gbp_5_minutes"], row["gbp_15_minutes"], row["difference_gbp"])
        for row in table(files, "increments.csv")
    }
    assert told == {
        ("all", "all"): ("39.50", "42.00", "2.50"),
        ("provider", "ELM"): ("12.00", "12.00", "0.00"),
        ("provider", "OAK"): ("27.50", "30.00", "2.50"),
        ("tier", "framework"): ("12.00", "12.00", "0.00"),
        ("tier", "legacy"): ("27.50", "30.00", "2.50"),
        ("area", "A1"): ("39.50", "42.00", "2.50"),
        ("length", "15 to 29 minutes"): ("4.00", "6.00", "2.00"),
        ("length", "30 to 44 minutes"): ("8.00", "6.00", "-2.00"),
        ("length", "60 minutes and more"): ("27.50", "30.00", "2.50"),
        ("rurality", "not rural"): ("35.50", "36.00", "0.50"),
        ("rurality", "rural"): ("4.00", "6.00", "2.00"),
        ("rurality", "rural, under 30 minutes"): ("4.00", "6.00", "2.00"),
    }


def test_the_factor_leaves_the_total_as_it_was(tmp_path: Path) -> None:
    """39.50 / 42.00 = 0.940476: OAK's £30.00 would be £28.21 an hour in steps of fifteen."""
    _, files = made(HERE, ROWS, tmp_path, *BOTH)
    assert table(files, "increments.csv")[0]["factor"] == "0.940476"


def test_minutes_round_as_the_terms_say(tmp_path: Path) -> None:
    """Up: 25 minutes £10.00, 30 minutes £12.00."""
    _, files = made(county(), ROWS[:1], tmp_path, terms(rounding="up"))
    assert [table(files, "increments.csv")[0][name] for name in ("gbp_5_minutes", "gbp_15_minutes")] == ["10.00", "12.00"]


def test_short_visits_are_told_with_what_they_were_for_or_why_they_were_cut(tmp_path: Path) -> None:
    rows = [*ROWS, record("R4", "18:00-18:12", visit_id="", planned_start="2026-11-23T18:00", outcome="cut_short", who="person")]
    _, files = made(HERE, rows, tmp_path, *BOTH)
    told = [(row["kind"], row["rurality"], row["why"], row["lines"]) for row in table(files, "short-visits.csv")]
    assert told == [
        ("delivered", "not rural", "not_recorded", "1"),
        ("delivered", "not rural", "person", "1"),
        ("planned", "rural", "medication", "1"),
    ]


def test_without_visits_there_is_a_total_of_nothing(tmp_path: Path) -> None:
    _, files = made(county(), [], tmp_path)
    assert [tuple(row.values()) for row in table(files, "increments.csv")] == [
        ("all", "all", "0", "0.00", "0.00", "0.00", "0.00", ""),
    ]


def test_the_picture_has_a_bar_and_the_figure_of_each_provider(tmp_path: Path) -> None:
    _, files = made(HERE, ROWS, tmp_path, *BOTH)
    picture = ElementTree.fromstring(files["increments.svg"])
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert words[2:] == ["OAK", "+£2.50 (+9.1%)", "ELM", "+£0.00 (+0.0%)"]
    bars = [float(each.attrib["width"]) for each in picture.iter("{http://www.w3.org/2000/svg}rect")][1:]
    assert bars[0] > 100 > bars[1] == 0
