"""No wave and no deadline on a bank holiday: moved to a working day, said in words, and judged by the check."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.county import County
from optimiser.domain.dates import is_holiday, is_working_day
from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy, is_blacked_out
from optimiser.transferring.calendar import Wave, hand_back_notes, holiday_notes, wave_on, waves
from optimiser.transferring.check.calendar import calendar_faults
from optimiser.transferring.check.case import Case
from tests.making import snapshot

LEAP_DAY = dt.date(2028, 2, 29)
DEADLINES = ("consultation_by", "reply_by", "review_by", "employee_information_by")


def judged(found: tuple[Wave, ...], as_of: dt.date, policy: TransferPolicy) -> list[str]:
    """What the check says of these waves."""
    rows = [{name if name != "number" else "wave": str(value) for name, value in asdict(wave).items()} for wave in found]
    county = County.of(snapshot(as_of=as_of))
    return calendar_faults(Case(county, policy, Known(), (), [], [], [], rows, {}, [], []))


def test_a_wave_on_a_bank_holiday_begins_on_the_next_working_day_and_that_is_said() -> None:
    first, second = waves(LEAP_DAY, TransferPolicy(max_waves=2))
    assert first.date == dt.date(2028, 5, 30)  # three months on is Monday 29 May, the spring bank holiday
    assert second.date == dt.date(2028, 7, 3)  # four weeks after the Tuesday, on a Monday
    notes = holiday_notes((first, second), LEAP_DAY, TransferPolicy())
    assert notes[0] == "Wave 1 is on Tuesday 30 May 2028, since Monday 29 May 2028 is a bank holiday."


def test_letters_and_information_are_due_before_a_holiday_replies_and_decisions_after_it() -> None:
    policy = TransferPolicy(consultation_weeks=6, reply_weeks=6, review_weeks=6, employee_information_days=42)
    wave = wave_on(1, dt.date(2028, 5, 29), LEAP_DAY, policy)
    assert (wave.consultation_by, wave.employee_information_by) == (dt.date(2028, 4, 13), dt.date(2028, 4, 13))
    assert (wave.reply_by, wave.review_by) == (dt.date(2028, 4, 18), dt.date(2028, 4, 18))
    notes = holiday_notes([wave], LEAP_DAY, policy)
    assert notes[1] == (
        "Wave 1: the consultation letters are due by Thursday 13 April 2028, since Monday 17 April 2028 is a bank holiday."
    )
    assert len(notes) == 5


def test_a_deadline_that_would_have_passed_is_today_or_the_next_working_day() -> None:
    easter_monday = dt.date(2028, 4, 17)
    policy = TransferPolicy(lead_months=0, blackouts=())
    wave = waves(easter_monday, policy)[0]
    assert {getattr(wave, name) for name in DEADLINES} == {wave.date} == {dt.date(2028, 4, 18)}


def test_further_holidays_are_a_setting() -> None:
    policy = TransferPolicy(extra_holidays=(dt.date(2028, 5, 30),), max_waves=1)
    assert waves(LEAP_DAY, policy)[0].date == dt.date(2028, 5, 31)


def test_any_day_may_be_a_wave_but_a_holiday() -> None:
    policy = TransferPolicy(wave_weekday="", blackouts=(), max_waves=1)
    assert waves(dt.date(2028, 1, 14), policy)[0].date == dt.date(2028, 4, 18)  # not Good Friday, nor at Easter


def test_an_agreed_wave_stays_and_a_day_of_an_earlier_plan_moves() -> None:
    spring = dt.date(2028, 5, 29)
    agreed = waves(LEAP_DAY, TransferPolicy(), agreed=[spring])
    assert spring in [wave.date for wave in agreed]
    assert "a bank holiday: it was agreed and stays." in holiday_notes(agreed, LEAP_DAY, TransferPolicy())[0]
    assert waves(LEAP_DAY, TransferPolicy(), earlier=[spring])[0].date == dt.date(2028, 5, 30)


def test_a_returned_contract_does_not_wait_for_a_holiday_to_pass_but_says_so() -> None:
    notes = hand_back_notes([dt.date(2026, 12, 28), dt.date(2026, 12, 28), dt.date(2026, 12, 29)], TransferPolicy())
    assert len(notes) == 1
    assert notes[0].startswith("People move on Monday 28 December 2026, a bank holiday:")


@settings(max_examples=60)
@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)),
    st.sampled_from(["", "mon", "fri", "sat"]),
    st.integers(0, 3),
    st.integers(1, 8),
    st.integers(0, 60),
    st.lists(st.dates(dt.date(2027, 1, 1), dt.date(2028, 12, 31)), max_size=5),
)
def test_every_calendar_keeps_every_rule_and_no_deadline_is_on_a_holiday(
    as_of: dt.date, weekday: str, lead: int, apart: int, information: int, extra: list[dt.date]
) -> None:
    policy = replace(
        TransferPolicy(),
        wave_weekday=weekday,
        lead_months=lead,
        weeks_between_waves=apart,
        employee_information_days=information,
        extra_holidays=tuple(sorted(set(extra))),
    )
    found = waves(as_of, policy)
    assert found
    assert judged(found, as_of, policy) == []
    for wave in found:
        assert not is_holiday(wave.date, extra)
        assert not is_blacked_out(wave.date, policy.blackouts)
        for name in DEADLINES:
            due = getattr(wave, name)
            assert as_of <= due <= wave.date
            assert not is_holiday(due, extra) or not any(
                is_working_day(due + dt.timedelta(step), extra) for step in range((wave.date - due).days + 1)
            )
    assert all((later.date - earlier.date).days >= 7 * apart for earlier, later in pairwise(found))


@pytest.mark.parametrize(
    ("name", "day", "said"),
    [
        ("date", dt.date(2028, 5, 29), "is on a bank holiday"),
        ("date", dt.date(2028, 5, 31), "is on a Wednesday"),
        ("reply_by", dt.date(2028, 4, 17), "reply_by is 2028-04-17"),
    ],
)
def test_the_check_finds_what_is_on_a_holiday_or_moved_too_far(name: str, day: dt.date, said: str) -> None:
    wave = waves(LEAP_DAY, TransferPolicy(max_waves=1))[0]
    assert judged((wave,), LEAP_DAY, TransferPolicy()) == []
    changed: dict[str, Any] = {name: day}
    assert said in " / ".join(judged((replace(wave, **changed),), LEAP_DAY, TransferPolicy()))


@pytest.mark.parametrize("as_of", [dt.date(9999, 12, 31), dt.date(9999, 10, 1), dt.date(9999, 12, 1), dt.date(9998, 12, 31)])
def test_at_the_end_of_the_calendar_there_are_few_waves_or_none(as_of: dt.date) -> None:
    found = waves(as_of, TransferPolicy(blackouts=()), [dt.date.max], [dt.date.max])
    assert all(wave.date < dt.date.max for wave in found)
    assert bool(found) == (as_of.year < 9999)
