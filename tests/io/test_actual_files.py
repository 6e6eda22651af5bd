"""``actuals.csv``: every fault in one go; corrections as chains; nights over a change of clocks last what they lasted."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from optimiser.domain.actuals import MISSED, NONE, OUTCOMES
from optimiser.io import csv_columns
from optimiser.io.actual_files import ACTUALS, read_actuals
from optimiser.io.faults import InputRefusedError
from tests.making.actual_records import COLUMNS, Row, actuals, record, written


def faults(rows: list[Row], folder: Path) -> list[str]:
    with pytest.raises(InputRefusedError) as refused:
        actuals(rows, folder)
    return [fault.message() for fault in refused.value.faults]


def lasted(rows: list[Row], folder: Path) -> list[int]:
    read = actuals(rows, folder)
    return [int(left - arrived) // 60 for arrived, left in zip(read.arrived, read.left, strict=True)]


def test_a_record_is_read(tmp_path: Path) -> None:
    read = actuals([record("R1", worker_keys="b;a", who="family", why="other", outcome="missed")], tmp_path)
    assert (len(read), read.ids, read.package_names, read.visit_names) == (1, ["R1"], ["P1"], ["V1"])
    assert read.key_lists[read.keys[0]] == ("a", "b")
    assert OUTCOMES[read.outcomes[0]] == MISSED
    assert read.planned_minutes.tolist() == [30]
    assert (read.left - read.arrived).tolist() == [1800]


def test_what_may_be_empty_is_none(tmp_path: Path) -> None:
    read = actuals([record("R1", "", visit_id="", planned_start="", planned_minutes="", outcome="hospital")], tmp_path)
    assert (read.planned_minutes[0], read.who[0], read.why[0]) == (NONE, NONE, NONE)
    assert read.arrived[0] == read.left[0] == read.planned_start[0] < 0


def test_columns_that_came_later_may_be_missing(tmp_path: Path) -> None:
    required = [column.name for column in ACTUALS if not column.optional]
    row = {name: record("R1")[name] for name in required}
    read, notes = read_actuals(written([row], tmp_path / "actuals.csv", required))
    assert (len(read), len(notes), bool(read.replaced.any())) == (1, 0, False)


def test_every_fault_is_listed_at_once(tmp_path: Path) -> None:
    rows = [
        record("R1", outcome="came"),
        record("R1"),
        record("R3", workers=3, planned_minutes=0),
        record("R4", arrived="2026-11-23 8.00"),
        record("R5", arrived="2026-11-23T08:00:00.5"),
        record("R6", worker_keys="a;b;c"),
        record("R7") | {"date": "23/11/2026"},
    ]
    told = faults(rows, tmp_path)
    said = (
        "line 2, outcome: expected one of delivered",
        "line 3, actual_id: expected each actual_id once; found 'R1'",
        "line 4, planned_minutes",
        "line 4, workers",
        "line 5, arrived: expected a date and time in Europe/London",
        "line 6, arrived: expected a time to the second",
        "line 7, worker_keys: expected at most 2 pseudonyms, separated by ';'; found more",
        "line 8, date: expected a date such as 2026-11-23",
    )
    assert len(told) == len(said)
    assert all(words in fault for fault, words in zip(told, said, strict=True))


def test_a_correction_stands_in_place_of_what_it_corrects_along_a_chain(tmp_path: Path) -> None:
    rows = [record("R1"), record("R2", corrects="R1"), record("R3", corrects="R2", outcome="withdrawn"), record("R4")]
    assert actuals(rows, tmp_path).counts.tolist() == [False, False, False, True]
    assert actuals(rows[::-1], tmp_path).counts.tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        ({"R2": "R9"}, "line 3, corrects: expected an actual_id of this file; found 'R9'"),
        ({"R2": "R1", "R3": "R1"}, "line 4, corrects: expected each record corrected once; correct the correction"),
        ({"R1": "R1"}, "line 2, corrects: expected corrections that do not go round in a circle"),
        ({"R1": "R3", "R2": "R1", "R3": "R2"}, "line 2, corrects: expected corrections that do not go round in a circle"),
    ],
)
def test_chains_that_say_nothing_are_faults(chain: dict[str, str], said: str, tmp_path: Path) -> None:
    rows = [record(name, corrects=chain.get(name, "")) for name in ("R1", "R2", "R3")]
    assert said in faults(rows, tmp_path)[0]


def test_only_a_correction_withdraws(tmp_path: Path) -> None:
    assert "outcome: expected withdrawn in a correction alone" in faults([record("R1", outcome="withdrawn")], tmp_path)[0]


@pytest.mark.parametrize(
    ("arrived", "left", "minutes"),
    [
        ("2026-03-28T22:00", "2026-03-29T07:00", 8 * 60),  # nine hours on the clocks, of which one was skipped
        ("2026-10-24T22:00", "2026-10-25T07:00", 10 * 60),  # and an hour that came twice
        ("2026-03-29T00:30", "2026-03-29T02:30", 60),
        ("2026-10-25T00:30", "2026-10-25T01:30", 60),  # or two hours: the shorter is meant
        ("2026-10-25T01:30", "2026-10-25T02:30", 60),
        ("2026-10-25T01:50", "2026-10-25T01:10", 20),  # it ended in the second of the two
        ("2026-10-25T01:10", "2026-10-25T01:50", 40),
        ("2026-10-25T00:59", "2026-10-25T02:00", 121),  # across both: nothing is left to choose
        ("2026-10-24T01:30", "2026-10-24T02:30", 60),
    ],
)
def test_a_night_over_a_change_of_clocks_lasts_what_it_lasted(arrived: str, left: str, minutes: int, tmp_path: Path) -> None:
    assert lasted([record("R1", arrived=arrived, left=left)], tmp_path) == [minutes]


def test_times_that_were_shown_twice_or_never_are_marked(tmp_path: Path) -> None:
    rows = [
        record("R1", arrived="2026-10-25T01:30", left="2026-10-25T02:30"),
        record("R2", arrived="2026-10-25T02:30", left="2026-10-25T03:30"),
        record("R3", arrived="2026-03-29T01:30", left="2026-03-29T03:00"),
        record("R4", arrived="2026-03-29T02:30", left="2026-03-29T03:00"),  # the same instant as the skipped one
    ]
    read = actuals(rows, tmp_path)
    assert (read.repeated.tolist(), read.skipped.tolist()) == ([True, False, False, False], [False, False, True, False])
    assert ((read.left - read.arrived) // 60).tolist() == [60, 60, 30, 30]


def test_the_fast_way_reads_as_the_other_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain files are read by columns; anything unusual goes row by row. Random files, spoiled cell by cell, read alike."""
    dice = random.Random(4)
    for trial in range(60):
        rows = [record(f"R{at}", worker_keys=dice.choice(("", "a", "a;b"))) for at in range(dice.randrange(1, 6))]
        for _ in range(dice.randrange(3)):
            dice.choice(rows)[dice.choice(COLUMNS)] = dice.choice(
                ("", "x", "2026-11-23T08:00", "a,b", 'a"b', " ", "15", "missed")
            )
        path = written(rows, tmp_path / "actuals.csv")
        text = path.read_text(encoding="utf-8")
        text = {0: text, 1: text.replace("\n", "\r\n"), 2: text.rstrip("\n"), 3: text + "\n", 4: text + "a,b\n"}[trial % 5]
        path.write_text(text, encoding="utf-8", newline="")
        plain = _told(path)
        with monkeypatch.context() as patch:
            patch.setattr(csv_columns, "_plain", lambda *_: None)
            assert _told(path) == plain, text


def _told(path: Path) -> object:
    try:
        read, notes = read_actuals(path)
    except InputRefusedError as refused:
        return [fault.message() for fault in refused.faults]
    return [list(each) for each in (read.ids, read.days, read.arrived, read.left, read.outcomes, read.keys)], notes


def test_plain_files_are_read_the_fast_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a plain file was read row by row")

    monkeypatch.setattr(csv_columns, "_any", never)
    assert len(actuals([record("R1"), record("R2")], tmp_path)) == 2
