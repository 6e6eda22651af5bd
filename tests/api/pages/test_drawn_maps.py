"""Maps: worked by hand on a square of the national grid."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from api.pages.drawn_maps import APART, Label, Paper, county_map, kept_apart, local_map
from optimiser.geography.grid import to_degrees
from tests.api.pages.outlining import areas


def place(east: float, north: float) -> list[float]:
    """Longitude and latitude of metres from 600 000, 300 000."""
    ((latitude, longitude),) = to_degrees(np.array([[600_000 + east, 300_000 + north]])).tolist()
    return [longitude, latitude]


def square(area_id: str, west: float, south: float, side: float) -> dict[str, Any]:
    corners = [(west, south), (west + side, south), (west + side, south + side), (west, south + side), (west, south)]
    geometry = {"type": "MultiPolygon", "coordinates": [[[place(*corner) for corner in corners]]]}
    middle = place(west + side / 2, south + side / 2)
    return {"properties": {"area_id": area_id, "name": area_id.lower(), "inside": middle}, "geometry": geometry}


def test_ten_kilometres_on_paper() -> None:
    """10 km and 4% more on either side: 10.8 km are 400 units across; north is up. 2 km are at most a quarter of it."""
    found = county_map(areas(square("A", 0, 0, 10_000)), {"A": ("7", "below", "7 a: Below")})
    assert found is not None
    assert (found.paper.width, found.paper.height) == (400.0, 400.0)
    corners = [tuple(map(float, each)) for each in re.findall(r"([\d.]+),([\d.]+)", found.shapes[0].path)]
    wanted = [(14.8, 385.2), (385.2, 385.2), (385.2, 14.8), (14.8, 14.8)]
    assert all(math.dist(one, other) < 0.3 for one, other in zip(corners, wanted, strict=True))
    (label,) = found.labels
    assert math.dist((label.x, label.y), (200, 200)) < 0.3 and label.text == "7"
    assert found.paper.bar == (74.1, "2 km")
    assert found.paper.miles(1) == 59.6, "1609.344 of 10 800 metres in 400 units"


def test_areas_without_an_outline_are_left_out_and_a_county_without_any_has_no_map() -> None:
    bare = {"properties": {"area_id": "B", "name": "b", "inside": None}, "geometry": None}
    kinds = {"A": ("1", "within", "a"), "B": ("2", "below", "b")}
    found = county_map(areas(bare, square("A", 0, 0, 5_000)), kinds)
    assert found is not None and [each.kind for each in found.shapes] == ["within"]
    assert county_map(areas(bare), kinds) is None
    assert local_map(areas(bare), "B", [], []) is None and local_map(areas(), "B", [], []) is None


def test_a_map_of_one_area_has_what_is_around_it_and_places_that_lie_on_it() -> None:
    features = [square("A", 0, 0, 10_000), square("B", 10_000, 0, 10_000)]
    near, far = place(5_000, 5_000), place(50_000, 0)
    signs = [{"name": name, "longitude": at[0], "latitude": at[1]} for name, at in (("Near", near), ("Far", far))]
    found = local_map(areas(*features), "A", [("1", "Alder", near), ("2", "Bracken", far)], signs)
    assert found is not None
    assert [each.kind for each in found.shapes] == ["here", "around"] and found.bold == found.shapes[0].path
    assert [each.text for each in found.labels] == ["1"]
    assert [each.words for each in found.signs] == ["Near"]
    assert [each.words for each in found.centres] == ["Near", "Far"], "a band reaches in from outside"


def test_labels_keep_apart_and_on_the_paper() -> None:
    paper = Paper(0, 0, 1, 400, 400)
    alone = Label(300, 300, "9")
    crowd = [Label(100, 100, "1"), Label(100, 100, "2"), Label(104, 100, "3"), alone, Label(399, 399, "4")]
    found = kept_apart(crowd, paper)
    assert [each.text for each in found] == ["1", "2", "3", "9", "4"] and found[3] == alone
    three = [(each.x, each.y) for each in found[:3]]
    assert min(math.dist(one, other) for one in three for other in three if one != other) > APART - 1
    assert (found[4].x, found[4].y) == (400 - APART / 2, 400 - APART / 2)
    assert found == kept_apart(crowd, paper), "the same each time"


@given(st.lists(st.tuples(st.integers(-300, 400), st.integers(-300, 400)), min_size=3, max_size=30))
def test_corners_off_the_paper_are_left_out_where_nothing_on_it_changes(ring: list[tuple[int, int]]) -> None:
    """By the even-odd rule every place on the paper is in the ring as it was."""
    paper = Paper(0, 0, 1, 100.0, 100.0)
    whole = [(float(x), float(y)) for x, y in ring]
    seen = paper.seen(whole)
    assert set(seen) <= set(whole)
    for x, y in ((0.5, 0.5), (50.25, 33.5), (99.5, 0.25), (12.5, 99.5), (99.5, 99.5)):
        assert _is_in(whole, x, y) == _is_in(seen, x, y)


def test_a_coast_beyond_the_paper_is_one_line() -> None:
    """A square of the paper's size at its side, whose far edge has a hundred corners: two of them are left."""
    far = [(500.0 + each % 2, float(each)) for each in range(100)]
    seen = Paper(0, 0, 1, 100.0, 100.0).seen([(90.0, 99.0), (90.0, 0.0), *far])
    assert seen == [(90.0, 99.0), (90.0, 0.0), far[0], far[-1]]


def _is_in(ring: list[tuple[float, float]], x: float, y: float) -> bool:
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        crossings += (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1)
    return bool(crossings % 2)
