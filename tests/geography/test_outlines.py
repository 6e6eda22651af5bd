"""Which outline a point lies in: holes, slivers and crossed edges; one by one as many at once; and the nearest area."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from optimiser.domain.records import Area
from optimiser.geography import edges
from optimiser.geography import outlines as geography
from optimiser.geography.edges import POINTS_AT_ONCE, Points, crosses
from optimiser.geography.grid import Metres, to_grid
from optimiser.geography.outlines import Outlines, rings_of

Ring = list[list[float]]


def ring(*corners: tuple[float, float]) -> Ring:
    """A closed ring, longitude first."""
    return [list(corner) for corner in (*corners, corners[0])]


def box(west: float, south: float, east: float, north: float) -> Ring:
    return ring((west, south), (east, south), (east, north), (west, north))


def polygon(*rings: Ring) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def several(*polygons: list[Ring]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": list(polygons)}


def outlines(**geometries: dict[str, Any] | None) -> Outlines:
    return Outlines([Area(area_id, area_id, "Example", None, geometry) for area_id, geometry in geometries.items()])


def inside(geometry: dict[str, Any], longitude: float, latitude: float) -> bool:
    return outlines(A=geometry).inside(latitude, longitude) == ["A"]


def inside_at_once(geometry: dict[str, Any], places: list[tuple[float, float]]) -> list[bool]:
    longitudes, latitudes = np.array([place[0] for place in places]), np.array([place[1] for place in places])
    outside = outlines(A=geometry).outside_own(latitudes, longitudes, ["A"] * len(places))
    return [index not in outside for index in range(len(places))]


HOLED = polygon(box(1.0, 52.0, 1.8, 52.8), box(1.2, 52.2, 1.6, 52.6))
ISLAND = several([box(1.0, 52.0, 1.8, 52.8), box(1.2, 52.2, 1.6, 52.6)], [box(1.3, 52.3, 1.5, 52.5)])
SLIVER = polygon(ring((1.0, 52.0), (1.8, 52.0), (1.8, 52.0000001)))
FLAT = polygon(ring((1.0, 52.0), (1.8, 52.0), (1.4, 52.0)))
BOW_TIE = polygon(ring((1.0, 52.0), (1.8, 52.8), (1.8, 52.0), (1.0, 52.8)))
OVERLAPPING = several([box(1.0, 52.0, 1.4, 52.4)], [box(1.2, 52.2, 1.8, 52.8)])
REPEATED = polygon(ring((1.0, 52.0), (1.0, 52.0), (1.8, 52.0), (1.8, 52.8), (1.8, 52.8), (1.0, 52.8)))
TURNED = polygon(box(1.0, 52.0, 1.8, 52.8)[::-1])
SPIKED = polygon(ring((1.0, 52.0), (1.8, 52.0), (1.8, 52.8), (1.4, 52.8), (1.4, 54.0), (1.4, 52.8), (1.0, 52.8)))

CASES = [
    ("a hole is outside", HOLED, 1.4, 52.4, False),
    ("beside the hole is inside", HOLED, 1.1, 52.1, True),
    ("an island in the hole is inside", ISLAND, 1.4, 52.4, True),
    ("the water around the island is outside", ISLAND, 1.25, 52.4, False),
    ("above a sliver is outside", SLIVER, 1.7, 52.1, False),
    ("on a sliver is inside", SLIVER, 1.79, 52.00000005, True),
    ("an outline without ground holds nothing", FLAT, 1.4, 52.0, False),
    ("one wing of crossed edges is inside", BOW_TIE, 1.05, 52.4, True),
    ("the other wing is inside", BOW_TIE, 1.75, 52.4, True),
    ("between the wings is outside", BOW_TIE, 1.4, 52.1, False),
    ("where two polygons of one area overlap is inside", OVERLAPPING, 1.3, 52.3, True),
    ("a repeated corner changes nothing", REPEATED, 1.4, 52.4, True),
    ("a ring may run either way round", TURNED, 1.4, 52.4, True),
    ("a spike holds nothing", SPIKED, 1.4, 53.0, False),
    ("below a spike is inside", SPIKED, 1.4, 52.4, True),
    ("to the left is outside", HOLED, 0.9, 52.4, False),
    ("to the right is outside", HOLED, 1.9, 52.4, False),
]


@pytest.mark.parametrize(
    ("geometry", "longitude", "latitude", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_rough_outlines_are_answered_by_the_even_odd_rule(
    geometry: dict[str, Any], longitude: float, latitude: float, *, expected: bool
) -> None:
    assert inside(geometry, longitude, latitude) is expected
    assert inside_at_once(geometry, [(longitude, latitude)]) == [expected]


def test_heights_say_nothing_of_where_a_place_is_even_where_only_some_corners_have_one() -> None:
    corners = box(1.0, 52.0, 1.8, 52.8)
    for heights in ([0, 1, 2, 3, 4], [1, 3]):
        raised = polygon([[*corner, 99.0] if index in heights else corner for index, corner in enumerate(corners)])
        assert inside(raised, 1.4, 52.4)
        assert not inside(raised, 1.9, 52.4)


def test_a_point_on_the_border_of_two_areas_is_in_exactly_one() -> None:
    both = outlines(A=polygon(box(1.0, 52.0, 1.4, 52.8)), B=polygon(box(1.4, 52.0, 1.8, 52.8)))
    assert [len(both.inside(latitude, 1.4)) for latitude in (52.0, 52.1, 52.4, 52.7999)] == [1, 1, 1, 1]


def test_every_area_around_a_point_is_named() -> None:
    layers = outlines(A=polygon(box(1.0, 52.0, 1.4, 52.8)), B=polygon(box(1.2, 52.0, 1.8, 52.8)), C=None)
    assert layers.inside(52.4, 1.3) == ["A", "B"]
    assert layers.inside(52.4, 1.7) == ["B"]
    assert layers.inside(52.4, 0.5) == []


def test_only_points_outside_the_outline_that_they_name_are_listed() -> None:
    layers = outlines(A=polygon(box(1.0, 52.0, 1.4, 52.8)), B=polygon(box(1.4, 52.0, 1.8, 52.8)), C=None)
    longitudes = np.array([1.7, 1.1, 1.1, 1.7, 1.1, 1.1])
    named = ["A", "A", "B", "B", "C", "UNKNOWN"]
    assert layers.outside_own(np.full(6, 52.4), longitudes, named) == [0, 2]


def test_no_points_are_outside_nothing() -> None:
    assert outlines(A=HOLED).outside_own(np.array([]), np.array([]), []) == []


CORNERS = st.tuples(
    st.one_of(st.floats(1.0, 1.8), st.integers(10, 18).map(lambda tenths: tenths / 10)),
    st.one_of(st.floats(52.0, 52.8), st.integers(520, 528).map(lambda tenths: tenths / 10)),
)
ROUGH_RINGS = st.lists(CORNERS, min_size=3, max_size=9).map(lambda corners: ring(*corners))
ROUGH = st.one_of(
    st.lists(ROUGH_RINGS, min_size=1, max_size=3).map(lambda rings: polygon(*rings)),
    st.lists(st.lists(ROUGH_RINGS, min_size=1, max_size=2), min_size=1, max_size=3).map(lambda found: several(*found)),
)


@settings(max_examples=300)
@given(geometry=ROUGH, places=st.lists(CORNERS, min_size=1, max_size=8))
def test_one_by_one_is_as_many_at_once(geometry: dict[str, Any], places: list[tuple[float, float]]) -> None:
    assert [inside(geometry, *place) for place in places] == inside_at_once(geometry, places)


@settings(max_examples=150)
@given(corners=st.lists(CORNERS, min_size=3, max_size=8, unique=True), place=CORNERS)
def test_a_clean_outline_is_answered_as_shapely_answers_it(
    corners: list[tuple[float, float]], place: tuple[float, float]
) -> None:
    shape = shapely.Polygon(corners)
    point = shapely.Point(place)
    assume(shape.is_valid and shape.exterior.distance(point) > 1e-9)
    assert inside(polygon(ring(*corners)), *place) == shape.contains(point)


def odd(rings: list[Ring], x: float, y: float) -> bool:
    """The even-odd rule as it is written down, edge by edge."""
    crossings = 0
    for each in rings:
        for (x1, y1), (x2, y2) in pairwise(each):
            crossings += (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    return crossings % 2 == 1


@settings(max_examples=80)
@given(geometries=st.lists(ROUGH, min_size=1, max_size=3), places=st.lists(CORNERS, min_size=1, max_size=8))
def test_the_answer_is_that_of_the_rule_edge_by_edge_also_on_borders_and_corners(
    geometries: list[dict[str, Any]], places: list[tuple[float, float]]
) -> None:
    named = dict(zip("ABC", geometries, strict=False))
    places += [tuple(corner) for each in geometries for rings in rings_of(each) for corner in rings[0]]  # type: ignore[misc]
    longitudes, latitudes = np.array(places).T
    assert outlines(**named).inside_each(latitudes, longitudes) == [
        [name for name, each in named.items() if any(odd(rings, *place) for rings in rings_of(each))] for place in places
    ]


def round_outline(pieces: int) -> dict[str, Any]:
    """An outline of 600 sides, each drawn in so many pieces."""
    sides = np.arange(0, 601, 1 / pieces)[: 600 * pieces]
    turns = np.linspace(0, 2 * np.pi, 601)
    longitudes, latitudes = (np.interp(sides, range(601), 0.4 * turned(turns)) for turned in (np.cos, np.sin))
    return polygon(ring(*zip((1.4 + longitudes).tolist(), (52.4 + latitudes).tolist(), strict=True)))


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many edges were looked at, of each question."""
    counts: list[int] = []

    def counted(starts: Points, ends: Points, points: Points) -> NDArray[np.bool_]:
        counts.append(len(points))
        return crosses(starts, ends, points)

    monkeypatch.setattr(edges, "crosses", counted)
    return counts


def test_an_outline_drawn_a_hundred_times_finer_takes_no_more_work(looked_at: list[int]) -> None:
    dice = np.random.default_rng(1)
    latitudes, longitudes = dice.uniform(51.9, 52.9, 1000), dice.uniform(0.9, 1.9, 1000)
    answers = []
    for pieces in (1, 100):
        finer = outlines(A=round_outline(pieces))
        answers.append(finer.inside_each(latitudes, longitudes))
        assert len(finer.outside_own(latitudes, longitudes, ["A"] * 1000)) == answers[-1].count([])
    assert answers[0] == answers[1]
    assert sum(looked_at) < 4 * 3 * 1000  # four questions, in each at most a few edges per place


def test_questions_about_many_places_never_look_at_more_edges_at_once_than_fit_into_memory(looked_at: list[int]) -> None:
    comb = ring((1.0, 52.0), *((1.0 + n / 1000, 52.8 if n % 2 else 52.1) for n in range(601)), (1.6, 52.0))
    outlines(A=polygon(comb)).inside_each(np.full(1000, 52.4), np.full(1000, 1.0005))
    assert max(looked_at) <= POINTS_AT_ONCE * 603 < sum(looked_at)


THREE = outlines(
    A=polygon(box(0.95, 52.0, 1.2, 52.2)), B=HOLED, C=several([box(0.2, 52.0, 0.4, 52.2)], [box(0.6, 52.0, 0.7, 52.2)])
)


@pytest.mark.parametrize(
    ("longitude", "latitude", "nearest"),
    [(0.1, 52.1, "C"), (0.55, 52.1, "C"), (0.82, 52.1, "C"), (0.83, 52.1, "A"), (1.5, 53.5, "B"), (1.4, 52.4, "B")],
)
def test_the_nearest_area_is_the_one_whose_outline_is_fewest_metres_away(longitude: float, latitude: float, nearest: str) -> None:
    assert THREE.nearest(latitude, longitude) == nearest


def test_nearest_is_measured_in_metres_and_not_in_degrees() -> None:
    """At this latitude a degree of longitude is 68 km and one of latitude 111 km."""
    two = outlines(EAST=polygon(box(1.14, 52.0, 1.2, 52.2)), NORTH=polygon(box(0.9, 52.22, 1.1, 52.4)))
    assert two.nearest(52.1, 1.0) == "EAST"


def test_of_two_areas_equally_near_the_first_by_id_is_named() -> None:
    same = polygon(box(1.0, 52.0, 1.2, 52.2))
    assert outlines(B=same, A=same).nearest(52.5, 1.1) == "A"


def test_outlines_are_put_on_the_grid_once_however_many_places_ask_for_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    converted: list[int] = []

    def counted(latitudes: list[float], longitudes: list[float]) -> Metres:
        converted.append(len(latitudes))
        return to_grid(latitudes, longitudes)

    monkeypatch.setattr(geography, "to_grid", counted)
    layers = outlines(A=round_outline(1), B=polygon(box(0.2, 52.0, 0.4, 52.8)))
    assert [layers.nearest(52.4, longitude / 10) for longitude in range(30)] == ["B"] * 7 + ["A"] * 23
    assert sorted(converted) == [*[1] * 30, 2 * 4, 2 * 600]


def test_without_outlines_no_area_is_nearest() -> None:
    assert outlines(A=None).nearest(52.5, 1.1) is None


@settings(max_examples=80)
@given(geometries=st.lists(ROUGH, min_size=1, max_size=3), place=CORNERS)
def test_the_nearest_of_rough_outlines_is_found_and_is_nearest(
    geometries: list[dict[str, Any]], place: tuple[float, float]
) -> None:
    named = dict(zip("ABC", geometries, strict=False))
    found = outlines(**named).nearest(place[1], place[0])
    assert found is not None

    def metres(geometry: dict[str, Any]) -> float:
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        point = shapely.Point(*to_grid([place[1]], [place[0]])[0])
        lines = [to_grid([corner[1] for corner in each], [corner[0] for corner in each]) for rings in polygons for each in rings]
        return min(float(shapely.LineString(line).distance(point)) for line in lines)

    assert metres(named[found]) == pytest.approx(min(metres(geometry) for geometry in geometries), abs=1e-6)
