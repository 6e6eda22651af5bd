"""What a provider's rounds have to do: every visit of the care that it runs, in the shift in which it fits."""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.domain.records import DOUBLE_HANDED, Package, Visit
from optimiser.domain.rounds_plan import LONGER_THAN_A_RUN, NO_BREAK, OUTSIDE, TOO_LONG, Bar, UnservedVisit, sentence
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAY_SECONDS, DAYS, Shift, Staffing
from optimiser.domain.visit_windows import day_after, window_of


@dataclass(frozen=True, slots=True)
class Line:
    """A line of ``visits.csv`` in a provider's care. Times are seconds from midnight; it may start ``earliest`` to ``latest``.

    ``days`` and times are those of the runs that make it: its own days are ``days_ahead`` later (a visit at 02:00 belongs to the
    night before, and is one day ahead of it).
    """

    visit_id: str
    package_id: str
    days: tuple[str, ...]
    earliest: int
    latest: int
    seconds: int
    workers: int
    skills: tuple[str, ...]
    is_critical: bool
    latitude: float
    longitude: float
    days_ahead: int = 0

    def own_day(self, run_day: str) -> str:
        """The day of the visit that a run makes."""
        return day_after(run_day, self.days_ahead)

    def __repr__(self) -> str:
        return f"<Line {self.visit_id}>"


@dataclass(frozen=True)
class Place:
    """Where a visit is planned: the shift, and how many days after the run's its own day is."""

    shift: Shift
    days_ahead: int


@dataclass(frozen=True)
class Care:
    """A provider's visits by shift, and what no shift can hold."""

    provider_id: str
    by_shift: dict[str, tuple[Line, ...]]
    unserved: tuple[UnservedVisit, ...]


SHORTEST_SECONDS = 60
"""No visit is shorter than a minute."""
NO_VISITS = "no visits are given for this package in visits.csv, so it is not planned"


def care_of(snapshot: Snapshot, staffing: Staffing, provider_id: str, area_id: str = "") -> Care:
    """The visits of all packages running with a provider, or of those in one area."""
    held = {contract.contract_id for contract in snapshot.contracts if contract.provider_id == provider_id}
    mine = {
        package.package_id: package
        for package in snapshot.packages
        if package.contract_id in held and area_id in ("", package.area_id)
    }
    by_shift: dict[str, list[Line]] = {shift.name: [] for shift in staffing.shifts}
    unserved = []
    planned = set()
    for visit in snapshot.visits:
        package = mine.get(visit.package_id)
        if package is None:
            continue
        planned.add(package.package_id)
        place = place_of(visit, staffing)
        if isinstance(place, Place):
            by_shift[place.shift.name].append(_line(visit, package, staffing, place.days_ahead))
        else:
            unserved += _that_no_shift_holds(visit, provider_id, staffing, place)
    unserved += [UnservedVisit(provider_id, name, "", "", NO_VISITS) for name in sorted(mine.keys() - planned)]
    return Care(provider_id, {name: tuple(lines) for name, lines in by_shift.items()}, tuple(unserved))


def _line(visit: Visit, package: Package, staffing: Staffing, days_ahead: int) -> Line:
    earliest, latest = window_of(visit)
    days = {day_after(day, -days_ahead) for day in visit.days}
    return Line(
        visit_id=visit.visit_id,
        package_id=visit.package_id,
        days=tuple(day for day in DAYS if day in days),
        earliest=earliest + days_ahead * DAY_SECONDS,
        latest=latest + days_ahead * DAY_SECONDS,
        seconds=visit.duration_minutes * 60,
        workers=visit.workers,
        skills=tuple(skill for skill in package.skills if skill != DOUBLE_HANDED),
        is_critical=not set(package.skills).isdisjoint(staffing.time_critical_skills),
        latitude=package.latitude,
        longitude=package.longitude,
        days_ahead=days_ahead,
    )


def _that_no_shift_holds(visit: Visit, provider_id: str, staffing: Staffing, bar: Bar) -> list[UnservedVisit]:
    why = sentence(bar, visit, staffing)
    days = [day for day in DAYS if day in visit.days]
    return [UnservedVisit(provider_id, visit.package_id, visit.visit_id, day, why, bar) for day in days]


def place_of(visit: Visit, staffing: Staffing) -> Place | Bar:
    """The shift that leaves a visit most room for its start, on the day of its window, the day before (a night that ends on it)
    or the day after (a window over midnight); of equal ones the earlier. Or what keeps it out of every shift."""
    seconds = visit.duration_minutes * 60
    if all(seconds > shift.closes - shift.opens for shift in staffing.shifts):
        return TOO_LONG
    if seconds > staffing.shift_hours_limit * 3600:
        return LONGER_THAN_A_RUN
    if _leaves_no_break(seconds, staffing):
        return NO_BREAK
    places = [Place(shift, days_ahead) for shift in staffing.shifts for days_ahead in (0, 1, -1)]
    best = max(places, key=lambda place: _room(visit, seconds, place))
    return best if _room(visit, seconds, best) >= 0 else OUTSIDE


def _leaves_no_break(seconds: int, staffing: Staffing) -> bool:
    """Whether a visit is so long that its run has a break, and leaves no time for it and for the shortest visit after it."""
    pause = staffing.break_minutes * 60
    needs_break = pause > 0 and seconds > staffing.break_after_hours * 3600
    return needs_break and seconds + pause + SHORTEST_SECONDS > staffing.shift_hours_limit * 3600


def _room(visit: Visit, seconds: int, place: Place) -> int:
    """How long the time is in which it may start; less than 0: it may not."""
    earliest, latest = (time + place.days_ahead * DAY_SECONDS for time in window_of(visit))
    return min(latest, place.shift.closes - seconds) - max(earliest, place.shift.opens)


def providers_with_care(snapshot: Snapshot, area_id: str = "") -> tuple[str, ...]:
    """The ids of all providers that run care (in an area), in their order."""
    provider_of = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}
    running: list[Package] = [p for p in snapshot.packages if p.contract_id in provider_of and area_id in ("", p.area_id)]
    return tuple(sorted({provider_of[package.contract_id] for package in running}))
