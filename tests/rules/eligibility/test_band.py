"""Price bands: 3 miles are 4,828.032 m, 6 miles 9,656.064 m."""

from __future__ import annotations

from fractions import Fraction
from math import nextafter

import numpy as np
import pytest

from optimiser.geography.bands import band_of
from optimiser.geography.grid import Metres, to_grid
from tests.making import (
    DEREHAM,
    FAKENHAM,
    SCARNING,
    SWANTON,
    Place,
    at,
    county,
    framework,
    package,
    surgery,
)
from tests.rules.judging import finding, passes


class RoundTrips:
    """A travel source in which every way is twice as long."""

    provenance = "there and back"

    def metres(self, origins: Metres, destinations: Metres) -> Metres:
        return np.asarray(2 * np.hypot(*np.moveaxis(destinations[None] - origins[:, None], 2, 0)))


def test_the_named_places_lie_where_they_say() -> None:
    places = [DEREHAM, SCARNING, SWANTON, FAKENHAM]
    grid = to_grid([place.latitude for place in places], [place.longitude for place in places])
    assert np.hypot(*(grid - grid[0]).T) == pytest.approx([0, 3_000, 5_000, 16_000], abs=0.001)


@pytest.mark.parametrize(
    ("place", "band"),
    [
        (DEREHAM, 1),
        (SCARNING, 1),  # 3,000 m
        (at(4_828.03), 1),  # 2 mm short of 3 miles
        (at(4_828.04), 2),  # 8 mm beyond
        (SWANTON, 2),  # 5,000 m
        (at(0, -9_656.06), 2),  # 4 mm short of 6 miles
        (at(0, -9_656.07), 3),  # 6 mm beyond
        (FAKENHAM, 3),
    ],
)
def test_a_contract_serves_the_bands_that_it_names(place: Place, band: int) -> None:
    contracts = [framework(f"P{only}", bands=(only,)) for only in (1, 2, 3)]
    here = county([package("N1", place)], [*contracts, framework("ALL", bands=())])
    assert here.band.tolist() == [band]
    assert [passes(here, "band", "N1", f"F-P{only}") for only in (1, 2, 3)] == [only == band for only in (1, 2, 3)]
    assert passes(here, "band", "N1", "F-ALL")  # none named: all are served


def test_exactly_three_and_six_miles_are_still_the_nearer_band() -> None:
    miles = np.array([3.0, nextafter(3.0, 4.0), 6.0, nextafter(6.0, 7.0)])
    assert band_of(miles, (Fraction(3), Fraction(6))).tolist() == [1, 2, 2, 3]


def test_a_place_exactly_on_a_limit_is_in_the_nearer_band_in_a_county_too() -> None:
    # The limits are set to the very distance of the place, and to the next number below it.
    person = package("N1", SWANTON)
    miles = float(county([person]).centre_miles[0])
    less = nextafter(miles, 0)
    assert county([person], band_limits_miles=(Fraction(miles), Fraction(99))).band.tolist() == [1]
    assert county([person], band_limits_miles=(Fraction(less), Fraction(99))).band.tolist() == [2]
    assert county([person], band_limits_miles=(Fraction(1), Fraction(miles))).band.tolist() == [2]
    assert county([person], band_limits_miles=(Fraction(1), Fraction(less))).band.tolist() == [3]


def test_the_nearest_centre_of_any_area_sets_the_band_and_other_surgeries_do_not() -> None:
    far = package("N1", FAKENHAM)
    near = surgery("S2", FAKENHAM, area_id="A2")
    assert county([far], surgeries=[surgery(), near]).band.tolist() == [1]
    assert county([far], surgeries=[surgery(), surgery("S2", FAKENHAM, band_centre=False)]).band.tolist() == [3]


def test_bands_are_measured_straight_whatever_the_travel_source() -> None:
    # 3,000 m straight is band 1; 6,000 m there and back would be band 2.
    here = county([package("N1", SCARNING)], [framework("BRACKEN")], travel=RoundTrips())
    assert here.band.tolist() == [1]
    assert here.office_metres[0, 0] == pytest.approx(6_000, abs=0.001)


def test_the_band_is_said_with_its_distance() -> None:
    here = county([package("N1", SWANTON)], [framework("BRACKEN", bands=(1, 3))])
    found = finding(here, "band", "N1", "F-BRACKEN")
    assert found.sentence == "The place is in band 2, 3.11 miles from the nearest centre; the contract serves band 1 and 3."
