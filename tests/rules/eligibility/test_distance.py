"""How far a provider travels: 3 miles are 4,828.032 m."""

from __future__ import annotations

from fractions import Fraction
from math import nextafter

import pytest

from tests.making import (
    DEREHAM,
    FAKENHAM,
    MILE,
    SWANTON,
    at,
    county,
    framework,
    office,
    package,
    provider,
)
from tests.rules.judging import finding, passes


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
