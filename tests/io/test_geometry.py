"""Outlines in another system of coordinates: turned into degrees, or refused by its name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyproj import Transformer

from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import Fault
from optimiser.io.reading import read_snapshot
from tests.making.folders import Folder, faults_of, notes_of, the_fault

NAME = "areas.geojson"


def named(name: object) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": name}}


def in_system(features: list[dict[str, Any]], code: int) -> list[dict[str, Any]]:
    """The features with the corners of their outlines turned into another system, x before y."""
    there = Transformer.from_crs(4326, code, always_xy=True)
    for feature in features:
        rings = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[list(there.transform(*point)) for point in ring] for ring in rings]
    return features


def write(folder: Folder, features: list[dict[str, Any]], **members: Any) -> None:
    folder.write(NAME, json.dumps({"type": "FeatureCollection", **members, "features": features}))


def read(folder: Folder) -> Snapshot:
    return read_snapshot(folder.path).snapshot


CODES = [27700, 3857, 32631, 4258]


@pytest.mark.parametrize("code", CODES)
def test_outlines_in_a_system_that_the_file_names_are_turned_into_degrees_with_a_note(folder: Folder, code: int) -> None:
    before = read(folder)
    write(folder, in_system(folder.features(), code), crs=named(f"urn:ogc:def:crs:EPSG::{code}"))
    after = read(folder)
    assert notes_of(folder) == [f"areas.geojson: outlines in EPSG:{code} are turned into WGS 84 degrees"]
    assert after.packages == before.packages
    for area, was in zip(after.areas, before.areas, strict=True):
        assert area.geometry is not None
        assert was.geometry is not None
        for point, degrees in zip(area.geometry["coordinates"][0], was.geometry["coordinates"][0], strict=True):
            assert point == pytest.approx(degrees, abs=2e-8)


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326", " CRS84 "])
def test_degrees_under_any_of_their_names_are_read_as_they_stand_longitude_first(folder: Folder, name: str) -> None:
    before = read(folder)
    write(folder, folder.features(), crs=named(name))
    assert notes_of(folder) == []
    assert read(folder).digest() == before.digest()


def test_a_crs_that_is_null_is_as_good_as_none_with_a_note(folder: Folder) -> None:
    before = read(folder)
    write(folder, folder.features(), crs=None)
    assert notes_of(folder) == ["areas.geojson: a crs member is null: coordinates are read as WGS 84 degrees"]
    assert read(folder).digest() == before.digest()


@pytest.mark.parametrize("part", ["feature", "geometry"])
def test_a_part_of_the_file_may_name_a_system_of_its_own(folder: Folder, part: str) -> None:
    features = folder.features()
    [moved] = in_system([features[1]], 27700)
    (moved if part == "feature" else moved["geometry"])["crs"] = {"type": "EPSG", "properties": {"code": 27700}}
    write(folder, features, crs=named("EPSG:4326"))
    assert notes_of(folder) == ["areas.geojson: outlines in EPSG:27700 are turned into WGS 84 degrees"]


WRONG = [
    (named("urn:ogc:def:crs:EPSG::99999"), "urn:ogc:def:crs:EPSG::99999"),
    (named("EPSG:4978"), "EPSG:4978"),
    (named("+proj=utm +zone=31"), "+proj=utm +zone=31"),
    ({"type": "link", "properties": {"href": "grid.prj", "type": "esriwkt"}}, "a link to grid.prj"),
    (named(None), "no name"),
    ({"type": "name"}, "no name"),
    ({"type": "name", "properties": []}, "no name"),
    ({"type": ["name"], "properties": {"name": "EPSG:4326"}}, "no name"),
    ({}, "no name"),
    ("EPSG:27700", "no name"),
    (27700, "no name"),
]


@pytest.mark.parametrize(("member", "found"), WRONG)
def test_a_system_that_nobody_knows_is_refused_by_its_name_once(folder: Folder, member: Any, found: str) -> None:
    write(folder, in_system(folder.features(), 27700), crs=member)
    fault = the_fault(folder)
    assert (fault.file, fault.column, fault.found) == (NAME, "crs", found)
    assert "EPSG:27700" in fault.expected


def test_a_system_that_a_feature_names_wrongly_is_refused_at_the_feature(folder: Folder) -> None:
    features = folder.features()
    features[2]["geometry"]["crs"] = named("EPSG:1")
    write(folder, features)
    assert the_fault(folder).column == "feature 3, geometry, crs"


def geometry_faults(folder: Folder) -> list[Fault]:
    faults = [fault for fault in faults_of(folder) if fault.file == NAME]
    assert [fault.column for fault in faults] == [f"feature {n}, geometry" for n in (1, 2, 3)]
    return faults


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (27700, "metres of the National Grid (EPSG:27700), it seems"),
        (3857, "metres of Web Mercator (EPSG:3857), it seems"),
        (32631, "metres of UTM (EPSG:32630 or 32631), it seems"),
        (2154, "numbers that are no degrees"),
    ],
)
def test_metres_without_a_system_are_told_by_what_they_look_like(folder: Folder, code: int, found: str) -> None:
    write(folder, in_system(folder.features(), code))
    for fault in geometry_faults(folder):
        assert fault.found == found
        assert "save it as WGS 84" in fault.expected


def test_degrees_in_a_file_that_says_metres_are_told(folder: Folder) -> None:
    write(folder, folder.features(), crs=named("EPSG:27700"))
    assert {fault.found for fault in geometry_faults(folder)} == {"degrees, it seems"}


@pytest.mark.parametrize(("said", "code"), [(3857, 27700), (27700, 3857), (4258, 27700)])
def test_outlines_in_another_system_than_the_file_says_are_refused(folder: Folder, said: int, code: int) -> None:
    write(folder, in_system(folder.features(), code), crs=named(f"EPSG:{said}"))
    for fault in geometry_faults(folder):
        assert f"in EPSG:{said} as its crs member says" in fault.expected


@pytest.mark.parametrize("number", ["9" * 400, "1e999", "-1e308"])
def test_a_number_beyond_measure_in_metres_is_refused(folder: Folder, number: str) -> None:
    features = in_system(folder.features(), 27700)
    features[0]["geometry"]["coordinates"][0][1][0] = 123456789
    write(folder, features, crs=named("EPSG:27700"))
    folder.write(NAME, folder.text(NAME).replace("123456789", number))
    assert the_fault(folder).column == "feature 1, geometry"


def test_a_place_in_metres_is_told_by_its_kind_alone(folder: Folder) -> None:
    folder.change("offices.csv", "OF5", latitude="303796.66", longitude="586338.47")
    kinds = [(fault.column, fault.kind) for fault in faults_of(folder)]
    assert kinds == [(each, "outside England: metres in place of degrees?") for each in ("latitude", "longitude")]
