"""Whose care crosses the new borders: the person lives in one council, and the area of the contract or round, or the nearest
office of the provider, is in another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from optimiser.county.succession import Succession
from optimiser.domain.records import Package
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import hours
from optimiser.geography.grid import to_grid
from optimiser.geography.outlines import Outlines
from optimiser.splitting.parts_of_a_county import CountySplit

OUTSIDE = "outside of the county"
CROSSING_PEOPLE = ("package_id", "area_id", "council", "across", "record_id", "other_council", "hours_per_week")
CROSSING_AREAS = ("area_id", "name", "council", "across", "other_council", "people", "hours_per_week")


@dataclass(frozen=True)
class Crossing:
    """``across``: ``contract_area``, ``round_area``, ``package_area`` (a part of care that stands under another area), or
    ``office`` (the provider's nearest).
    """

    package: Package
    council: str
    across: str
    record_id: str
    other: str


def crossings(split: CountySplit) -> list[Crossing]:
    """Of running care, by person. Offices are told where outlines say in which council they are."""
    whole, council_of = split.whole, split.council_of
    succession = Succession.of(whole.contracts)
    rounds = {each.round_id: each for each in whole.rounds}
    offices = _Offices(whole)
    found = []
    for package in whole.packages:
        if package.status != "active" or not package.contract_id:
            continue
        (council,) = split.where.of("packages", package.package_id)
        contract = succession.contracts[succession.contract_on(package.contract_id, split.begins)]
        places = [
            ("package_area", package.package_id, package.area_id),
            ("contract_area", contract.contract_id, contract.area_id),
        ]
        if package.round_id in rounds:
            places.append(("round_area", package.round_id, rounds[package.round_id].area_id))
        office_id, area_id = offices.nearest(contract.provider_id, package)
        if area_id is not None:
            places.append(("office", office_id, area_id))
        for across, record_id, area in places:
            other = council_of.get(area, OUTSIDE) if area else OUTSIDE if across == "office" else council
            if other != council:
                found.append(Crossing(package, council, across, record_id, other))
    return found


class _Offices:
    """Each provider's offices on the grid, and the area that each is in."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._drawn = all(area.geometry is not None for area in snapshot.areas)
        offices = snapshot.offices
        latitudes, longitudes = (
            np.array([getattr(each, name) for each in (*offices, *snapshot.packages)]) for name in ("latitude", "longitude")
        )
        grid = to_grid(latitudes.tolist(), longitudes.tolist())
        count = len(offices)
        self._home = dict(zip((each.package_id for each in snapshot.packages), grid[count:], strict=True))
        inside = Outlines(snapshot.areas).inside_each(latitudes[:count], longitudes[:count])
        self._of: defaultdict[str, list[tuple[str, str, np.ndarray]]] = defaultdict(list)
        for office, areas, place in zip(offices, inside, grid[:count], strict=True):
            self._of[office.provider_id].append((office.office_id, areas[0] if areas else "", place))

    def nearest(self, provider_id: str, package: Package) -> tuple[str, str | None]:
        """The office's id and its area: empty outside of the county, None where not all areas have outlines."""
        home = self._home[package.package_id]
        office_id, area_id, _ = min(self._of[provider_id], key=lambda each: (float(np.hypot(*(each[2] - home))), each[0]))
        return office_id, area_id if self._drawn else None


def people_rows(found: Iterable[Crossing]) -> Iterator[dict[str, object]]:
    """A line per person and what is across the border."""
    for each in found:
        yield {
            "package_id": each.package.package_id,
            "area_id": each.package.area_id,
            "council": each.council,
            "across": each.across,
            "record_id": each.record_id,
            "other_council": each.other,
            "hours_per_week": hours(each.package.minutes_per_week),
        }


def area_rows_across(snapshot: Snapshot, found: Iterable[Crossing]) -> Iterator[dict[str, object]]:
    """The same added up by area: people (whose care is divided counts once) and their hours."""
    names = {area.area_id: area.name for area in snapshot.areas}
    people: defaultdict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    minutes: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
    for each in found:
        key = each.package.area_id, each.council, each.across, each.other
        people[key].add(each.package.part_of or each.package.package_id)
        minutes[key] += each.package.minutes_per_week
    for key in sorted(people):
        area_id, council, across, other = key
        yield {
            "area_id": area_id,
            "name": names[area_id],
            "council": council,
            "across": across,
            "other_council": other,
            "people": len(people[key]),
            "hours_per_week": hours(minutes[key]),
        }
