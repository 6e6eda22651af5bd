"""Single columns: what cells are understood as, and which are refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from optimiser.io.cells import Column
from optimiser.io.schema import TABLES
from optimiser.tidying.column_work import Settings, Understood
from optimiser.tidying.kinds import Kind, meaning_of
from optimiser.tidying.sheets import BrokenCell, Cell
from optimiser.tidying.understanding import understand

PLAIN = Settings()


def column(table: str, name: str) -> Column:
    return next(each for each in TABLES[f"{table}.csv"] if each.name == name)


def read(
    table: str, name: str, cells: Sequence[Cell], settings: Settings = PLAIN, *, typed: bool = False, comma: bool = True
) -> Understood:
    one = column(table, name)
    return understand(one, meaning_of(one), cells, settings, typed=typed, comma=comma)


def starts(*cells: Cell, day_first: bool = False) -> list[str]:
    """The dates of a column; ``?`` where one is refused."""
    made = read("contracts", "starts", cells, Settings(day_first))
    return ["?" if at in made.faults else cell for at, cell in enumerate(made.cells)]


def test_every_column_of_the_format_has_a_kind_of_its_own() -> None:
    kinds = {(table, each.name): meaning_of(each).kind for table, columns in TABLES.items() for each in columns}
    assert kinds["packages.csv", "start_by"] is Kind.DATE
    assert kinds["offers.csv", "offered_at"] is Kind.MOMENT
    assert kinds["visits.csv", "earliest_start"] is Kind.TIME
    assert kinds["contracts.csv", "guarantee"] is Kind.SHARE
    assert kinds["contracts.csv", "rate_band_2"] is Kind.POUNDS
    assert kinds["contracts.csv", "bands"] is Kind.CHOICES
    assert kinds["packages.csv", "skills"] is Kind.WORDS
    assert kinds["surgeries.csv", "longitude"] is kinds["surgeries.csv", "latitude"] is Kind.NUMBER
    ids = {name for (_, name), kind in kinds.items() if kind is Kind.IDENTIFIER}
    assert {name for _, name in kinds if name.endswith("_id")} <= ids
    assert ids - {name for _, name in kinds if name.endswith("_id")} == {"service", "part_of", "succeeds"}
    free = {"name", "reason", "why", "holds", "protected", "telephone", "email", "language", "wish"}
    assert free <= {name for (_, name), kind in kinds.items() if kind is Kind.TEXT}


def test_a_column_shows_its_order_by_one_date_that_fits_no_other() -> None:
    assert starts("01/04/2026", "13/04/2026") == ["2026-04-01", "2026-04-13"]
    assert starts("4/1/2026", "4/13/2026") == ["2026-04-01", "2026-04-13"]
    assert starts("1.4.2026", "13-4-2026") == ["2026-04-01", "2026-04-13"]


def test_dates_that_fit_both_orders_are_refused_unless_somebody_said_which() -> None:
    assert starts("01/04/2026", "2026-05-02", "") == ["?", "2026-05-02", ""]
    assert starts("01/04/2026", day_first=True) == ["2026-04-01"]
    assert starts("05/05/2026") == ["2026-05-05"], "the fifth of May in both orders"


def test_a_column_in_which_both_orders_occur_is_refused_whatever_was_said() -> None:
    for day_first in (False, True):
        assert starts("13/04/2026", "04/13/2026", "01/02/2026", day_first=day_first) == ["?"] * 3
    assert starts("4/13/2026", day_first=True) == ["?"]


def test_text_beside_dates_of_the_spreadsheet_may_have_been_swapped() -> None:
    assert starts(dt.date(2026, 4, 1), "13/04/2026", day_first=True) == ["2026-04-01", "?"]
    assert starts(dt.date(2026, 4, 1), dt.datetime(2026, 4, 13)) == ["2026-04-01", "2026-04-13"]


def test_dates_written_in_two_ways_in_one_column_are_in_doubt() -> None:
    assert starts("1/4/2026", "13/04/2026") == ["?", "?"], "a program has changed the first, perhaps its order too"
    assert starts("1/4/2026", "13/04/2026", day_first=True) == ["2026-04-01", "2026-04-13"]


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2026/4/1", "2026-04-01"), ("1 April 2026", "2026-04-01"), ("01-Apr-26", "2026-04-01"),
        ("Wed 1 Apr 2026", "2026-04-01"),
        ("April 1, 2026", "2026-04-01"), ("1st Sept 2026", "2026-09-01"),
        ("25/12/26", "2026-12-25"), (" 2026-04-01\u00a0", "2026-04-01"),
        ("31/03/30", "?"), ("46113", "?"), (46113.0, "?"), ("31/02/2026", "?"), ("1 Apx 2026", "?"), ("Apr-26", "?"),
        ("########", "?"),
        (True, "?"), (dt.time(0), "?"), (dt.date(1900, 2, 28), "?"), (dt.datetime(2026, 4, 1, 9), "?"), ("#REF!", "?"),
        ("today", "?"),
    ],
)  # fmt: skip
def test_dates(cell: Cell, date: str) -> None:
    assert starts(cell) == [date]


def test_moments_keep_their_time_and_a_date_alone_is_none() -> None:
    cells: list[Cell] = [
        "20/11/2026 09:30",
        "2026-11-20T15:10:00",
        dt.datetime(2026, 11, 3, 9, 29, 59, 999_500),
        "2026-11-20 9:30 PM",
    ]
    made = read("offers", "offered_at", cells[:2])
    assert made.cells == ["2026-11-20T09:30:00", "2026-11-20T15:10:00"]
    assert read("offers", "offered_at", [cells[2]]).cells == ["2026-11-03T09:30:00"]
    assert read("offers", "offered_at", [cells[3]]).cells == ["2026-11-20T21:30:00"]
    assert set(read("offers", "offered_at", ["2026-11-20", dt.date(2026, 11, 20), "20/11/2026", 46346.5]).faults) == {0, 1, 2, 3}
    assert set(read("offers", "offered_at", ["03/11/2026 09:30"]).faults) == {0}


def test_times() -> None:
    cells: list[Cell] = ["7:30", "07:30", "16:00:00", dt.time(7, 30), dt.timedelta(hours=7, minutes=30)]
    assert read("visits", "earliest_start", cells).cells == ["07:30", "07:30", "16:00", "07:30", "07:30"]
    assert read("visits", "earliest_start", ["7:30 am", "12:15 PM", "12:05 a.m."]).cells == ["07:30", "12:15", "00:05"]
    assert set(read("visits", "earliest_start", ["7:30 pm", "8:00", "16:00"]).faults) == {1}, "morning or evening?"
    refused: list[Cell] = [0.3125, 7.5, "7.30", "0730", "25:00", "13:00 pm", dt.timedelta(hours=31), True]
    assert set(read("visits", "earliest_start", refused).faults) == set(range(len(refused)))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("£24.00", "24.00"),
        ("£ 1,024.50", "1024.50"),
        ("24.5 GBP", "24.5"),
        (24.0, "24"),
        (25.400000000000002, "25.4"),
        ("24", "24"),
    ],
)
def test_pounds(cell: Cell, text: str) -> None:
    made = read("contracts", "rate_band_1", [cell])
    assert (made.cells, made.faults) == ([text], {})


@pytest.mark.parametrize(
    "cell", ["$24", "€24", "24p", "1.2E+02", "24.0.0", "twenty", dt.date(2026, 5, 1), True, BrokenCell("x"), "#N/A"]
)
def test_what_is_no_pounds(cell: Cell) -> None:
    assert set(read("contracts", "rate_band_1", [cell]).faults) == {0}


def test_pounds_stand_with_pounds_alone() -> None:
    assert set(read("packages", "hours_per_week", ["£7"]).faults) == {0}
    assert read("contracts", "guarantee", ["80%", "0.8", 0.8, "12.5 %"]).cells == ["0.80", "0.8", "0.8", "0.125"]
    assert set(read("contracts", "max_hours_4w", ["80%"]).faults) == {0}


def test_thousands_and_commas_before_decimals() -> None:
    def hours(*cells: Cell, comma: bool = True) -> list[str]:
        made = read("contracts", "max_hours_4w", cells, comma=comma)
        return ["?" if at in made.faults else cell for at, cell in enumerate(made.cells)]

    assert hours("1,234", "1 234", "60") == ["1234", "1234", "60"]
    assert hours("1,234", comma=False) == ["?"], "a thousand, or a little more than one, where commas part no columns"
    assert hours("1.234", comma=False) == ["?"]
    assert hours("1.234,50", "60,25", "1.234", comma=False) == ["1234.50", "60.25", "1234"]
    assert hours("1,234.5", "1,234", comma=False) == ["1234.5", "1234"]
    assert hours("60,25", "60.25", "1,234", "60") == ["?", "60.25", "?", "60"], "both ways occur"
    assert hours("60,25", "1,234")[1] == "?"
    latitude = read("offices", "latitude", ["52.654", "52.601"], comma=False)
    assert latitude.cells == ["52.654", "52.601"], "fifty thousand degrees are no place"


def test_true_and_false() -> None:
    cells: list[Cell] = [True, "FALSE", "Yes", "n", 1.0, "0"]
    assert read("surgeries", "band_centre", cells).cells == ["true", "false", "true", "false", "true", "false"]
    assert set(read("surgeries", "band_centre", ["x", 2.0, "WAHR"]).faults) == {0, 1, 2}


def test_words_of_lists() -> None:
    assert read("providers", "cqc_rating", ["Requires improvement", "GOOD", "not-rated"]).cells == [
        "requires_improvement",
        "good",
        "not_rated",
    ]
    assert read("visits", "days", ["Mon, Tues, Thursday", "sat;sun", "Mon/Fri"]).cells == ["mon;tue;thu", "sat;sun", "mon;fri"]
    assert set(read("visits", "days", ["Mon-Fri", "weekdays", "m"]).faults) == {0, 1, 2}
    assert read("contracts", "bands", [1.0, "1;2"]).cells == ["1", "1;2"]
    assert set(read("contracts", "bands", [dt.date(2026, 2, 1), 12.0]).faults) == {0, 1}
    assert set(read("packages", "skills", ["medication, dementia", "n/a", "none"]).faults) == {0, 1, 2}
    assert read("packages", "skills", ["medication;dementia"]).cells == ["medication;dementia"]


def test_words_of_a_councils_own() -> None:
    settings = Settings(values={"1": "urgent", "Later": "planned", "?": ""})
    made = read("packages", "priority", [1.0, "1", " Later ", "urgent"], settings, typed=True)
    assert (made.cells, made.faults) == (["urgent", "urgent", "planned", "urgent"], {})
    assert read("packages", "source", ["?"], settings).cells == [""]


def test_ids() -> None:
    made = read("packages", "package_id", [1234.0, "P-1", 77], typed=True)
    assert (made.cells, made.how) == (["1234", "P-1", "77"], "numbers, read as their digits (2 cells)")
    refused: list[Cell] = [
        12.5, 1e16, "1.2E+05", "4E15", "12.0", "1,234", True, dt.date(2026, 11, 1), "01-Nov", "Mar-26", "01/11/2026",
        "2026-11-01", "#NAME?", "'00123", "P?1", "P\ufffd1", "PÃ©1",
    ]  # fmt: skip
    assert set(read("packages", "package_id", refused).faults) == set(range(len(refused)))
    assert set(read("packages", "bundle_id", ["n/a", "-", "B1"]).faults) == {0, 1}, "not one bundle of all who have none"


def test_text_shows_where_a_spreadsheet_changed_it() -> None:
    refused: list[Cell] = [12.0, True, dt.date(2026, 7, 24), "24-Jul", "1.0E+05", "Caf?s", "#NAME?", "donâ€™t"]
    assert set(read("restrictions", "reason", refused).faults) == set(range(len(refused)))
    assert read("restrictions", "reason", ["a, b; c?", " late visits\u00a0", "=no"]).cells == ["a, b; c?", "late visits", "=no"]
    assert set(read("providers", "telephone", ["1603123456", "01603123456", "+441603123456"]).faults) == {0}
    assert set(read("packages", "protected", ["None", "end_of_life"]).faults) == {0}


def test_a_note_says_how_a_column_was_understood() -> None:
    made = read("contracts", "starts", ["01/04/2026", "13/04/2026", "2026-04-14"])
    assert made.how == "the day first (23/11/2026) (2 cells)"
    assert read("contracts", "starts", ["2026-04-14", ""]).how == "as it stands"
