"""The files beside a snapshot, an earlier plan read back, and cells that no spreadsheet takes for formulas."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from optimiser.domain.plan import AgreedMove, EarlierMove
from optimiser.io.faults import InputRefusedError
from optimiser.io.moves import read_earlier, read_history, read_known
from optimiser.io.spreadsheets import escaped, spreadsheet, unescaped
from tests.making.transfers import small_county


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_they_are_read_in_any_order(tmp_path: Path) -> None:
    history = put(
        tmp_path,
        "history.csv",
        "hours_per_week,date,package_id,from_provider_id\n3.25,2026-06-01,Z2,OLD\n2,2026-05-01,Z1,SMALL\n",
    )
    agreed = put(tmp_path, "agreed.csv", "round_id,date\nR4,2027-03-29\nR1,2027-03-01\n")
    refused = put(tmp_path, "refused.csv", "package_id,refused_by\nA1,family\n")
    wishes = put(tmp_path, "wishes.csv", "package_id,wish\nA2,direct_payment\n")
    known, notes = read_known(small_county(), history=history, agreed=agreed, refused=refused, wishes=wishes)
    assert known.history == (
        EarlierMove(dt.date(2026, 5, 1), "Z1", "SMALL", 120),
        EarlierMove(dt.date(2026, 6, 1), "Z2", "OLD", 195),
    )
    assert known.agreed == (AgreedMove("R1", dt.date(2027, 3, 1)), AgreedMove("R4", dt.date(2027, 3, 29)))
    assert known.refused == {"A1"}
    assert known.wishes == {"A2"}
    assert not notes


@pytest.mark.parametrize(
    ("which", "text", "said"),
    [
        (
            "history",
            "date,package_id,from_provider_id,hours_per_week\n2026-12-01,Z,OLD,2\n",
            "line 2, date: expected a date up to",
        ),
        (
            "history",
            "date,package_id,from_provider_id,hours_per_week\n2026-11-01,Z,OLD,2\n2026-11-01,Z,SMALL,2\n",
            "line 3, package_id: expected each move once",
        ),
        ("history", "date,package_id,hours_per_week\n2026-11-01,Z,2\n", "from_provider_id: expected this column"),
        ("agreed", "round_id,date\nR1,2027-03-01\nR1,2027-03-29\n", "expected each round once"),
        ("agreed", "round_id,date\nR1,March\n", "expected a date such as"),
        ("refused", "package_id\nNOBODY\n", "expected a known package_id"),
        ("wishes", "package_id,wish\nA1,stay\n", "expected one of direct_payment"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, which: str, text: str, said: str) -> None:
    path = put(tmp_path, f"{which}.csv", text)
    with pytest.raises(InputRefusedError) as refused:
        read_known(small_county(), **{which: path})
    assert said in "\n".join(fault.message() for fault in refused.value.faults)


def test_a_provider_that_left_or_is_mistyped_is_a_note_with_the_nearest_name(tmp_path: Path) -> None:
    rows = "2026-11-01,Z1,OLDE,2\n2026-11-02,Z2,OLDE,2\n2026-11-02,Z3,QQQQ,2\n"
    path = put(tmp_path, "history.csv", f"date,package_id,from_provider_id,hours_per_week\n{rows}")
    moves, notes = read_history(path, small_county())
    assert [move.from_provider_id for move in moves] == ["OLDE", "OLDE", "QQQQ"]
    assert [note.message() for note in notes] == [
        "history.csv: provider 'OLDE' is not in the snapshot (nearest: 'OLD'); what it lost limits nobody (2 times)",
        "history.csv: provider 'QQQQ' is not in the snapshot; what it lost limits nobody",
    ]


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError):
        read_known(small_county(), refused=tmp_path / "none.csv")


def test_an_earlier_plan_is_read_back(tmp_path: Path) -> None:
    put(tmp_path, "transfers.csv", "round_id,decision,wave,date\nR1,transfer,1,2027-03-01\nR2,stay,,\n")
    assert read_earlier(tmp_path) == {"R1": dt.date(2027, 3, 1), "R2": None}
    put(tmp_path, "transfers.csv", "round_id,decision,date\nR1,transfer,\nR1,stay,\n")
    with pytest.raises(InputRefusedError) as refused:
        read_earlier(tmp_path)
    assert [fault.column for fault in refused.value.faults] == ["date", "round_id"]


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-3", "@name", "\tx"])
def test_formulas_are_escaped_and_come_back(cell: str) -> None:
    assert escaped(cell) == f"'{cell}"
    assert unescaped(escaped(cell)) == cell


def test_plain_cells_are_left_alone() -> None:
    assert [escaped(cell) for cell in ("R1", "it's", "'quoted'", "", "3-4")] == ["R1", "it's", "'quoted'", "", "3-4"]
    assert unescaped("'quoted'") == "'quoted'"
    assert spreadsheet(("a", "b"), [{"a": "=x"}]) == b"a,b\n'=x,\n"
