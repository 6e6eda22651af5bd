"""Response windows: clock hours for what cannot wait, working hours otherwise, over nights, weekends and both clock changes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.offers.asking import after_working_hours, answer_by
from api.settings import Settings
from optimiser.domain.dates import instant_of, is_working_day, wall_clock

SETTINGS = Settings(database_url="sqlite://")


def shown(asked: str, priority: str, settings: Settings = SETTINGS) -> str:
    """From one wall clock in London to another."""
    return wall_clock(answer_by(instant_of(dt.datetime.fromisoformat(asked)), priority, settings)).isoformat(" ", "minutes")


@pytest.mark.parametrize(
    ("asked", "priority", "answer_by_"),
    [
        # clock hours: 2 for urgent, 4 for discharge, day and night, weekends too
        ("2026-11-20 16:30", "urgent", "2026-11-20 18:30"),
        ("2026-11-20 23:00", "discharge", "2026-11-21 03:00"),
        # working hours: 16 for standard (two working days), 40 for planned (a working week); 2026-11-20 is a Friday
        ("2026-11-23 09:00", "standard", "2026-11-24 17:00"),
        ("2026-11-23 11:15", "standard", "2026-11-25 11:15"),
        ("2026-11-20 16:30", "standard", "2026-11-24 16:30"),
        ("2026-11-20 17:00", "standard", "2026-11-24 17:00"),  # asked at the close: as if on Monday at nine
        ("2026-11-21 12:00", "standard", "2026-11-24 17:00"),  # on a Saturday
        ("2026-11-23 06:00", "standard", "2026-11-24 17:00"),  # before work
        ("2026-11-20 12:00", "planned", "2026-11-27 12:00"),
        # clocks go forward on Sunday 2027-03-28 at 1 (Easter Day: Good Friday and Monday are bank holidays too)
        ("2027-03-28 00:30", "urgent", "2027-03-28 03:30"),
        ("2027-03-27 23:30", "discharge", "2027-03-28 04:30"),
        ("2027-03-25 13:00", "standard", "2027-03-31 13:00"),
        # clocks go back on Sunday 2026-10-25 at 2
        ("2026-10-25 00:30", "urgent", "2026-10-25 01:30"),
        ("2026-10-25 00:30", "discharge", "2026-10-25 03:30"),
        ("2026-10-24 23:30", "discharge", "2026-10-25 02:30"),
        ("2026-10-23 13:00", "standard", "2026-10-27 13:00"),
        # Christmas: Friday, and Boxing Day's Monday in its place
        ("2026-12-24 13:00", "standard", "2026-12-30 13:00"),
    ],
)
def test_worked_examples(asked: str, priority: str, answer_by_: str) -> None:
    assert shown(asked, priority) == answer_by_


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    """00:30 summer time is 23:30 UTC; two real hours later it is 01:30 for the second time, 01:30 UTC."""
    due = answer_by(dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC), "urgent", SETTINGS)
    assert due == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)


def test_windows_hours_and_further_holidays_are_settings() -> None:
    other = Settings(
        database_url="sqlite://",
        window_urgent_hours=1,
        window_standard_hours=4,
        working_day_starts=dt.time(8),
        working_day_ends=dt.time(12),
        extra_holidays=frozenset({dt.date(2026, 11, 24)}),
    )
    assert shown("2026-11-23 09:00", "urgent", other) == "2026-11-23 10:00"
    assert shown("2026-11-23 09:00", "standard", other) == "2026-11-25 09:00"


def test_a_working_day_has_hours() -> None:
    with pytest.raises(ValueError, match="working_day_starts"):
        Settings(working_day_starts=dt.time(17), working_day_ends=dt.time(9))


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 1, 1)), st.integers(1, 60))
def test_exactly_the_working_hours_lie_between(asked: dt.datetime, hours: int) -> None:
    ends = after_working_hours(asked, hours, SETTINGS)
    worked = dt.timedelta()
    for number in range((ends.date() - asked.date()).days + 1):
        day = asked.date() + dt.timedelta(days=number)
        if is_working_day(day):
            opens, closes = (dt.datetime.combine(day, time) for time in (dt.time(9), dt.time(17)))
            worked += max(dt.timedelta(), min(closes, ends) - max(opens, asked))
    assert worked == dt.timedelta(hours=hours)
    assert is_working_day(ends.date())


@pytest.mark.parametrize("priority", ["urgent", "discharge", "standard", "planned"])
@pytest.mark.parametrize("asked", ["9999-12-31T23:59:59", "9999-12-20T12:00:00", "0001-01-01T00:00:00"])
def test_the_first_and_the_last_moments_have_windows_too(asked: str, priority: str) -> None:
    moment = instant_of(dt.datetime.fromisoformat(asked))
    assert answer_by(moment, priority, SETTINGS) >= moment
