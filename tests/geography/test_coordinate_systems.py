"""Systems of coordinates: their many names, degrees out of metres, and what metres look like."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from optimiser.geography.coordinate_systems import System, UnknownSystemError, metres_in_words, system_named
from optimiser.geography.grid import to_grid


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("EPSG:27700", "EPSG:27700"),
        ("epsg:27700", "EPSG:27700"),
        ("urn:ogc:def:crs:EPSG::27700", "EPSG:27700"),
        ("urn:ogc:def:crs:EPSG:9.8.15:27700", "EPSG:27700"),
        ("urn:x-ogc:def:crs:EPSG:27700", "EPSG:27700"),
        ("http://www.opengis.net/def/crs/EPSG/0/27700", "EPSG:27700"),
        ("http://www.opengis.net/gml/srs/epsg.xml#27700", "EPSG:27700"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"),
        ("urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84"),
        ("CRS84", "OGC:CRS84"),
        ("WGS 84", "EPSG:4326"),
        ("ESRI:102100", "ESRI:102100"),
        ("EPSG:7405", "EPSG:7405"),
    ],
)
def test_a_system_is_known_by_each_of_its_names(name: str, system: str) -> None:
    assert str(system_named(name)) == system


@pytest.mark.parametrize(
    "name",
    ["", "EPSG:", "EPSG:99999999", "NOBODY:1", "British National Grid", "+proj=longlat +nadgrids=/etc/hostname",
     "EPSG:4978", "EPSG:5701", "urn:ogc:def:crs:EPSG::27700,5701", "/etc/passwd", "EPSG:27700\n", "EPSG:２７７００"],
)  # fmt: skip
def test_another_name_a_height_or_a_recipe_is_no_system(name: str) -> None:
    with pytest.raises(UnknownSystemError):
        system_named(name)


PLACES = st.tuples(st.floats(-5.5, 1.7), st.floats(50.1, 55.5))


@settings(max_examples=50)
@given(places=st.lists(PLACES, min_size=1, max_size=5), code=st.sampled_from(["27700", "3857", "32630", "4258", "7405"]))
def test_what_was_turned_out_of_degrees_comes_back_within_a_millimetre(places: list[tuple[float, float]], code: str) -> None:
    there = Transformer.from_crs(4326, int(code), always_xy=True)
    back = System("EPSG", code).to_degrees([there.transform(*place) for place in places])
    before, after = (to_grid([y for _, y in each], [x for x, _ in each]) for each in (places, back))
    assert abs(before - after).max() < 0.001


def test_a_point_where_a_system_does_not_reach_is_infinite() -> None:
    assert System("EPSG", "27700").to_degrees([(1e300, 1e300)]) == [(float("inf"), float("inf"))]


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (586_338.4, 303_796.6, "metres of the National Grid (EPSG:27700), it seems"),
        (83_489.6, 6_909_348.7, "metres of Web Mercator (EPSG:3857), it seems"),
        (350_000, 5_800_000, "metres of UTM (EPSG:32630 or 32631), it seems"),
        (10**400, 1, "numbers that are no degrees"),
        (float("inf"), 1.0, "numbers that are no degrees"),
        (1.1, 52.5, ""),
        (52.5, 1.1, ""),
        (-120.0, 37.0, ""),
    ],
)
def test_metres_are_told_by_the_system_that_they_look_like(x: float, y: float, said: str) -> None:
    assert metres_in_words(x, y) == said
