"""How long until the first visit is lost: from midnight after the snapshot's date to the latest start of a visit.

A visit is lost when its latest start has passed and nobody has come. Times of day are local (Europe/London), so that a night
on which the clocks change is counted as long as it is. Of a window that is open at midnight nobody knows whether the visit was
made before: it counts as still to be made.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from optimiser.county import County
from optimiser.domain.dates import days_after
from optimiser.domain.records import Visit
from optimiser.domain.visit_windows import is_over_midnight

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class FirstVisits:
    """When care first fails, if a provider delivers nothing from midnight on."""

    to_cover: dt.datetime | None
    """The latest start of the first visit of anybody who loses the provider: by then somebody must be there."""
    lost: dt.datetime | None
    """The same among those whom nobody takes; None when there are none, or no visits are given."""
    hours_to_lost: Fraction | None
    people_without_visits: int
    """People whose visits are not in the data: nothing is known of their times."""


def stops_at(county: County) -> dt.datetime:
    """Midnight at the end of the snapshot's date, local time."""
    return dt.datetime.combine(days_after(county.as_of, 1), dt.time(0), LONDON)


def first_visits(county: County, lost: Iterable[int], unplaced: Iterable[int]) -> FirstVisits:
    """Of the people who lose their provider, and of those among them whom nobody takes (places of packages)."""
    lost = list(lost)
    visits = _visits_of(county, lost)
    stop = stops_at(county)
    first = _first(stop, visits, lost)
    missed = _first(stop, visits, unplaced)
    hours = None if missed is None else Fraction(int((_utc(missed) - _utc(stop)).total_seconds()), 3600)
    return FirstVisits(first, missed, hours, sum(not visits[package] for package in lost))


def _visits_of(county: County, packages: Iterable[int]) -> defaultdict[int, list[Visit]]:
    wanted = {county.packages[package].package_id: package for package in packages}
    found: defaultdict[int, list[Visit]] = defaultdict(list)
    for visit in county.snapshot.visits:
        if visit.package_id in wanted:
            found[wanted[visit.package_id]].append(visit)
    return found


def _first(stop: dt.datetime, visits: defaultdict[int, list[Visit]], packages: Iterable[int]) -> dt.datetime | None:
    times = [_latest_start(stop, visit) for package in packages for visit in visits[package]]
    return min(times, key=_utc, default=None)


def _latest_start(stop: dt.datetime, visit: Visit) -> dt.datetime:
    """When the first occurrence of a visit after the stop has to begin at the latest."""
    late = 1 if is_over_midnight(visit) else 0
    ahead = min((DAYS.index(day) + late - stop.weekday()) % 7 for day in visit.days)
    return dt.datetime.combine(days_after(stop.date(), ahead), visit.latest_start, LONDON)


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)
