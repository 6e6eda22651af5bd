"""Response windows: clock hours for what cannot wait, working hours otherwise, over nights, weekends and both clock changes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.offers.windows import OnCall, after_working_hours, answer_by
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


WINTER = '[{"name": "winter pressure", "since": "2026-12-01", "until": "2027-03-01", "standard_hours": 8, "urgent_hours": 1}]'


@pytest.mark.parametrize(
    ("asked", "priority", "answer_by_"),
    [
        ("2026-11-30 16:00", "standard", "2026-12-02 16:00"),  # the day before: sixteen hours
        ("2026-12-01 09:00", "standard", "2026-12-01 17:00"),
        ("2026-12-01 00:00", "urgent", "2026-12-01 01:00"),
        ("2026-12-01 12:00", "discharge", "2026-12-01 16:00"),  # none of its own: four, as ever
        ("2027-02-26 16:00", "standard", "2027-03-01 16:00"),  # a Friday: asked in the period, answered after it
        ("2027-03-01 09:00", "standard", "2027-03-02 17:00"),  # its end is not included
    ],
)
def test_a_declared_period_has_windows_of_its_own(
    monkeypatch: pytest.MonkeyPatch, asked: str, priority: str, answer_by_: str
) -> None:
    monkeypatch.setenv("OPTIMISER_WINDOW_PERIODS", WINTER)
    assert shown(asked, priority, Settings(database_url="sqlite://")) == answer_by_


@pytest.mark.parametrize(
    ("periods", "wrong"),
    [
        ([("2026-12-01", "2026-12-01")], "after since"),
        ([("2026-12-01", "2027-01-02"), ("2027-01-01", "2027-02-01")], "share a day"),
    ],
)
def test_periods_have_days_and_share_none(periods: list[tuple[str, str]], wrong: str) -> None:
    given = [{"name": "winter", "since": since, "until": until} for since, until in periods]
    with pytest.raises(ValueError, match=wrong):
        Settings.model_validate({"window_periods": given})


DAILY = OnCall.of(
    [{"day": day, "starts": "07:00", "ends": "22:00"} for day in ("monday", "tuesday", "wednesday", "thursday", "friday")]
    + [{"day": "saturday", "starts": "09:00", "ends": "13:00"}]
)
LATE = OnCall.of(
    [{"day": "tuesday", "starts": starts, "ends": ends} for starts, ends in (("19:00", "22:00"), ("17:00", "17:30"))]
    + [{"day": "wednesday", "starts": "17:00", "ends": "22:00"}]
)
NIGHTS = OnCall.of(
    [{"day": "saturday", "starts": "22:00", "ends": "24:00"}, {"day": "sunday", "starts": "00:00", "ends": "06:00"}]
)


@pytest.mark.parametrize(
    ("asked", "priority", "on_call", "answer_by_"),
    [
        ("2026-11-23 10:00", "urgent", DAILY, "2026-11-23 12:00"),  # a Monday, within
        ("2026-11-23 20:00", "urgent", DAILY, "2026-11-23 22:00"),  # the last moment is still theirs
        ("2026-11-23 21:00", "urgent", DAILY, "2026-11-24 08:00"),  # one hour today, one tomorrow
        ("2026-11-23 23:30", "urgent", DAILY, "2026-11-24 09:00"),
        ("2026-11-28 12:00", "discharge", DAILY, "2026-11-30 10:00"),  # Saturday 12 to 13, nobody on Sunday, Monday from 7
        ("2026-11-23 09:00", "standard", DAILY, "2026-11-24 17:00"),  # in working hours, and somebody is there
        ("2026-11-23 09:00", "standard", NIGHTS, "2026-11-28 23:00"),  # nobody on Tuesday at five: an hour into the next night
        ("2026-11-23 09:00", "standard", LATE, "2026-11-24 17:30"),  # they begin at that moment, for half an hour
        ("2026-11-24 09:00", "standard", LATE, "2026-11-25 18:00"),  # they begin at that moment: an hour of theirs
        ("2026-11-24 17:15", "urgent", LATE, "2026-11-24 20:45"),  # whatever was declared first, the earlier stretch counts first
        # clocks go back on Sunday 2026-10-25 at 2: from midnight to six there are seven hours, so 22:00 to 24:00 and two of them
        ("2026-10-24 22:00", "discharge", NIGHTS, "2026-10-25 01:00"),
        # forward on 2027-03-28 at 1: 23:00 to 24:00, 00:00 to 01:00, 02:00 to 04:00
        ("2027-03-27 23:00", "discharge", NIGHTS, "2027-03-28 04:00"),
    ],
)
def test_nobody_expires_while_nobody_is_on_call(asked: str, priority: str, on_call: OnCall, answer_by_: str) -> None:
    due = answer_by(instant_of(dt.datetime.fromisoformat(asked)), priority, SETTINGS, on_call)
    assert wall_clock(due).isoformat(" ", "minutes") == answer_by_


def test_the_night_on_which_clocks_change_has_the_hours_that_it_really_has() -> None:
    """Two hours on Saturday; on Sunday seven in October and five in March, from midnight to six."""
    assert NIGHTS is not None
    seven, nine = (Settings(database_url="sqlite://", window_discharge_hours=hours) for hours in (7, 9))
    october, march = (instant_of(dt.datetime.fromisoformat(day)) for day in ("2026-10-24 22:00", "2027-03-27 22:00"))
    assert wall_clock(answer_by(october, "discharge", nine, NIGHTS)) == dt.datetime(2026, 10, 25, 6)
    assert wall_clock(answer_by(march, "discharge", seven, NIGHTS)) == dt.datetime(2027, 3, 28, 6)
