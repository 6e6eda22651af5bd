"""Outlines for a map: borders stay shared, rough outlines stay as they are, a label stands inside."""

from __future__ import annotations

import math
from typing import Any

import pytest
import shapely

from optimiser.geography.simplified_outlines import simplified

WIGGLES = [[1.1, 52.0 + 0.2 * step / 400] if step % 2 else [1.1005, 52.0 + 0.2 * step / 400] for step in range(401)]
"""A border of 401 corners, from south to north, that goes 34 metres to and fro."""


def polygon(*corners: list[float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def corners_of(outline: dict[str, Any] | None) -> list[list[float]]:
    assert outline is not None and outline["type"] == "MultiPolygon"
    return [corner for part in outline["coordinates"] for ring in part for corner in ring]


def test_a_border_of_two_areas_loses_the_same_corners_on_both_sides() -> None:
    west = polygon([1.0, 52.0], *WIGGLES, [1.0, 52.2])
    east = polygon([1.2, 52.2], *reversed(WIGGLES), [1.2, 52.0])
    one, other = simplified([west, east])
    shared = {tuple(each) for each in corners_of(one.outline)} & {tuple(each) for each in corners_of(other.outline)}
    assert len(corners_of(one.outline)) < 20 and len(corners_of(other.outline)) < 20
    both = shapely.MultiPoint(sorted(shared))
    assert both.bounds[1] == pytest.approx(52.0) and both.bounds[3] == pytest.approx(52.2), "from end to end"
    shapes = [shapely.geometry.shape(each.outline) for each in (one, other)]
    assert shapes[0].intersection(shapes[1]).area < 1e-9, "none lies on the other"
    for shape, told in zip(shapes, (one, other), strict=True):
        assert told.inside is not None and shape.contains(shapely.Point(told.inside))


def test_a_label_stands_well_inside_the_widest_part() -> None:
    """A square of 0.1 degrees in the west, a smaller one in the east: the middle of the first, at 1.05."""
    parts = [[[[1.0, 52.0], [1.1, 52.0], [1.1, 52.06], [1.0, 52.06], [1.0, 52.0]]]]
    parts.append([[[2.0, 52.0], [2.01, 52.0], [2.01, 52.01], [2.0, 52.0]]])
    (found,) = simplified([{"type": "MultiPolygon", "coordinates": parts}])
    assert found.inside is not None
    assert math.dist(found.inside, (1.05, 52.03)) < 0.02
    assert len(corners_of(found.outline)) == 9, "no part is left out"


@pytest.mark.parametrize(
    "corners",
    [
        [[1.0, 52.0], [1.2, 52.2], [1.2, 52.0], [1.0, 52.2]],
        [[1.0, 52.0], [1.2, 52.0], [1.1, 52.0]],
        [[1.0, 52.0], [1.0, 52.0], [1.0, 52.0]],
    ],
    ids=["a crossed edge", "a sliver", "a point"],
)
def test_no_outline_is_too_rough_to_be_drawn(corners: list[list[float]]) -> None:
    (found,) = simplified([polygon(*corners)])
    assert found.outline is not None and len(corners_of({"coordinates": [], **found.outline, "type": "MultiPolygon"})) >= 0


def test_an_area_without_an_outline_has_none_and_the_others_keep_theirs() -> None:
    nothing, square = simplified([None, polygon([1.0, 52.0], [1.1, 52.0], [1.1, 52.1], [1.0, 52.1])])
    assert nothing.outline is None and nothing.inside is None
    assert len(corners_of(square.outline)) == 5
