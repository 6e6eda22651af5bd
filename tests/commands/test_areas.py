"""``optimiser areas``: by the real command, on small files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas
import pytest

from optimiser.io.reading import read_snapshot
from tests.boundaries.squares import area, box
from tests.boundaries.test_deriving import registrations, small_areas
from tests.commands.running import run
from tests.making.folders import Folder

Capture = pytest.CaptureFixture[str]
AREAS = ("--id", "CODE", "--name", "NAME", "--region-named", "East", "--go-live", "LIVE")


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """Two areas with a strip of ten metres between them."""
    columns = {"CODE": ["A1", "A2"], "NAME": ["One", "Two"], "LIVE": ["2026-04-01", None], "MORE": [1, 2]}
    shapes = [box(0, 0, 1000, 1000), box(1010, 0, 2000, 1000)]
    geopandas.GeoDataFrame(columns, geometry=shapes, crs=27700).to_file(tmp_path / "map.gpkg")
    return tmp_path


def test_areas_are_brought_in_looked_over_and_nothing_is_changed_by_that(drawn: Path, capsys: Capture) -> None:
    made = drawn / "areas.geojson"
    ran = run(capsys, "areas", "import", str(drawn / "map.gpkg"), *AREAS, "--out", str(made))
    assert (ran.code, ran.err) == (0, "")
    assert "2 area(s) of 2 feature(s), from EPSG:27700 to degrees." in ran.out
    assert "Columns left out: MORE." in ran.out
    properties = [each["properties"] for each in json.loads(made.read_bytes())["features"]]
    assert properties[0] == {"area_id": "A1", "name": "One", "region": "East", "go_live": "2026-04-01"}
    assert properties[1]["go_live"] is None
    again = run(capsys, "areas", "import", str(drawn / "map.gpkg"), *AREAS, "--out", str(made))
    assert (again.code, again.err) == (2, f"Refused: {made} exists already. Nothing was written.\n")
    before = made.read_bytes()
    ran = run(capsys, "areas", "check", str(made), "--out", str(drawn / "looked"))
    assert ran.code == 0, ran.err
    assert re.search(r"gap A1, A2: lies between areas, in none of them, (9,9\d\d|10,0\d\d) m2, given to A1\.", ran.out)
    assert made.read_bytes() == before
    told = run(capsys, "areas", "check", str(made), "--out", str(drawn / "looked"), "--replace", "--json")
    record = json.loads(told.out)
    assert record == json.loads((drawn / "looked" / "boundaries.json").read_bytes())
    assert (record["counts"]["gap"], record["counts_with_the_repair"]["gap"]) == (1, 0)
    repaired = run(capsys, "areas", "check", str(drawn / "looked" / "repaired-areas.geojson"), "--out", str(drawn / "again"))
    assert "gap " in repaired.out
    assert "lies between" not in repaired.out


def test_homes_that_lie_in_two_areas_are_counted_before_the_folder_is_a_snapshot(folder: Folder, capsys: Capture) -> None:
    path = folder.path / "areas.geojson"
    collection = json.loads(path.read_bytes())
    for feature in collection["features"]:
        feature["geometry"] = collection["features"][0]["geometry"]
    path.write_text(json.dumps(collection), encoding="utf-8")
    ran = run(capsys, "areas", "check", str(folder.path), "--out", str(folder.path.parent / "looked"), "--json")
    assert ran.code == 0, ran.err
    places = json.loads(ran.out)["places"]
    assert places["homes in several"]["now"] > 0
    assert places["homes in several"] == places["homes in several"] | {"with_the_repair": places["homes in several"]["now"]}


def test_outlines_are_derived_and_the_folder_reads_with_them(folder: Folder, capsys: Capture) -> None:
    folder.change("surgeries.csv", "S2", area_id="A2")
    outline = folder.path.parent / "county.geojson"
    geopandas.GeoSeries([box(-60_000, -40_000, 60_000, 60_000)], crs=27700).to_crs(4326).to_file(outline)
    made = folder.path.parent / "derived.geojson"
    ran = run(capsys, "areas", "derive", str(folder.path), "--within", str(outline), "--out", str(made))
    assert ran.code == 0, ran.err
    assert "as the crow flies, within county.geojson: an estimate." in ran.out
    (folder.path / "areas.geojson").write_bytes(made.read_bytes())
    assert all(each.geometry for each in read_snapshot(folder.path).snapshot.areas if each.area_id in ("A1", "A2"))


def test_deriving_takes_one_way_and_every_surgery_its_area(folder: Folder, capsys: Capture) -> None:
    small = small_areas(folder.path.parent / "lsoa.gpkg")
    told = registrations(folder.path.parent / "reg.csv", "S1,One,E01000001,ALL,600")
    out = ("--out", str(folder.path.parent / "derived.geojson"))
    for ways in ((), ("--lsoas", str(small)), ("--within", "x", "--lsoas", str(small), "--registrations", str(told))):
        ran = run(capsys, "areas", "derive", str(folder.path), *ways, *out)
        assert ran.err == "Refused: expected either --registrations with --lsoas, or --within. Nothing was written.\n"
    by = ("--lsoas", str(small), "--registrations", str(told))
    ran = run(capsys, "areas", "derive", str(folder.path), *by, *out)
    assert ran.code == 2
    assert "surgeries.csv, line 3, area_id: expected an area of areas.geojson; found 'empty'" in ran.err
    folder.change("surgeries.csv", "S2", area_id="A2")
    ran = run(capsys, "areas", "derive", str(folder.path), *by, *out, "--json")
    record = json.loads(ran.out)
    assert record["areas_without"] == ["A2"] + [each for each in record["areas_without"] if each != "A2"]
    assert (record["extract_date"], record["small_areas_left_out"]) == ("01OCT2026", 3)


def test_what_is_wrong_with_areas_is_told_under_the_files_own_name(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "mine.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    ran = run(capsys, "areas", "check", str(tmp_path / "mine.geojson"), "--out", str(tmp_path / "out"))
    assert ran.code == 2
    assert ran.err.startswith("mine.geojson: expected at least one area")
    assert not (tmp_path / "out").exists()


def test_an_area_of_no_metre_is_no_reason_to_fall_over(tmp_path: Path, capsys: Capture) -> None:
    from optimiser.io.exporting import areas_file

    (tmp_path / "a.geojson").write_bytes(areas_file([area("A", box(0, 0, 1000, 1000)), area("B", box(0, 0, 1000, 1000))]))
    ran = run(capsys, "areas", "check", str(tmp_path / "a.geojson"), "--sliver-metres", "2000", "--out", str(tmp_path / "out"))
    assert ran.code == 0, ran.err
    assert "given to A" in ran.out
