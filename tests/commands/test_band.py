"""``optimiser band``: the price band of any place in England, as the county's own rule has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimiser.county import County
from optimiser.io.folders import DEMONSTRATION, bundled
from optimiser.io.reading import read_snapshot
from tests.commands.running import run
from tests.making.folders import Folder

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("longitude", "band", "miles"), [("1.10", 1, "0.00"), ("1.17", 1, "2.95"), ("1.18", 2, "3.37"), ("1.30", 3, "8.42")]
)
def test_the_band_is_by_the_distance_from_the_nearest_centre(
    folder: Folder, longitude: str, band: int, miles: str, capsys: Capture
) -> None:
    ran = run(capsys, "band", "52.60", longitude, "--in", folder.path)
    assert (ran.code, ran.err) == (0, "")
    said = f"Band {band}: {miles} miles in a straight line from Market Place Surgery, the nearest band centre"
    assert ran.out == f"{said} (centres of: Three small areas).\n"


def test_the_nearest_of_several_centres_is_named(folder: Folder, capsys: Capture) -> None:
    folder.change("surgeries.csv", "S2", band_centre="true")
    assert "from Ford Lane Surgery" in run(capsys, "band", "52.60", "1.25", "--in", folder.path).out
    assert "from Market Place Surgery" in run(capsys, "band", "52.60", "1.15", "--in", folder.path).out


def test_a_surgery_that_is_no_centre_does_not_count(folder: Folder, capsys: Capture) -> None:
    assert run(capsys, "band", "52.60", "1.30", "--in", folder.path).out.startswith("Band 3: ")


def test_the_edges_are_the_countys_own(folder: Folder, capsys: Capture) -> None:
    folder.policy("band_limits_miles = [1.5, 2]")
    assert run(capsys, "band", "52.60", "1.17", "--in", folder.path).out.startswith("Band 3: 2.95 miles")


def test_it_agrees_with_the_band_of_every_package(folder: Folder, capsys: Capture) -> None:
    county = County.of(read_snapshot(folder.path).snapshot)
    for package, band in zip(county.packages, county.band, strict=True):
        said = run(capsys, "band", str(package.latitude), str(package.longitude), "--in", folder.path).out
        assert said.startswith(f"Band {band}: ")


def test_without_a_county_it_answers_for_the_demonstration(capsys: Capture) -> None:
    centre = next(surgery for surgery in read_snapshot(bundled(DEMONSTRATION)).snapshot.surgeries if surgery.band_centre)
    ran = run(capsys, "band", str(centre.latitude), str(centre.longitude))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Band 1: 0.00 miles ")


@pytest.mark.parametrize(("latitude", "longitude"), [("1.10", "52.60"), ("-0.1", "51.5")])
def test_swapped_coordinates_are_said_to_be_swapped(latitude: str, longitude: str, capsys: Capture) -> None:
    ran = run(capsys, "band", latitude, longitude)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "Refused: the place is outside England (latitude and longitude swapped?).\n"


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("48.85", "1.10"), ("56.0", "-3.0"), ("nan", "1.10"), ("52.6", "inf"), ("520", "1")]
)
def test_a_place_outside_england_is_refused(latitude: str, longitude: str, capsys: Capture) -> None:
    ran = run(capsys, "band", latitude, longitude)
    assert (ran.code, ran.out, ran.err) == (2, "", "Refused: the place is outside England.\n")


def test_a_refused_county_is_refused_here_too(folder: Folder, capsys: Capture) -> None:
    folder.change("contracts.csv", "C1", tier="first")
    ran = run(capsys, "band", "52.60", "1.10", "--in", folder.path)
    assert (ran.code, ran.out) == (2, "")
    assert "contracts.csv, line 2, tier" in ran.err


def test_a_missing_county_is_refused(tmp_path: Path, capsys: Capture) -> None:
    assert run(capsys, "band", "52.60", "1.10", "--in", tmp_path / "nowhere").code == 2


def test_a_county_without_a_title_is_called_by_its_folder(folder: Folder, capsys: Capture) -> None:
    folder.write("snapshot.toml", "as_of = 2026-11-23\n")
    assert run(capsys, "band", "52.60", "1.10", "--in", folder.path).out.endswith(f" (centres of: {folder.path}).\n")


def test_an_empty_name_is_no_county(capsys: Capture) -> None:
    ran = run(capsys, "band", "52.60", "1.10", "--in", "")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Refused: ")
