"""Degrees to metres on the national grid, against points that Ordnance Survey publishes; and the box around England."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

from optimiser.geography.grid import METRES_PER_MILE, StraightLineDistances, crow_metres, half_up, in_england, to_grid

# Ordnance Survey's test points of OSTN15 (TP..) and the worked example of its guide to the transformation (Caister water tower):
# ETRS89 degrees, which are WGS 84 to within a metre, and the grid position to the millimetre.
POINTS = [
    ("TP14 King's Lynn", 52.75136687170, 0.40153547065, 562_180.547, 319_784.995),
    ("Caister water tower", 52 + 39 / 60 + 28.8282 / 3600, 1 + 42 / 60 + 57.8663 / 3600, 651_409.804, 313_177.450),
    ("TP11 Colchester", 51.89436637350, 0.89724327012, 599_445.590, 225_722.826),
    ("TP13 Northampton", 52.25160951230, -0.91248956970, 474_335.969, 262_047.755),
    ("TP09 London", 51.48936564950, -0.11992557180, 530_624.974, 178_388.464),
    ("TP07 Margate", 51.37447025550, 1.44454730409, 639_821.835, 169_565.858),
    ("TP02 Camborne", 49.96006137820, -5.20304609998, 170_370.718, 11_572.405),
    ("TP01 Scilly", 49.92226393730, -6.29977752014, 91_492.146, 11_318.804),
]


@pytest.mark.parametrize(("latitude", "longitude", "easting", "northing"), [point[1:] for point in POINTS])
def test_published_points_are_met_within_five_metres(latitude: float, longitude: float, easting: float, northing: float) -> None:
    """Without grids the seven-parameter shift is good to about five metres anywhere in the country."""
    [found] = to_grid([latitude], [longitude])
    assert math.dist(found, (easting, northing)) < 5


def test_distances_in_the_county_are_met_within_a_thousandth() -> None:
    """What counts for bands and travel is how far apart two places are: the shift is nearly the same for both."""
    [lynn, caister] = to_grid([POINTS[0][1], POINTS[1][1]], [POINTS[0][2], POINTS[1][2]])
    published = math.dist(POINTS[0][3:], POINTS[1][3:])
    assert math.dist(lynn, caister) == pytest.approx(published, rel=1e-4)


def test_many_places_are_placed_as_each_is_alone() -> None:
    latitudes, longitudes = [point[1] for point in POINTS], [point[2] for point in POINTS]
    together = to_grid(latitudes, longitudes)
    alone = [to_grid([latitude], [longitude])[0] for latitude, longitude in zip(latitudes, longitudes, strict=True)]
    assert together.tolist() == np.array(alone).tolist()
    assert together.dtype == np.float64


def test_no_place_is_no_row() -> None:
    assert to_grid([], []).shape == (0, 2)


def test_no_network_is_asked_for_grids() -> None:
    script = (
        "import socket\n"
        "def refuse(*given, **named): raise AssertionError('the network was asked')\n"
        "socket.socket.connect = refuse\n"
        "from optimiser.geography.grid import to_grid\n"
        "from pyproj.network import is_network_enabled\n"
        "print(to_grid([52.75136687170], [0.40153547065])[0].tolist(), is_network_enabled())\n"
    )
    asked = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PROJ_NETWORK": "ON", "PATH": ""}
    )
    [here] = to_grid([52.75136687170], [0.40153547065])
    assert asked.stdout.strip() == f"{here.tolist()} False"


@pytest.mark.parametrize(("latitude", "longitude"), [(52.6, 1.3), (49.8, -6.5), (55.9, 1.9), (50.0, -5.7)])
def test_england_is_inside_its_box_with_its_edge(latitude: float, longitude: float) -> None:
    assert in_england(latitude, longitude)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (1.3, 52.6),
        (49.79, 0),
        (55.91, 0),
        (52, -6.51),
        (52, 1.91),
        (math.nan, 1.3),
        (52.6, math.nan),
        (math.inf, 1.3),
        (-52.6, 1.3),
    ],
)
def test_the_rest_of_the_world_is_outside(latitude: float, longitude: float) -> None:
    assert not in_england(latitude, longitude)


@pytest.mark.parametrize(("metres", "whole"), [(0, 0), (0.49, 0), (0.5, 1), (1.5, 2), (2.5, 3), (1999.5, 2000), (2000.49, 2000)])
def test_metres_are_rounded_half_up(metres: float, whole: int) -> None:
    assert half_up(np.array([metres])).tolist() == [whole]


def test_a_mile_is_the_international_mile() -> None:
    assert METRES_PER_MILE == 1609.344


def test_the_straight_line_is_one_to_the_last_bit_however_it_is_asked() -> None:
    """Of all pairs, of one place to each, and pair by pair: as bands, travel times and a county's distances ask."""
    places = np.random.default_rng(7).uniform((400_000, 100_000), (650_000, 400_000), (40, 2))
    table = StraightLineDistances().metres(places, places[::-1])
    assert (table == crow_metres(places[:, None], places[::-1])).all()
    assert (table[3] == crow_metres(places[3:4], places[::-1])).all()
    assert (np.diagonal(table) == crow_metres(places, places[::-1])).all()
    assert (table == table[::-1, ::-1].T).all()
    assert table[0, 1] == np.hypot(places[-2, 0] - places[0, 0], places[-2, 1] - places[0, 1])
