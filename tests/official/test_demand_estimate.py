"""An estimate of need from census counts, worked out by hand on squares."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pytest
from pyproj.network import is_network_enabled, set_network_enabled  # type: ignore[attr-defined]

from optimiser.io.exporting import areas_file
from tests.boundaries.squares import area, box
from tests.commands.running import run
from tests.official.wight import write_csv

AGES = [f"Age: Aged {low} to {low + 4} years" for low in (60, 65, 70, 75, 80)]
HEADINGS = ["date", "geography", "geography code", "Age: Total", *AGES, "Age: Aged 85 years and over"]
ROWS = [
    ["2021", "Ouse 001A", "E01000001", "1500", "90", "400", "300", "200", "60", "40"],
    ["2021", "Ouse 001B", "E01000002", "1,500", "90", "1,000", "0", "0", "0", "0"],
    ["2021", "Elsewhere", "E01000009", "1500", "90", "400", "300", "200", "60", "40"],
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "areas.geojson").write_bytes(areas_file([area("A", box(0, 0, 1000, 1000)), area("B", box(1000, 0, 2000, 1000))]))
    codes = ["E01000001", "E01000002", "E01000009", "E01000077"]
    shapes = [box(0, 0, 500, 1000), box(500, 0, 1000, 1000), box(9000, 0, 9500, 1000), box(1000, 0, 1500, 1000)]
    geopandas.GeoDataFrame({"LSOA21CD": codes}, geometry=shapes, crs=27700).to_file(tmp_path / "lsoa.gpkg")
    write_csv(tmp_path / "census.csv", [["TS007A - Age by five-year age bands"], [], HEADINGS, *ROWS])
    return tmp_path


def estimate(place: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    files = ("--census", str(place / "census.csv"), "--lsoas", str(place / "lsoa.gpkg"), "--out", str(place / "demand.csv"))
    ran = run(capsys, "county", "estimate", str(place / "county"), *files, *more)
    return ran.code, ran.out, ran.err


def test_older_people_of_an_area_by_a_rate_that_is_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A has 1,000 and 1,000 people of 65 and over: 24 of each thousand are 48, at 8.4 hours 403.2."""
    code, out, err = estimate(place, capsys, "--json")
    assert (code, err) == (0, "")
    record = json.loads(out)
    first, second = record["areas"]
    assert (first["small_areas"], first["people_65_plus"], first["people_85_plus"]) == ("2", "2000", "40")
    assert (first["estimated_people"], first["estimated_hours_per_week"]) == ("48", "403.20")
    assert (second["people_65_plus"], second["estimated_people"]) == ("0", "0")
    assert record["small_areas_elsewhere"] == ["E01000009"]
    assert (place / "demand.csv").read_text(encoding="utf-8").count("an estimate from census counts") == 2


def test_no_network_is_asked_for_grids(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    set_network_enabled(True)
    try:
        assert estimate(place, capsys)[0] == 0
        assert not is_network_enabled()
    finally:
        set_network_enabled(False)


def test_another_column_of_the_map_is_answered_with_those_it_has(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = estimate(place, capsys, "--lsoa-id", "LSOA11CD")
    assert code == 2
    assert "lsoa.gpkg, --lsoa-id: expected one of its columns (LSOA21CD); found 'LSOA11CD'" in err


def test_another_rate_and_the_words(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = estimate(place, capsys, "--per-1000", "10.25")
    assert code == 0
    assert "Area A: about 21 people, 176.40 hours a week (2000 are 65 or older)." in out, "20.5 people, half up"
    assert "not a count of needs" in out


@pytest.mark.parametrize("rate", ["1000.1", "-1", "24 per cent", "1e2"])
def test_a_rate_is_of_a_thousand_people(rate: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        estimate(place, capsys, f"--per-1000={rate}")
    assert f"expected people of 1,000 such as 24 or 10.25, found '{rate}'" in " ".join(capsys.readouterr().err.split())


def test_another_file_or_a_cell_that_is_no_number_is_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_csv(place / "census.csv", [HEADINGS, [*ROWS[0][:5], "c", *ROWS[0][6:]], ROWS[1], ROWS[1]])
    code, _, err = estimate(place, capsys)
    assert code == 2
    assert "line 2, Age: Aged 65 to 69 years: expected a whole number; found 'c'" in err
    assert "line 4, geography code: expected each small area once; found 'E01000002'" in err
    write_csv(place / "census.csv", [["a", "b"], ["1", "2"]])
    assert "expected census counts by age (ONS, TS007A by LSOA)" in estimate(place, capsys)[2]
    assert not (place / "demand.csv").exists()
