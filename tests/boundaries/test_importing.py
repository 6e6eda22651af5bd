"""Map files as people have them, to areas: systems of coordinates, columns, dates; and files that are refused."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pandas
import pytest
import shapely

from optimiser.boundaries.importing import Columns, Imported, areas_of_map
from optimiser.geography.coordinate_systems import PLACES
from optimiser.geography.grid import to_grid
from optimiser.io.faults import InputRefusedError
from tests.boundaries.squares import SOUTH, WEST, box

COLUMNS = Columns("PCN24CD", "PCN24NM", region_named="East", go_live="LIVE")


def frame(crs: int | None = 27700, **more: Any) -> geopandas.GeoDataFrame:
    columns = {
        "PCN24CD": ["U1", "U2"],
        "PCN24NM": ["North Ouse", "South Ouse"],
        "LIVE": [dt.date(2026, 4, 1), None],
        "SHAPE_AREA": [1.0, 2.0],
    }
    shapes = [box(0, 0, 1000, 1000), shapely.force_3d(box(1000, 0, 2000, 1000), 5.0)]
    return geopandas.GeoDataFrame(columns | more, geometry=shapes, crs=crs)


def read(path: Path, columns: Columns = COLUMNS, *, merge: bool = False, **more: Any) -> Imported:
    return areas_of_map(path, columns, merge=merge, **more)


def faults(path: Path, columns: Columns = COLUMNS, **more: Any) -> list[str]:
    with pytest.raises(InputRefusedError) as refused:
        read(path, columns, **more)
    return [fault.message() for fault in refused.value.faults]


@pytest.mark.parametrize("name", ["areas.gpkg", "areas.shp", "areas.geojson"])
def test_every_kind_of_file_gives_the_same_areas(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    made = frame()
    (made.to_crs(4326) if name.endswith("geojson") else made).to_file(path)
    found = read(path)
    assert [(each.area_id, each.name, each.region, each.go_live) for each in found.areas] == [
        ("U1", "North Ouse", "East", dt.date(2026, 4, 1)),
        ("U2", "South Ouse", "East", None),
    ]
    assert found.left_out == ("SHAPE_AREA",)
    assert found.system == ("EPSG:4326" if name.endswith("geojson") else "EPSG:27700")
    for index, area in enumerate(found.areas):
        assert area.geometry is not None
        (ring,) = area.geometry["coordinates"] if area.geometry["type"] == "Polygon" else area.geometry["coordinates"][0]
        assert {len(point) for point in ring} == {2}, "no heights"
        assert all(number == round(number, PLACES) for point in ring for number in point), "the same on every machine"
        grid = to_grid([point[1] for point in ring], [point[0] for point in ring])
        corners = {(round(x), round(y)) for x, y in grid.tolist()}
        assert corners == {(WEST + 1000 * (index + east), SOUTH + north) for east in (0, 1) for north in (0, 1000)}


def test_a_zip_holds_one_map_whatever_its_folders(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "areas.shp")
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
        for file in tmp_path.glob("areas.*"):
            if file.suffix != ".zip":
                archive.write(file, f"../deep/{file.name}")
        archive.writestr("readme.txt", "hello")
    assert len(read(tmp_path / "areas.zip").areas) == 2
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.geojson", "{}")
        archive.writestr("b.geojson", "{}")
    assert faults(tmp_path / "two.zip") == ["two.zip: expected a zip with one map; found 'a.geojson, b.geojson'"]
    (tmp_path / "cut.zip").write_bytes((tmp_path / "areas.zip").read_bytes()[:-30])
    assert "expected" in faults(tmp_path / "cut.zip")[0]


def test_features_of_one_id_are_one_area_where_that_is_asked_for(tmp_path: Path) -> None:
    frame(PCN24CD=["U1", "U1"], PCN24NM=["Ouse", "Ouse"], LIVE=["2026-04-01", "2026-04-01"]).to_file(tmp_path / "a.gpkg")
    assert "or --merge to make one area of those with one id; found 'U1, in features 1, 2'" in faults(tmp_path / "a.gpkg")[0]
    (area,) = read(tmp_path / "a.gpkg", merge=True).areas
    assert area.geometry is not None
    assert area.geometry["type"] == "Polygon", "without the border between them"
    frame(PCN24CD=["U1", "U1"]).to_file(tmp_path / "b.gpkg")
    assert [each for each in faults(tmp_path / "b.gpkg", merge=True) if "the same in all features" in each]


def test_numbers_are_ids_as_their_digits_and_dates_are_days(tmp_path: Path) -> None:
    frame(PCN24CD=[7.0, 12.0], LIVE=["2026-04-01", "2026/10/01"]).to_file(tmp_path / "a.gpkg")
    found = read(tmp_path / "a.gpkg").areas
    assert [(each.area_id, each.go_live) for each in found] == [("12", dt.date(2026, 10, 1)), ("7", dt.date(2026, 4, 1))]
    frame(PCN24CD=[7.5, None], LIVE=["01/04/2026", "2026-02-30"]).to_file(tmp_path / "b.gpkg")
    assert faults(tmp_path / "b.gpkg") == [
        "b.gpkg, feature 1, PCN24CD: expected an id; found 'empty or no whole number'",
        "b.gpkg, feature 2, PCN24CD: expected an id; found 'empty or no whole number'",
    ]
    frame(LIVE=["01/04/2026", "2026-02-30"]).to_file(tmp_path / "c.gpkg")
    assert [each.partition("expected ")[2] for each in faults(tmp_path / "c.gpkg")] == [
        "a date such as 2026-04-01; found '01/04/2026'",
        "a date such as 2026-04-01; found '2026-02-30'",
    ]
    frame(LIVE=pandas.to_datetime(["2026-04-01T09:30", None])).to_file(tmp_path / "d.gpkg")
    assert len(faults(tmp_path / "d.gpkg")) == 1, "half past nine is no day"


def test_a_system_of_coordinates_is_named_once(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    assert faults(tmp_path / "a.shp") == [
        "a.shp: expected a file that names its system of coordinates, or --crs EPSG:27700; found 'none'"
    ]
    assert len(read(tmp_path / "a.shp", system="EPSG:27700").areas) == 2
    assert "--crs: expected a system" in faults(tmp_path / "a.shp", system="EPSG:99999")[0]
    frame().to_file(tmp_path / "b.shp")
    assert "no --crs" in faults(tmp_path / "b.shp", system="EPSG:4326")[0]


def test_an_unknown_column_is_answered_with_those_that_there_are(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "a.gpkg")
    said = faults(tmp_path / "a.gpkg", Columns("PCN25CD", "PCN24NM", region="ICB"))
    assert said == [
        "a.gpkg, --id: expected one of its columns (PCN24CD, PCN24NM, LIVE, SHAPE_AREA); found 'PCN25CD'",
        "a.gpkg, --region: expected one of its columns (PCN24CD, PCN24NM, LIVE, SHAPE_AREA); found 'ICB'",
    ]


def test_a_layer_has_to_be_named_where_there_are_several(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "a.gpkg", layer="one")
    frame().to_file(tmp_path / "a.gpkg", layer="two")
    assert faults(tmp_path / "a.gpkg") == ["a.gpkg, layer: expected the name of one (--layer); found 'one, two'"]
    assert len(read(tmp_path / "a.gpkg", layer="two").areas) == 2
    assert "expected one of one, two; found 'three'" in faults(tmp_path / "a.gpkg", layer="three")[0]


def test_what_is_no_outline_in_england_is_refused_with_its_feature(tmp_path: Path) -> None:
    points = frame()
    points.geometry = [shapely.Point(WEST, SOUTH), None]
    points.to_file(tmp_path / "a.gpkg")
    assert faults(tmp_path / "a.gpkg") == [
        "a.gpkg, feature 1: expected a Polygon or MultiPolygon; found 'a Point'",
        "a.gpkg, feature 2: expected a Polygon or MultiPolygon; found 'no outline'",
    ]
    frame(crs=2154).to_file(tmp_path / "b.gpkg")
    assert "a point outside England" in faults(tmp_path / "b.gpkg")[0]


HOSTILE = {
    "vrt": b"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/vsicurl/http://localhost/a</SrcDataSource>",
    "kml": b"<?xml version='1.0'?><kml xmlns='http://www.opengis.net/kml/2.2'/>",
    "text": b"hello",
    "nothing": b"",
    "broken": b'{"type": "FeatureCollection", "features": [',
    "other": json.dumps({"type": "Topology", "objects": {}}).encode(),
    "esri": json.dumps({"displayFieldName": "", "geometryType": "esriGeometryPolygon", "features": []}).encode(),
    "database": b"SQLite format 3\0" + b"\0" * 200,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_map_is_refused_in_words(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    path.write_bytes(HOSTILE[kind])
    (said,) = faults(path)
    assert said.startswith("areas.geojson")
    assert "localhost" not in said
    assert "no such file" in faults(tmp_path / "none.gpkg")[0]


def test_a_shapefile_without_its_table_is_refused(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "a.shp")
    (tmp_path / "a.dbf").unlink()
    assert faults(tmp_path / "a.shp") == ["a.shp: expected the file ending in .dbf beside a Shapefile; found 'none'"]
