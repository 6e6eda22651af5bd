"""Days that never run off the calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from optimiser.domain.dates import days_after, moment_after, months_after

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
