"""Which visits fall into the 72 hours: each occurrence once, as moments in UTC, so that hours are real when the clocks change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from optimiser.county import NOWHERE, County
from optimiser.domain.dates import LONDON, days_after
from optimiser.domain.records import Visit
from optimiser.domain.staffing import DAYS
from optimiser.domain.visit_windows import closing, opening
from optimiser.tonight.what_fails import Failure

State = Literal["due", "may_be_made", "may_be_under_way"]
"""Its window opens later; it was open already, so nobody here knows whether somebody has been; it can only be going on."""


@dataclass(frozen=True)
class DueVisit:
    """One visit on one day."""

    package: int
    visit: Visit
    day: dt.date
    """On which its window opens, local."""
    opens: dt.datetime
    closes: dt.datetime
    """Earliest and latest start, in UTC."""
    state: State

    def __repr__(self) -> str:
        return f"<DueVisit {self.visit.visit_id} of {self.day}>"

    @property
    def name(self) -> tuple[str, dt.date]:
        return self.visit.visit_id, self.day

    @property
    def lasts(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.visit.duration_minutes)


def concerned(county: County, asked: Failure) -> list[int]:
    """The packages whose running care is with who cannot come."""
    return [
        package
        for package, contract in enumerate(county.running_on.tolist())
        if contract != NOWHERE and asked.concerns(county.provider(contract).provider_id)
    ]


def due_visits(county: County, asked: Failure, packages: Sequence[int]) -> list[DueVisit]:
    """Every visit that can still be missed in the 72 hours, in no order."""
    wanted = {county.packages[package].package_id: package for package in packages}
    first = days_after(asked.begins.astimezone(LONDON).date(), -2)
    return [
        due
        for visit in county.snapshot.visits
        if visit.package_id in wanted
        for due in _occurrences(wanted[visit.package_id], visit, first, asked)
    ]


DAYS_LOOKED_AT = 7
"""From two days before the first (a window over midnight, a visit of many hours) to beyond the 72 hours."""


def _occurrences(package: int, visit: Visit, first: dt.date, asked: Failure) -> Iterator[DueVisit]:
    for ahead in range(DAYS_LOOKED_AT):
        day = days_after(first, ahead)
        if DAYS[day.weekday()] not in visit.days:
            continue
        opens, closes = opening(day, visit), closing(day, visit)
        if opens < asked.ends and closes + dt.timedelta(minutes=visit.duration_minutes) > asked.begins:
            begun = asked.begins
            state: State = "due" if opens >= begun else "may_be_made" if closes >= begun else "may_be_under_way"
            yield DueVisit(package, visit, day, opens, closes, state)
