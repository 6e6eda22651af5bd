"""What a provider's rounds have to do: every visit of the care that it runs, in the shift in which it fits."""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.domain.records import DOUBLE_HANDED, Package
from optimiser.domain.rounds_plan import UnservedVisit
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, Shift, Staffing, seconds_of


@dataclass(frozen=True, slots=True)
class Line:
    """A line of ``visits.csv`` in a provider's care. Times are seconds from midnight; it may start ``earliest`` to ``latest``."""

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

    def __repr__(self) -> str:
        return f"<Line {self.visit_id}>"


@dataclass(frozen=True)
class Care:
    """A provider's visits by shift, and what no shift can hold."""

    provider_id: str
    by_shift: dict[str, tuple[Line, ...]]
    unserved: tuple[UnservedVisit, ...]


NO_VISITS = "no visits are given for this package in visits.csv, so it is not planned"
OUTSIDE = "it cannot begin in its window and end within a shift"


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
        line = Line(
            visit_id=visit.visit_id,
            package_id=visit.package_id,
            days=tuple(day for day in DAYS if day in visit.days),
            earliest=seconds_of(visit.earliest_start),
            latest=seconds_of(visit.latest_start),
            seconds=visit.duration_minutes * 60,
            workers=visit.workers,
            skills=tuple(skill for skill in package.skills if skill != DOUBLE_HANDED),
            is_critical=not set(package.skills).isdisjoint(staffing.time_critical_skills),
            latitude=package.latitude,
            longitude=package.longitude,
        )
        shift = shift_of(line, staffing)
        if shift is None:
            unserved += [UnservedVisit(provider_id, line.package_id, line.visit_id, day, OUTSIDE) for day in line.days]
        else:
            by_shift[shift.name].append(line)
    unserved += [UnservedVisit(provider_id, name, "", "", NO_VISITS) for name in sorted(mine.keys() - planned)]
    return Care(provider_id, {name: tuple(lines) for name, lines in by_shift.items()}, tuple(unserved))


def shift_of(line: Line, staffing: Staffing) -> Shift | None:
    """The shift that leaves a visit most room for its start; of equal ones the earlier; None: it fits in no shift."""
    return shift_for(line.earliest, line.latest, line.seconds, staffing)


def shift_for(earliest: int, latest: int, seconds: int, staffing: Staffing) -> Shift | None:
    """The same from a visit's window and length, all in seconds."""
    room = {shift: min(latest, seconds_of(shift.ends) - seconds) - max(earliest, seconds_of(shift.starts))
            for shift in staffing.shifts}  # fmt: skip
    best = max(staffing.shifts, key=lambda shift: room[shift])
    return best if room[best] >= 0 else None


def providers_with_care(snapshot: Snapshot, area_id: str = "") -> tuple[str, ...]:
    """The ids of all providers that run care (in an area), in their order."""
    provider_of = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}
    running: list[Package] = [p for p in snapshot.packages if p.contract_id in provider_of and area_id in ("", p.area_id)]
    return tuple(sorted({provider_of[package.contract_id] for package in running}))
