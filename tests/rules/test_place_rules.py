"""Worked examples: price bands and travel radius. 3 miles are 4,828.032 m, 6 miles 9,656.064 m."""

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
    MILE,
    SCARNING,
    SWANTON,
    Place,
    at,
    county,
    framework,
    office,
    package,
    provider,
    surgery,
)
from tests.rules.judging import finding, passes


def test_the_named_places_lie_where_they_say() -> None:
    places = [DEREHAM, SCARNING, SWANTON, FAKENHAM]
    grid = to_grid([place.latitude for place in places], [place.longitude for place in places])
    assert np.hypot(*(grid - grid[0]).T) == pytest.approx([0, 3_000, 5_000, 16_000], abs=0.001)


# ---- band ---------------------------------------------------------------------------------------------------------------


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


class RoundTrips:
    """A travel source in which every way is twice as long."""

    provenance = "there and back"

    def metres(self, origins: Metres, destinations: Metres) -> Metres:
        return np.asarray(2 * np.hypot(*np.moveaxis(destinations[None] - origins[:, None], 2, 0)))


def test_bands_are_measured_straight_whatever_the_travel_source() -> None:
    # 3,000 m straight is band 1; 6,000 m there and back would be band 2.
    here = county([package("N1", SCARNING)], [framework("BRACKEN")], travel=RoundTrips())
    assert here.band.tolist() == [1]
    assert here.office_metres[0, 0] == pytest.approx(6_000, abs=0.001)


def test_the_band_is_said_with_its_distance() -> None:
    here = county([package("N1", SWANTON)], [framework("BRACKEN", bands=(1, 3))])
    found = finding(here, "band", "N1", "F-BRACKEN")
    assert found.sentence == "The place is in band 2, 3.11 miles from the nearest centre; the contract serves band 1 and 3."


# ---- distance -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("radius", "within"),
    [(None, True), (Fraction("3.1"), False), (Fraction("3.11"), True), (Fraction(0), False), (Fraction(99), True)],
)
def test_a_provider_travels_as_far_as_it_says(radius: Fraction | None, within: bool) -> None:
    # 5,000 m are 3.1069 miles.
    here = county([package("N1", SWANTON)], [framework("BRACKEN")], providers=[provider("BRACKEN", max_distance_miles=radius)])
    assert passes(here, "distance", "N1", "F-BRACKEN") is within


def test_exactly_as_far_is_within_and_a_hair_further_is_not() -> None:
    def within(miles: float) -> bool:
        radius = provider("BRACKEN", max_distance_miles=Fraction(miles))
        here = county([package("N1", SWANTON)], [framework("BRACKEN")], providers=[radius])
        return passes(here, "distance", "N1", "F-BRACKEN")

    measured = float(county([package("N1", SWANTON)], [framework("BRACKEN")]).office_metres[0, 0]) / MILE
    assert within(measured)
    assert not within(nextafter(measured, 0))


def test_three_miles_are_4828_metres_and_32_millimetres() -> None:
    people = [package("N1", at(4_828.03)), package("N2", at(4_828.04))]
    here = county(people, [framework("BRACKEN")], providers=[provider("BRACKEN", max_distance_miles=Fraction(3))])
    assert passes(here, "distance", "N1", "F-BRACKEN")
    assert not passes(here, "distance", "N2", "F-BRACKEN")


def test_the_nearest_office_counts_and_running_care_nearby_does_not() -> None:
    offices = [office("BRACKEN", DEREHAM, "O1"), office("BRACKEN", FAKENHAM, "O2"), office("CLOVER", DEREHAM)]
    running = package("R1", FAKENHAM, contract_id="F-CLOVER")
    short = [provider(name, max_distance_miles=Fraction(1)) for name in ("BRACKEN", "CLOVER")]
    contracts = [framework("BRACKEN"), framework("CLOVER")]
    here = county([package("N1", FAKENHAM), running], contracts, providers=short, offices=offices)
    assert passes(here, "distance", "N1", "F-BRACKEN")  # at the door of its second office
    assert not passes(here, "distance", "N1", "F-CLOVER")  # 9.94 miles, though it cares for R1 next door


def test_somebody_at_the_office_door_is_within_a_radius_of_nothing() -> None:
    here = county([package("N1")], [framework("BRACKEN")], providers=[provider("BRACKEN", max_distance_miles=Fraction(0))])
    assert passes(here, "distance", "N1", "F-BRACKEN")


def test_the_distance_is_said_with_the_radius() -> None:
    here = county(
        [package("N1", SWANTON)], [framework("BRACKEN")], providers=[provider("BRACKEN", max_distance_miles=Fraction("2.5"))]
    )
    found = finding(here, "distance", "N1", "F-BRACKEN")
    assert found.sentence == "Bracken's nearest office is 3.11 miles away; it travels up to 2.5 miles."
