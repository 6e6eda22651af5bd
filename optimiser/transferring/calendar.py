"""When waves begin, and by when everybody must know: calendar months, blackout periods, bank holidays and deadlines. What
holidays did to a plan is said in words: nothing is moved that is not said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from optimiser.domain.dates import days_after, is_holiday, is_working_day, months_after, working_day_from, working_day_up_to
from optimiser.domain.policy import TransferPolicy, is_blacked_out
from optimiser.domain.words import weekday_in_words

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEAR_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Wave:
    """A day on which rounds may move. ``number`` counts from 1."""

    number: int
    date: dt.date
    consultation_by: dt.date
    reply_by: dt.date
    review_by: dt.date
    employee_information_by: dt.date


def waves(
    as_of: dt.date, policy: TransferPolicy, agreed: Iterable[dt.date] = (), earlier: Iterable[dt.date] = ()
) -> tuple[Wave, ...]:
    """The waves of a plan: from the lead time on, at least so many weeks apart, within the horizon, never in a blackout.

    Days already agreed are waves whatever else holds; days of an earlier plan are kept where they may be. None at all where
    the calendar itself ends first: its last day is never a wave.
    """
    apart = 7 * policy.weeks_between_waves
    opening = months_after(as_of, policy.lead_months)
    days = sorted(set(agreed))
    for day in sorted({on_or_after(each, policy) for each in earlier}):
        if day >= opening and may_begin(day, policy) and _keeps_away(day, days, apart):
            days.append(day)
    day = _next_day(opening, policy, days, apart)
    end = months_after(min([*days, day]), policy.horizon_months)
    while day < end:
        days.append(day)
        day = _next_day(days_after(day, apart), policy, days, apart)
    days = [each for each in sorted(days) if each < end]
    return tuple(wave_on(number, day, as_of, policy) for number, day in enumerate(days[: policy.max_waves or None], start=1))


def wave_on(number: int, day: dt.date, as_of: dt.date, policy: TransferPolicy) -> Wave:
    """A wave with its deadlines; one that would have passed already is today."""

    def ago(days: int, *, at_the_latest: bool = False) -> dt.date:
        return _deadline(max(as_of, days_after(day, -days)), as_of, day, policy, at_the_latest=at_the_latest)

    return Wave(
        number=number,
        date=day,
        consultation_by=ago(7 * policy.consultation_weeks, at_the_latest=True),
        reply_by=ago(7 * policy.reply_weeks),
        review_by=ago(7 * policy.review_weeks),
        employee_information_by=ago(policy.employee_information_days, at_the_latest=True),
    )


def _deadline(due: dt.date, as_of: dt.date, wave: dt.date, policy: TransferPolicy, *, at_the_latest: bool) -> dt.date:
    """A deadline on a holiday is the next working day; what has to be done by then at the latest, the working day before.

    Never before today and never after the wave: where no working day lies between, the day stays.
    """
    if not is_holiday(due, policy.extra_holidays):
        return due
    before = working_day_up_to(due, policy.extra_holidays)
    if at_the_latest and before >= as_of:
        return before
    after = working_day_from(due, policy.extra_holidays)
    return after if after <= wave else due


def on_or_after(day: dt.date, policy: TransferPolicy) -> dt.date:
    """The day itself; where it is a holiday, the next working day."""
    return working_day_from(day, policy.extra_holidays) if is_holiday(day, policy.extra_holidays) else day


def may_begin(day: dt.date, policy: TransferPolicy) -> bool:
    """Whether a wave may begin on a day of this kind."""
    free = not is_blacked_out(day, policy.blackouts) and not is_holiday(day, policy.extra_holidays)
    return free and (_is_right_weekday(day, policy) or stands_for(day, policy) is not None)


def stands_for(day: dt.date, policy: TransferPolicy) -> dt.date | None:
    """The holiday in whose place waves begin on this day, the next working day; None for any other day."""
    if _is_right_weekday(day, policy) or not is_working_day(day, policy.extra_holidays):
        return None
    before = days_after(day, -1)
    while before > dt.date.min and not is_working_day(before, policy.extra_holidays):
        if _is_right_weekday(before, policy) and is_holiday(before, policy.extra_holidays):
            return before
        before = days_after(before, -1)
    return None


def _is_right_weekday(day: dt.date, policy: TransferPolicy) -> bool:
    return not policy.wave_weekday or WEEKDAYS[day.weekday()] == policy.wave_weekday


def _next_day(day: dt.date, policy: TransferPolicy, taken: list[dt.date], apart: int) -> dt.date:
    """The first day on or after this one on which a wave may begin, far enough from those that are taken."""
    while day < dt.date.max and not (may_begin(day, policy) and _keeps_away(day, taken, apart)):
        later = on_or_after(day, policy) if _is_right_weekday(day, policy) else day
        day = later if later > day else days_after(day, 1)
    return day


def _keeps_away(day: dt.date, taken: list[dt.date], apart: int) -> bool:
    return all(abs((day - other).days) >= apart for other in taken)


def holiday_notes(waves: Sequence[Wave], as_of: dt.date, policy: TransferPolicy, used: int | None = None) -> tuple[str, ...]:
    """Each wave and each deadline that is not on the day that the settings alone would give, or is on a holiday all the same.

    ``used``: so many waves matter, and the deadlines of those alone are told.
    """
    told = [note for wave in waves for note in _of_wave(wave, policy)]
    return (*told, *(note for wave in waves[:used] for note in _of_deadlines(wave, as_of, policy)))


def _of_wave(wave: Wave, policy: TransferPolicy) -> Iterator[str]:
    holiday = stands_for(wave.date, policy)
    if is_holiday(wave.date, policy.extra_holidays):
        yield f"Wave {wave.number} is on {weekday_in_words(wave.date)}, a bank holiday: it was agreed and stays."
    elif holiday is not None:
        yield f"Wave {wave.number} is on {weekday_in_words(wave.date)}, since {weekday_in_words(holiday)} is a bank holiday."


def _of_deadlines(wave: Wave, as_of: dt.date, policy: TransferPolicy) -> Iterator[str]:
    for what, by, days in (
        ("the consultation letters are due", wave.consultation_by, 7 * policy.consultation_weeks),
        ("replies are asked for", wave.reply_by, 7 * policy.reply_weeks),
        ("the social work decisions are due", wave.review_by, 7 * policy.review_weeks),
        ("the information on employees is due", wave.employee_information_by, policy.employee_information_days),
    ):
        due = max(as_of, days_after(wave.date, -days))
        if by != due:
            yield f"Wave {wave.number}: {what} by {weekday_in_words(by)}, since {weekday_in_words(due)} is a bank holiday."
        elif by != wave.date and is_holiday(by, policy.extra_holidays):
            yield f"Wave {wave.number}: {what} by {weekday_in_words(by)}, a bank holiday: no working day lies before the wave."


def hand_back_notes(days: Collection[dt.date], policy: TransferPolicy) -> tuple[str, ...]:
    """The holidays among the days on which people move when a contract is handed back: these cannot wait."""
    return tuple(
        f"People move on {weekday_in_words(day)}, a bank holiday: a returned contract is an emergency and does not wait."
        " Make sure that somebody is there on both sides."
        for day in sorted(set(days))
        if is_holiday(day, policy.extra_holidays)
    )
