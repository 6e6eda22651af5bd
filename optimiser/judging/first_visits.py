"""First visits: when care starts, goes on after a stay in hospital, or changes provider, the provider says that somebody came.
Until then it is not known that the person has care at all; not said in time, it is alerted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from optimiser.domain.dates import days_after, instant_of, moment_after, wall_clock
from optimiser.domain.records import Visit
from optimiser.domain.staffing import DAYS
from optimiser.domain.visit_windows import closing, opening

FIRST_VISIT_NOT_CONFIRMED = "first_visit_not_confirmed"
STARTED, RESUMED, MOVED = WHY = ("started", "resumed", "moved")
"""Why a first visit is due."""
DAYS_LOOKED_AT = 8
"""A visit that a week has falls into them whenever one begins."""


@dataclass(frozen=True, slots=True)
class FirstVisit:
    """A first visit that nobody has said took place. ``due_at`` and ``confirm_by``: in UTC."""

    package_id: str
    provider_id: str
    why: str
    due_at: dt.datetime
    confirm_by: dt.datetime
    """From this moment on it is alerted."""

    def __repr__(self) -> str:
        return f"<FirstVisit of {self.package_id}>"

    def is_late(self, now: dt.datetime) -> bool:
        return self.confirm_by <= now


def confirm_by(due_at: dt.datetime, hours: int) -> dt.datetime:
    return moment_after(due_at, dt.timedelta(hours=hours))


def first_due(visits: Iterable[Visit], since: dt.datetime, *, nobody_comes: bool = False) -> dt.datetime:
    """By when somebody must have come: the latest start of the first visit whose window opens from a moment on, in UTC.

    ``nobody_comes``: no provider before it does. A window that is open at that moment counts then, else it is another's visit.
    Where the visits are not in the data, the end of that day in London.
    """
    today = wall_clock(since).date()
    found = [
        closes
        for visit in visits
        for ahead in range(-1, DAYS_LOOKED_AT)  # the window of a night opens on the day before
        if DAYS[(day := days_after(today, ahead)).weekday()] in visit.days
        and (opening(day, visit) >= since or (nobody_comes and closing(day, visit) > since))
        for closes in (closing(day, visit),)
    ]
    if found:
        return min(found)
    return instant_of(dt.datetime.combine(days_after(today, 1), dt.time()))
