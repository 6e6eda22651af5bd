"""Outlines from surgeries and from registrations, worked out by hand on squares."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest

from optimiser.boundaries.deriving import by_neighbourhoods, by_registrations
from optimiser.boundaries.registrations import HEADINGS, read_registrations
from optimiser.domain.records import Surgery
from optimiser.geography.grid import to_degrees
from optimiser.io.faults import InputRefusedError
from tests.boundaries.squares import SOUTH, WEST, box


def surgery(surgery_id: str, area_id: str, east: float, north: float) -> Surgery:
    ((latitude, longitude),) = to_degrees(np.array([[WEST + east, SOUTH + north]])).tolist()
    return Surgery(surgery_id, f"Surgery {surgery_id}", area_id, latitude, longitude, band_centre=False)


SURGERIES = [
    surgery("D1", "A", 200, 500),
    surgery("D2", "A", 200, 500),  # two in one building
    surgery("D3", "B", 800, 500),
    surgery("D4", "B", 2200, 500),
]


def registrations(path: Path, *rows: str, headings: str = ",".join(HEADINGS)) -> Path:
    path.write_text("\n".join([headings, *(f"QUARTERLY,01OCT2026,{row}" for row in rows)]) + "\n", encoding="utf-8")
    return path


def test_every_place_belongs_to_its_nearest_surgery_within_the_county(tmp_path: Path) -> None:
    geopandas.GeoDataFrame(geometry=[box(0, 0, 1000, 1000)], crs=27700).to_file(tmp_path / "county.gpkg")
    made = by_neighbourhoods(SURGERIES, tmp_path / "county.gpkg")
    assert list(made.shapes) == ["A", "B"]
    assert made.shapes["A"].area == pytest.approx(500 * 1000, rel=1e-4), "half way between 200 and 800"
    assert made.shapes["B"].area == pytest.approx(500 * 1000, rel=1e-4)
    assert made.how == "the area of the nearest of 3 surgeries as the crow flies, within county.gpkg: an estimate"


def small_areas(path: Path) -> Path:
    codes = ["E01000001", "E01000002", "E01000003", "E01000004"]
    shapes = [box(500 * east, 0, 500 * (east + 1), 1000) for east in range(4)]
    geopandas.GeoDataFrame({"LSOA21CD": codes}, geometry=shapes, crs=27700).to_file(path)
    return path


def test_a_small_area_goes_where_most_of_its_patients_are_registered(tmp_path: Path) -> None:
    told = read_registrations(
        registrations(
            tmp_path / "reg.csv",
            *("D1,One,E01000001,ALL,600", "D3,Three,E01000001,ALL,400"),
            *("D1,One,E01000002,ALL,300", "D2,Two,E01000002,ALL,150", "D3,Three,E01000002,ALL,430", "Y9,Other,E01000002,ALL,120"),
            *("D4,Four,E01000003,ALL,500", "Y9,Other,E01000003,ALL,500"),
            *("Y9,Other,E01000004,ALL,900", "D1,One,NO2011,ALL,12"),
        )
    )
    assert told.extract_date == "01OCT2026"
    assert sorted(told.patients) == [f"E0100000{number}" for number in (1, 2, 3, 4)], "NO2011 is of no small area"
    made = by_registrations(SURGERIES, told.patients, small_areas(tmp_path / "lsoa.gpkg"), "LSOA21CD")
    assert {each: round(shape.area) for each, shape in made.shapes.items()} == {"A": 2 * 500 * 1000}
    assert made.divided == (("E01000002", 0.45),), "450 of 1,000 in A, 430 in B, 120 elsewhere"
    assert made.left_out == 2, "half is no majority of the county's, and none is none"


def refusal(path: Path) -> list[str]:
    with pytest.raises(InputRefusedError) as refused:
        read_registrations(path)
    return [fault.message() for fault in refused.value.faults]


def test_another_layout_of_registrations_is_refused_with_what_was_found(tmp_path: Path) -> None:
    (said,) = refusal(registrations(tmp_path / "reg.csv", headings="CODE,POSTCODE,ORG_CODE"))
    assert "expected the headings PUBLICATION, EXTRACT_DATE," in said
    assert "found 'CODE, POSTCODE, ORG_CODE'" in said


def test_patients_that_would_count_twice_or_are_no_numbers_are_refused(tmp_path: Path) -> None:
    twice = registrations(tmp_path / "a.csv", "D1,One,E01,ALL,600", "D1,One,E01,ALL,600")
    assert "each practice and small area once" in refusal(twice)[0]
    both = registrations(tmp_path / "b.csv", "D1,One,E01,ALL,600", "D1,One,E01,MALE,300")
    assert "patients counted once" in refusal(both)[0]
    odd = registrations(tmp_path / "c.csv", "D1,One,E01,ALL,6e2", "D1,One,E02,NONE,1", "D1,One")
    assert len(refusal(odd)) == 3
    sexes = registrations(tmp_path / "d.csv", "D1,One,E01,MALE,300", "D1,One,E01,FEMALE,310")
    assert read_registrations(sexes).patients == {"E01": {"D1": 610}}


def test_a_map_without_the_codes_is_refused(tmp_path: Path) -> None:
    small = small_areas(tmp_path / "lsoa.gpkg")
    for counts, column, words in (({"E01000001": {"D1": 9}}, "LSOA11CD", "--lsoa-id"), ({}, "LSOA21CD", "none of them")):
        with pytest.raises(InputRefusedError) as refused:
            by_registrations(SURGERIES, counts, small, column)
        assert words in refused.value.faults[0].message()
