"""A county like an earlier one: only homes that are new are measured, and everything is as if all were measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.grid import Metres, StraightLineDistances
from tests.making import at, framework, package, principal, snapshot, surgery


class Counting(StraightLineDistances):
    """Counts the places that it is asked about."""

    asked = 0

    def metres(self, origins: Metres, destinations: Metres) -> Metres:
        self.asked += len(origins)
        return super().metres(origins, destinations)


def county_of(*homes: tuple[str, int]) -> Snapshot:
    """People so many metres east of Dereham."""
    return snapshot([package(name, at(east)) for name, east in homes], [principal("ALDER"), framework("BRACKEN")])


def assert_measured_alike(one: County, other: County) -> None:
    for name in ("place", "centre_miles", "office_metres", "band"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_only_new_homes_are_measured() -> None:
    """B leaves, C moves to 900 m, D is new, where B lived: one place is new."""
    travel = Counting()
    before = County.of(county_of(("A", 100), ("B", 5000), ("C", 20000)), travel)
    after = county_of(("A", 100), ("C", 900), ("D", 5000))
    travel.asked = 0
    assert_measured_alike(County.of(after, like=before), County.of(after, StraightLineDistances()))
    assert travel.asked == 1
    fewer = county_of(("C", 20000))
    assert_measured_alike(County.of(fewer, like=before), County.of(fewer, StraightLineDistances()))
    assert travel.asked == 1, "nobody is new"


def test_where_a_centre_moves_all_are_measured() -> None:
    travel = Counting()
    before = County.of(county_of(("A", 100), ("B", 5000)), travel)
    after = replace(before.snapshot, surgeries=(surgery(place=at(30000)),))
    travel.asked = 0
    assert_measured_alike(County.of(after, like=before), County.of(after, StraightLineDistances()))
    assert travel.asked == 2
