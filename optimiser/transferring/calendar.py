"""When waves begin, and by when everybody must know: calendar months, blackout periods and deadlines."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from optimiser.domain.transfer_policy import TransferPolicy, is_blacked_out

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEAR_MONTHS = 12


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many calendar months later; the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


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

    Days already agreed are waves whatever else holds; days of an earlier plan are kept where they may be.
    """
    apart = dt.timedelta(weeks=policy.weeks_between_waves)
    opening = months_after(as_of, policy.lead_months)
    days = sorted(set(agreed))
    for day in sorted(set(earlier)):
        if day >= opening and may_begin(day, policy) and all(abs(day - other) >= apart for other in days):
            days.append(day)
    day = _next_day(opening, policy, days, apart)
    end = months_after(min([*days, day]), policy.horizon_months)
    while day < end:
        days.append(day)
        day = _next_day(day + apart, policy, days, apart)
    days = [each for each in sorted(days) if each < end]
    return tuple(wave_on(number, day, as_of, policy) for number, day in enumerate(days[: policy.max_waves or None], start=1))


def wave_on(number: int, day: dt.date, as_of: dt.date, policy: TransferPolicy) -> Wave:
    """A wave with its deadlines; one that would have passed already is today."""

    def before(**ago: int) -> dt.date:
        return max(as_of, day - dt.timedelta(**ago))

    return Wave(
        number=number,
        date=day,
        consultation_by=before(weeks=policy.consultation_weeks),
        reply_by=before(weeks=policy.reply_weeks),
        review_by=before(weeks=policy.review_weeks),
        employee_information_by=before(days=policy.employee_information_days),
    )


def may_begin(day: dt.date, policy: TransferPolicy) -> bool:
    """Whether a wave may begin on a day of this kind."""
    right_day = not policy.wave_weekday or WEEKDAYS[day.weekday()] == policy.wave_weekday
    return right_day and not is_blacked_out(day, policy.blackouts)


def _next_day(day: dt.date, policy: TransferPolicy, taken: list[dt.date], apart: dt.timedelta) -> dt.date:
    """The first day on or after this one on which a wave may begin, far enough from those that are taken."""
    while not may_begin(day, policy) or any(abs(day - other) < apart for other in taken):
        day += dt.timedelta(days=1)
    return day
