"""What is wrong with outlines, and what a repair does, on rectangles."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from optimiser.boundaries.flaws import counted, flaws_of
from optimiser.boundaries.inspection import look_over
from optimiser.boundaries.repair import repaired
from optimiser.geography.grid import to_degrees
from optimiser.mapping import shapes as shapes_module
from optimiser.mapping.shapes import all_valid, shapes_of, width_metres, with_shapes
from tests.boundaries.squares import SOUTH, WEST, area, box


def test_areas_that_meet_have_no_flaw() -> None:
    assert flaws_of({"A": box(0, 0, 1000, 1000), "B": box(1000, 0, 2000, 1000)}) == []


def test_an_overlap_is_told_with_its_size_and_its_width() -> None:
    (flaw,) = flaws_of({"A": box(0, 0, 1000, 1000), "B": box(900, 0, 2000, 1000)})
    assert (flaw.kind, flaw.area_ids, flaw.is_sliver) == ("overlap", ("A", "B"), False)
    assert flaw.square_metres == pytest.approx(100 * 1000)
    assert flaw.metres_wide == pytest.approx(100, abs=0.5)
    assert WEST + 900 < flaw.easting < WEST + 1000


def test_an_overlap_no_wider_than_a_sliver_is_one() -> None:
    shapes = {"A": box(0, 0, 1000, 1000), "B": box(990, 0, 2000, 1000)}
    assert [each.is_sliver for each in flaws_of(shapes)] == [True]
    assert [each.is_sliver for each in flaws_of(shapes, sliver_metres=5)] == [False]


def test_a_gap_that_is_closed_and_one_that_is_open_at_an_end() -> None:
    ring = box(0, 0, 900, 900).difference(box(300, 300, 600, 600))
    (hole,) = flaws_of({"A": ring.intersection(box(0, 0, 450, 900)), "B": ring.intersection(box(450, 0, 900, 900))})
    assert (hole.kind, hole.area_ids, hole.is_open, hole.is_sliver) == ("gap", ("A", "B"), False, False)
    assert hole.square_metres == pytest.approx(300 * 300)
    (slit,) = flaws_of({"A": box(0, 0, 1000, 1000), "B": box(1010, 0, 2000, 1000)})
    assert (slit.kind, slit.area_ids, slit.is_open, slit.is_sliver) == ("gap", ("A", "B"), True, True)
    assert slit.square_metres == pytest.approx(10 * 1000, rel=0.01)
    assert flaws_of({"A": box(0, 0, 1000, 1000), "B": box(1030, 0, 2000, 1000)}) == [], "two areas apart are no flaw"


def test_a_hole_in_one_area_is_told_unless_another_lies_in_it() -> None:
    ring = box(0, 0, 900, 900).difference(box(300, 300, 600, 600))
    (hole,) = flaws_of({"A": ring})
    assert (hole.kind, hole.area_ids, hole.said) == ("gap", ("A",), "a hole in the area, in which no other lies")
    assert flaws_of({"A": ring, "B": box(300, 300, 600, 600)}) == []


def test_an_island_is_told_with_how_far_it_is_away() -> None:
    (flaw,) = flaws_of({"A": shapely.union(box(0, 0, 1000, 1000), box(1500, 0, 1600, 100))})
    assert flaw.kind == "island"
    assert flaw.square_metres == pytest.approx(10_000)
    assert "500 metres from the rest" in flaw.said


def test_a_ring_that_crosses_itself_is_told_where_it_does() -> None:
    bow_tie = shapely.Polygon([(WEST, SOUTH), (WEST + 100, SOUTH + 100), (WEST + 100, SOUTH), (WEST, SOUTH + 100)])
    (flaw, island) = flaws_of({"A": bow_tie})
    assert (flaw.kind, flaw.said) == ("invalid_ring", "a ring crosses itself")
    assert [flaw.easting, flaw.northing] == pytest.approx([WEST + 50, SOUTH + 50])
    assert flaw.square_metres == pytest.approx(5000), "by its ring the halves cancel each other; drawn validly both are there"
    assert island.kind == "island"
    assert island.square_metres == pytest.approx(2500)


def test_a_repair_gives_slivers_to_the_longer_border_and_leaves_what_is_wide() -> None:
    """The strip between 1000 and 1010 has 600 m and two ends of 10 m with A's rest, and 600 m with B's."""
    shapes = {"A": box(0, 0, 1010, 1000), "B": box(1000, 200, 2000, 800), "C": box(-500, 0, 100, 1000)}
    flaws = flaws_of(shapes)
    assert counted(flaws) == {"overlap": 2, "gap": 0, "invalid_ring": 0, "island": 0, "sliver": 1}
    made = repaired(all_valid(shapes), flaws)
    assert [(each.to, each.flaw.area_ids) for each in made.given] == [("A", ("A", "B"))]
    assert [(each.kind, each.area_ids) for each in made.left] == [("overlap", ("A", "C"))]
    assert made.gained(all_valid(shapes)) == {"B": pytest.approx(-10 * 600)}
    assert shapes["B"].area == 1000 * 600, "the input is as it was"


def test_of_equal_borders_the_first_id_gets_the_sliver() -> None:
    shapes = {"A": box(0, 0, 1000, 1000), "B": box(1010, 0, 2000, 1000)}
    made = repaired(all_valid(shapes), flaws_of(shapes))
    assert [each.to for each in made.given] == ["A"]
    assert made.left == ()


def test_the_narrow_end_of_a_river_is_left_where_filling_it_would_close_off_the_rest() -> None:
    """A pool 200 m wide reaches the outside by a mouth 10 m wide."""
    land = box(0, 0, 1000, 1000).difference(shapely.union(box(400, 300, 600, 600), box(495, 600, 505, 1000)))
    west, east = land.intersection(box(0, 0, 500, 1000)), land.intersection(box(500, 0, 1000, 1000))
    flaws = flaws_of({"A": west, "B": east})
    assert [(each.kind, each.is_sliver, each.is_open) for each in flaws] == [("gap", True, True)]
    made = repaired(all_valid({"A": west, "B": east}), flaws)
    assert made.given == ()
    assert [each.kind for each in made.left] == ["gap"]


def test_places_are_counted_by_how_many_areas_they_lie_in() -> None:
    areas = [area("A", box(0, 0, 1005, 1000)), area("B", box(995, 0, 2000, 1000)), area("C", None)]
    at = [(WEST + 500, SOUTH + 500), (WEST + 1000, SOUTH + 500), (WEST + 5000, SOUTH + 500)]
    places = [(float(lat), float(lon)) for lat, lon in to_degrees(np.array(at, dtype=float))]
    looked = look_over(areas, {"homes": places, "surgeries": []})
    assert looked.places == {"homes in no area": (1, 1), "homes in several": (1, 0)}
    record = looked.record()
    assert record["without_an_outline"] == ["C"]
    assert [each["repair"] for each in record["flaws"]] == ["given to A"]


def test_the_repair_is_written_as_areas_that_have_no_flaw_left() -> None:
    areas = (area("A", box(0, 0, 1005, 1000)), area("B", box(995, 0, 2000, 1000)))
    looked = look_over(areas, {})
    again = with_shapes(areas, dict(looked.repair.shapes))
    assert flaws_of(shapes_of(again)) == []
    assert [each.go_live for each in again] == [each.go_live for each in areas]
    files = looked.files("a <county>")
    assert files == look_over(areas, {}).files("a <county>"), "the same bytes again"
    page = files["boundaries.html"].decode()
    assert "a &lt;county&gt;" in page
    assert "The repair gives it to Area A." in page
    assert page.count("With the repair</figcaption>") == 1


def test_how_wide_a_piece_is() -> None:
    assert width_metres(box(0, 0, 1000, 7)) == pytest.approx(7, abs=0.3)
    assert width_metres(shapely.Point(0, 0).buffer(10, quad_segs=64)) == pytest.approx(20, abs=0.3)
    assert math.isclose(width_metres(box(0, 0, 50, 50)), 50, abs_tol=0.3)


def test_outlines_are_made_valid_once_in_a_look_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what takes the time on a county; what the repair has made is judged by itself."""
    calls: list[object] = []
    made_valid = shapes_module.made_valid

    def counting(shape: object) -> object:
        calls.append(shape)
        return made_valid(shape)

    monkeypatch.setattr(shapes_module, "made_valid", counting)
    looked = look_over([area("A", box(0, 0, 1000, 1000)), area("B", box(900, 0, 2000, 1000))], {})
    looked.files("county")
    assert len(calls) == 4, "two outlines as they are, and the two that the repair has made"
