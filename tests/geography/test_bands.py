"""Price bands: up to and including 3 miles, up to and including 6, beyond."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from optimiser.geography.bands import band_of, nearest_centre_miles
from optimiser.geography.grid import METRES_PER_MILE

LIMITS = (Fraction(3), Fraction(6))


def band(miles: float, limits: tuple[Fraction, Fraction] = LIMITS) -> int:
    return int(band_of(np.array([miles]), limits)[0])


@pytest.mark.parametrize(
    ("miles", "expected"),
    [
        (0.0, 1),
        (2.999, 1),
        (np.nextafter(3.0, 0), 1),
        (3.0, 1),
        (np.nextafter(3.0, 9), 2),
        (3.001, 2),
        (np.nextafter(6.0, 0), 2),
        (6.0, 2),
        (np.nextafter(6.0, 9), 3),
        (250.0, 3),
    ],
)
def test_exactly_on_an_edge_is_the_nearer_band(miles: float, expected: int) -> None:
    assert band(miles) == expected


@pytest.mark.parametrize(("miles", "expected"), [(0.0, 1), (0.1, 2), (2.9, 2), (2.9000001, 3), (3.0, 3)])
def test_the_edges_are_the_policys(miles: float, expected: int) -> None:
    assert band(miles, (Fraction(0), Fraction("2.9"))) == expected


@pytest.mark.parametrize("miles", [3, 6])
def test_a_place_so_many_miles_of_metres_away_is_exactly_on_the_edge(miles: int) -> None:
    metres = miles * METRES_PER_MILE
    found = nearest_centre_miles(np.array([[0.0, 0.0], [metres, 0.0], [0.0, metres]]), np.array([[0.0, 0.0]]))
    assert found.tolist() == [0.0, miles, miles]


def test_the_nearest_of_several_centres_counts_in_a_straight_line() -> None:
    centres = np.array([[0.0, 0.0], [10_000.0, 0.0], [30_000.0, 40_000.0]])
    places = np.array([[4_000.0, 3_000.0], [6_000.0, 3_000.0], [33_000.0, 44_000.0]])
    assert (nearest_centre_miles(places, centres) * METRES_PER_MILE).tolist() == pytest.approx([5_000, 5_000, 5_000])


def test_no_place_has_no_distance() -> None:
    assert nearest_centre_miles(np.empty((0, 2)), np.array([[0.0, 0.0]])).tolist() == []
