"""Waves and their deadlines, from the calendar on the wall."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest

from optimiser.domain.dates import months_after
from optimiser.domain.policy import TransferPolicy, is_blacked_out
from optimiser.transferring.calendar import waves
from optimiser.transferring.check.case import after_months

ANY_DAY = TransferPolicy(wave_weekday="", blackouts=())


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2026, 11, 23), 3, dt.date(2027, 2, 23)),
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
        (dt.date(2027, 11, 30), 3, dt.date(2028, 2, 29)),
        (dt.date(2026, 12, 31), 12, dt.date(2027, 12, 31)),
        (dt.date(2028, 2, 29), 12, dt.date(2029, 2, 28)),
        (dt.date(2027, 3, 31), 0, dt.date(2027, 3, 31)),
    ],
)
def test_calendar_months_and_the_checks_own_way_to_count_them(day: dt.date, months: int, later: dt.date) -> None:
    assert months_after(day, months) == later
    assert after_months(day, months) == later


def test_months_before() -> None:
    assert months_after(dt.date(2027, 2, 28), -3) == dt.date(2026, 11, 28)


def test_the_first_wave_is_three_calendar_months_away_and_the_last_within_a_year_of_it() -> None:
    found = waves(dt.date(2026, 11, 23), ANY_DAY)
    days = [wave.date for wave in found]
    assert days[0] == dt.date(2027, 2, 23)
    # Tuesdays; four weeks after 30 November 2027 is 28 December, a bank holiday, and so the wave is on the Wednesday.
    assert [(later - earlier).days for earlier, later in pairwise(days)] == [28] * 10 + [29, 28]
    assert days[-1] == dt.date(2028, 1, 26)  # the year ends, without its last day, on 23 February
    assert [wave.number for wave in found] == list(range(1, 14))


def test_waves_begin_on_mondays_and_never_between_christmas_and_half_term() -> None:
    days = [wave.date for wave in waves(dt.date(2026, 11, 23), TransferPolicy())]
    assert days[0] == dt.date(2027, 3, 1)
    holidays = [dt.date(2027, 3, 30), dt.date(2027, 5, 4), dt.date(2027, 6, 1), dt.date(2027, 8, 31)]
    assert [day for day in days if day.weekday() != 0] == holidays  # the Tuesdays after bank holidays
    assert dt.date(2027, 11, 29) in days
    assert dt.date(2028, 1, 3) not in days
    assert days[-1] == dt.date(2028, 2, 28)


def test_a_blackout_may_run_over_new_year_and_its_end_is_free() -> None:
    winter = (((12, 18), (2, 22)),)
    assert is_blacked_out(dt.date(2026, 12, 18), winter)
    assert is_blacked_out(dt.date(2027, 2, 21), winter)
    assert not is_blacked_out(dt.date(2027, 2, 22), winter)
    assert not is_blacked_out(dt.date(2026, 12, 17), winter)
    assert is_blacked_out(dt.date(2027, 8, 1), (((8, 1), (8, 2)),))


def test_deadlines() -> None:
    wave = waves(dt.date(2026, 11, 23), TransferPolicy())[0]
    assert wave.consultation_by == dt.date(2027, 1, 4)  # eight weeks before 1 March
    assert wave.reply_by == dt.date(2027, 1, 18)
    assert wave.review_by == dt.date(2027, 1, 25)
    assert wave.employee_information_by == dt.date(2027, 2, 1)


def test_a_deadline_that_would_have_passed_is_today() -> None:
    today = dt.date(2026, 11, 23)
    wave = waves(today, replace(ANY_DAY, lead_months=0))[0]
    assert {wave.date, wave.consultation_by, wave.employee_information_by} == {today}


def test_agreed_days_are_waves_and_the_others_keep_away_from_them() -> None:
    agreed = dt.date(2027, 3, 10)
    days = [wave.date for wave in waves(dt.date(2026, 11, 23), TransferPolicy(), [agreed])]
    assert agreed in days
    assert all((later - earlier).days >= 28 for earlier, later in pairwise(days))


def test_so_many_waves_at_most() -> None:
    assert len(waves(dt.date(2026, 11, 23), TransferPolicy(max_waves=2))) == 2
