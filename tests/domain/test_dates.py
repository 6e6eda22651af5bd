"""Days that never run off the calendar; working days in England, bank holidays as published and those that a council adds."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from optimiser.domain.dates import (
    bank_holidays,
    days_after,
    is_holiday,
    is_working_day,
    moment_after,
    months_after,
    working_day_from,
    working_day_up_to,
)

FIRST, LAST = dt.date.min, dt.date.max


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        (dt.date(2028, 2, 28), 2, dt.date(2028, 3, 1)),
        (dt.date(2028, 3, 1), -1, dt.date(2028, 2, 29)),
        (LAST, 1, LAST),
        (LAST, 10**9, LAST),
        (FIRST, -1, FIRST),
        (FIRST, 1, dt.date(1, 1, 2)),
    ],
)
def test_days(day: dt.date, count: int, later: dt.date) -> None:
    assert days_after(day, count) == later


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(9999, 9, 30), 3, dt.date(9999, 12, 30)),
        (dt.date(9999, 10, 1), 3, LAST),
        (LAST, 0, LAST),
        (LAST, 120, LAST),
        (dt.date(1, 3, 31), -2, dt.date(1, 1, 31)),
        (FIRST, -1, FIRST),
        (FIRST, -120, FIRST),
    ],
)
def test_months(day: dt.date, months: int, later: dt.date) -> None:
    assert months_after(day, months) == later


@pytest.mark.parametrize("zone", [None, dt.UTC])
def test_moments(zone: dt.tzinfo | None) -> None:
    noon = dt.datetime(2028, 2, 28, 12, tzinfo=zone)
    assert moment_after(noon, dt.timedelta(hours=13)) == dt.datetime(2028, 2, 29, 1, tzinfo=zone)
    assert moment_after(noon, dt.timedelta.max) == dt.datetime.max.replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, [(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2028, [(1, 3), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)]),
        (2022, [(1, 3), (4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (9, 19), (12, 26), (12, 27)]),  # two proclaimed
    ],
)
def test_the_weekdays_that_are_bank_holidays_are_as_published(year: int, days: list[tuple[int, int]]) -> None:
    """gov.uk/bank-holidays."""
    found = sorted(day for day in bank_holidays(year) if day.weekday() < 5)
    assert found == [dt.date(year, month, day) for month, day in days]


def test_a_day_at_a_weekend_is_no_working_day_and_no_holiday() -> None:
    assert not is_working_day(dt.date(2026, 11, 28))
    assert not is_holiday(dt.date(2026, 11, 28))


def test_the_next_and_the_last_working_day_step_over_weekends_and_holidays() -> None:
    good_friday, easter_monday = dt.date(2028, 4, 14), dt.date(2028, 4, 17)
    assert working_day_from(good_friday) == dt.date(2028, 4, 18)
    assert working_day_up_to(easter_monday) == dt.date(2028, 4, 13)
    assert working_day_from(good_friday, {dt.date(2028, 4, 18)}) == dt.date(2028, 4, 19)
    assert working_day_from(dt.date(2028, 4, 19)) == working_day_up_to(dt.date(2028, 4, 19)) == dt.date(2028, 4, 19)


def test_the_calendar_has_two_ends() -> None:
    assert bank_holidays(1) == bank_holidays(9999) == frozenset()
    assert working_day_from(dt.date.max, {dt.date.max}) == dt.date.max
    assert working_day_up_to(dt.date.min, {dt.date.min}) == dt.date.min


def test_the_library_is_not_loaded_before_a_year_is_asked_for() -> None:
    asked = "import sys, optimiser.transferring.story; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False, timeout=120).returncode == 0
