"""What bank holidays did to the calendar of a plan, in words: nothing is moved that is not said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from optimiser.domain.dates import days_after, is_holiday
from optimiser.domain.transfer_policy import TransferPolicy
from optimiser.domain.words import weekday_in_words
from optimiser.transferring.calendar import Wave, stands_for


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
