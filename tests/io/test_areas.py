"""The outlines of areas: what is refused in ``areas.geojson``, and how places are put into areas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from optimiser.geography.outlines import Outlines
from optimiser.io.faults import Fault
from optimiser.io.reading import read_snapshot
from tests.making.folders import Folder, accepted, area, faults_of, notes_of, square, the_fault

NAME = "areas.geojson"


def of_areas(folder: Folder) -> list[Fault]:
    return [fault for fault in faults_of(folder) if fault.file == NAME]


def spoiled(folder: Folder, **parts: Any) -> None:
    """The second area with other members."""
    features = folder.features()
    features[1] |= parts
    folder.areas(features)


def with_property(folder: Folder, **properties: Any) -> None:
    spoiled(folder, properties={**folder.features()[1]["properties"], **properties})


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "3", '"areas"', "{}", '{"type": "FeatureCollection"}', '{"type": "Feature", "features": []}',
     '{"type": "FeatureCollection", "features": {}}', '{"type": "FeatureCollection", "features": []}', "as_of = 2026-11-23"],
)  # fmt: skip
def test_what_is_not_a_collection_of_features_is_refused(folder: Folder, content: str) -> None:
    folder.write(NAME, content)
    assert len(of_areas(folder)) == 1


def test_a_mistake_in_the_json_is_named_with_its_line(folder: Folder) -> None:
    folder.write(NAME, '{\n"type": "FeatureCollection",\n"features": [,]}')
    assert [fault.line for fault in of_areas(folder)] == [3]


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("bracket", ["[]", "{}"])
def test_deep_nesting_is_refused_and_crashes_nothing(folder: Folder, bracket: str, *, closed: bool) -> None:
    opened = "[" if bracket == "[]" else '{"a":'
    folder.write(NAME, opened * 100_000 + ("1" + bracket[1] * 100_000 if closed else ""))
    assert [fault.found for fault in of_areas(folder)] == ["too deeply nested"]


@pytest.mark.parametrize("depth", [10, 100, 500, 900, 960, 970, 980, 990, 1000, 2000])
def test_nesting_of_any_depth_in_a_property_is_refused(folder: Folder, depth: int) -> None:
    folder.write(NAME, folder.text(NAME).replace('"Area A2"', "[" * depth + "]" * depth))
    assert of_areas(folder)


def test_a_name_that_stands_twice_is_refused_wherever_it_does(folder: Folder) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": folder.features()})
    text = text.replace('"area_id": "A1"', '"area_id": "A1", "area_id": "A9"')
    folder.write(NAME, text.replace('"type": "Polygon"', '"type": "Polygon", "type": "Point"', 1))
    told = [each.found for each in of_areas(folder) if "each name once" in each.expected]
    assert sorted(told) == ["'area_id' twice", "'type' twice"]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", '"1.2"', "true", "null", "[1.2]", "{}"])
def test_a_coordinate_that_is_no_number_is_refused(folder: Folder, value: str) -> None:
    folder.write(NAME, folder.text(NAME).replace("[1.2, 52.5]", f"[{value}, 52.5]"))
    assert len(of_areas(folder)) in (1, 2)  # the value stands in the outline of two areas


@pytest.mark.parametrize("digits", [30, 400, 5000])
def test_a_huge_whole_number_is_refused_and_crashes_nothing(folder: Folder, digits: int) -> None:
    folder.write(NAME, folder.text(NAME).replace("[1.2, 52.5]", f"[{'9' * digits}, 52.5]"))
    assert of_areas(folder)


BOX = square(1.2, 52.5, 1.4, 52.7)
GEOMETRIES: list[tuple[str, Any]] = [
    ("a point", {"type": "Point", "coordinates": [1.3, 52.6]}),
    ("a line", {"type": "LineString", "coordinates": BOX}),
    ("points", {"type": "MultiPoint", "coordinates": BOX}),
    ("a collection", {"type": "GeometryCollection", "geometries": []}),
    ("no type", {"coordinates": [BOX]}),
    ("a type of another case", {"type": "polygon", "coordinates": [BOX]}),
    ("a type that is a list", {"type": ["Polygon"], "coordinates": [BOX]}),
    ("no coordinates", {"type": "Polygon"}),
    ("coordinates that are null", {"type": "MultiPolygon", "coordinates": None}),
    ("coordinates that are a number", {"type": "Polygon", "coordinates": 5}),
    ("coordinates that are a text", {"type": "Polygon", "coordinates": "1.2 52.5"}),
    ("no ring", {"type": "Polygon", "coordinates": []}),
    ("no polygon", {"type": "MultiPolygon", "coordinates": []}),
    ("a polygon without rings", {"type": "MultiPolygon", "coordinates": [[]]}),
    ("an empty ring", {"type": "Polygon", "coordinates": [[]]}),
    ("a ring of three points", {"type": "Polygon", "coordinates": [[[1.2, 52.5], [1.4, 52.5], [1.2, 52.5]]]}),
    ("a ring that is not closed", {"type": "Polygon", "coordinates": [BOX[:4]]}),
    ("a hole that is not closed", {"type": "Polygon", "coordinates": [BOX, square(1.25, 52.55, 1.3, 52.6)[:4]]}),
    ("a polygon in a multipolygon's place", {"type": "MultiPolygon", "coordinates": [BOX]}),
    ("a multipolygon in a polygon's place", {"type": "Polygon", "coordinates": [[BOX]]}),
    ("a point of one number", {"type": "Polygon", "coordinates": [[[1.2], *BOX[1:]]]}),
    ("a point beyond England", {"type": "Polygon", "coordinates": [square(1.2, 52.5, 2.4, 52.7)]}),
    ("metres", {"type": "Polygon", "coordinates": [square(600_000, 300_000, 620_000, 320_000)]}),
    ("a list", [BOX]),
    ("a text", "POLYGON ((1.2 52.5))"),
    ("a number", 0),
    ("false", False),
]  # fmt: skip


@pytest.mark.parametrize("geometry", [geometry for _, geometry in GEOMETRIES], ids=[name for name, _ in GEOMETRIES])
def test_a_geometry_that_is_no_outline_in_england_is_refused_at_its_feature(folder: Folder, geometry: Any) -> None:
    spoiled(folder, geometry=geometry)
    [fault] = of_areas(folder)
    assert fault.column == "feature 2, geometry"
    assert "longitude first" in fault.expected


def test_an_outline_with_latitude_first_is_said_to_be_swapped(folder: Folder) -> None:
    swapped = [[latitude, longitude] for longitude, latitude in square(1.2, 52.5, 1.4, 52.7)]
    spoiled(folder, geometry={"type": "Polygon", "coordinates": [swapped]})
    [fault] = of_areas(folder)
    assert "swapped" in fault.found


@pytest.mark.parametrize("name", ["area_id", "name", "region", "go_live"])
def test_a_missing_property_is_named(folder: Folder, name: str) -> None:
    properties = folder.features()[1]["properties"]
    del properties[name]
    spoiled(folder, properties=properties)
    [fault] = of_areas(folder)
    assert (fault.column, fault.found) == (f"feature 2, {name}", "no such property")


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("area_id", "", "empty"),
        ("area_id", " A2", " A2"),
        ("area_id", "A;2", "A;2"),
        ("area_id", "A\u20282", "A\u20282"),
        ("area_id", 2, "2"),
        ("area_id", None, "None"),
        ("name", None, "None"),
        ("name", 5, "5"),
        ("region", ["East"], "['East']"),
        ("go_live", "soon", "soon"),
        ("go_live", "01/04/2026", "01/04/2026"),
        ("go_live", 2026, "2026"),
        ("go_live", False, "False"),
        ("go_live", "2026-04-01T00:00:00", "2026-04-01T00:00:00"),
    ],
)
def test_a_wrong_property_is_named_with_its_value(folder: Folder, name: str, value: Any, found: str) -> None:
    with_property(folder, **{name: value})
    [fault] = of_areas(folder)
    assert fault.column == f"feature 2, {name}"
    assert fault.found == found


@pytest.mark.parametrize("name", ["name", "region"])
def test_half_a_character_in_a_text_is_refused_since_it_can_never_be_written_again(folder: Folder, name: str) -> None:
    with_property(folder, **{name: "Area \ud800"})
    assert of_areas(folder)


@pytest.mark.parametrize("feature", [None, 5, [], "A2", {}, {"type": "Feature", "properties": None}])
def test_a_feature_without_properties_is_refused(folder: Folder, feature: Any) -> None:
    folder.areas([folder.features()[0], feature, folder.features()[2]])
    assert [fault.column for fault in of_areas(folder)] == ["feature 2"]


def test_every_wrong_feature_is_named_in_one_go(folder: Folder) -> None:
    folder.areas([{}, {}, folder.features()[2], {}])
    assert [fault.column for fault in of_areas(folder)] == ["feature 1", "feature 2", "feature 4"]


def test_outlines_may_be_left_out_where_every_place_names_its_area(folder: Folder) -> None:
    folder.areas([feature | {"geometry": None} for feature in folder.features()])
    folder.change("surgeries.csv", "S2", area_id="A2")
    folder.change("packages.csv", "N3", area_id="A1")
    assert notes_of(folder) == []


def test_outlines_may_hold_heights_holes_and_several_polygons(folder: Folder) -> None:
    ring = [[*point, 12.5] for point in square(1.2, 52.5, 1.4, 52.7)]
    hole = square(1.21, 52.51, 1.22, 52.52)
    spoiled(folder, geometry={"type": "MultiPolygon", "coordinates": [[ring, hole], [square(1.6, 52.5, 1.7, 52.6)]]})
    assert notes_of(folder) == []


def test_a_package_without_an_area_is_put_where_its_outline_is(folder: Folder) -> None:
    packages = {package.package_id: package for package in read_snapshot(folder.path).snapshot.packages}
    assert packages["N3"].area_id == "A1"


@pytest.mark.parametrize(("name", "row", "key"), [("packages.csv", "N3", 4), ("surgeries.csv", "S2", 3)])
def test_a_place_outside_every_outline_names_the_nearest_area_and_nothing_finer(
    folder: Folder, name: str, row: str, key: int
) -> None:
    folder.change(name, row, latitude="52.71987", longitude="1.33654")
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column) == (name, key, "area_id")
    message = fault.message(show_values=True)
    assert "nearest A2" in message
    assert "52.7" not in message
    assert "1.3" not in message


def test_a_place_inside_several_outlines_names_them_and_nothing_finer(folder: Folder) -> None:
    folder.areas([*folder.features(), area("A4", 1.0, None)])
    folder.change("packages.csv", "N3", latitude="52.59876", longitude="1.12345")
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column) == ("packages.csv", 4, "area_id")
    assert "2 outlines (A1, A4)" in fault.found
    assert "52.59" not in fault.message(show_values=True)


def test_without_outlines_a_place_without_an_area_is_refused(folder: Folder) -> None:
    folder.areas([feature | {"geometry": None} for feature in folder.features()])
    assert {(fault.file, fault.line, fault.column) for fault in faults_of(folder)} == {
        ("packages.csv", 4, "area_id"),
        ("surgeries.csv", 3, "area_id"),
    }


def test_a_stated_area_wins_over_the_outlines_with_a_note(folder: Folder) -> None:
    folder.change("packages.csv", "N5", area_id="A2")
    snapshot = read_snapshot(folder.path).snapshot
    assert next(package.area_id for package in snapshot.packages if package.package_id == "N5") == "A2"
    [note] = notes_of(folder)
    assert note.startswith("packages.csv: a place lies outside the outline")


def test_the_same_outlines_written_in_another_way_are_the_same_snapshot(folder: Folder) -> None:
    before = read_snapshot(folder.path).snapshot
    features = [{key: feature[key] for key in sorted(feature, reverse=True)} for feature in folder.features()]
    for feature in features:
        feature["geometry"] = dict(reversed(feature["geometry"].items()))
        feature["properties"] = dict(reversed(feature["properties"].items()))
    folder.write(NAME, json.dumps({"features": features[::-1], "type": "FeatureCollection"}, indent=3))
    after = read_snapshot(folder.path).snapshot
    assert after == before
    assert after.digest() == before.digest()


def test_whole_degrees_may_be_written_with_or_without_a_point(folder: Folder) -> None:
    before = read_snapshot(folder.path).snapshot
    folder.write(NAME, folder.text(NAME).replace("[1.0, ", "[1, "))
    after = read_snapshot(folder.path).snapshot
    assert after == before
    assert after.digest() == before.digest()


def test_an_outline_that_was_accepted_answers_every_question(folder: Folder) -> None:
    bow_tie = [[1.2, 52.5], [1.4, 52.7], [1.4, 52.5], [1.2, 52.7], [1.2, 52.5]]
    spoiled(folder, geometry={"type": "Polygon", "coordinates": [bow_tie, [[1.3, 52.6]] * 4]})
    folder.change("surgeries.csv", "S2", area_id="A2")
    snapshot = accepted(folder)
    assert snapshot is not None
    assert Outlines(snapshot.areas).nearest(52.69, 1.3) == "A2"
