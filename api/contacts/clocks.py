"""By when an answer is owed: by the end of so many working days after the day of asking; in hours where safety is in question."""

from __future__ import annotations

import datetime as dt

from api.contacts.schemas import PROVIDER, SAFETY
from api.settings import Settings
from optimiser.domain.dates import days_after, instant_of, is_working_day, moment_after, wall_clock


def answer_by(asked_at: dt.datetime, who: str, kind: str, settings: Settings) -> dt.datetime:
    """The instant by which an answer is owed to what was asked at one, in UTC.

    The day of asking does not count, whatever the hour: who asks on a Friday is owed the second working day on Tuesday.
    """
    if kind == SAFETY:
        return moment_after(asked_at, dt.timedelta(hours=settings.contact_safety_hours))
    left = settings.contact_provider_days if who == PROVIDER else settings.contact_person_days
    day = wall_clock(asked_at).date()
    while left and day < dt.date.max:
        day = days_after(day, 1)
        left -= is_working_day(day, settings.extra_holidays)
    return instant_of(dt.datetime.combine(day, settings.working_day_ends))
