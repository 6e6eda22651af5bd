"""``allocations.csv`` column by column, against figures worked out here from the files that went in."""

from __future__ import annotations

import csv
import io
import json
import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from pyproj import Transformer

from optimiser.allocating.lines import hundredths_of
from optimiser.allocating.report import _two_decimals
from tests.commands.running import run
from tests.making.folders import OF_PEOPLE, Folder, Row

HEADER = "package_id,outcome,contract_id,provider_id,tier,area_id,band,distance_miles,moved,weekly_cost_gbp,reason"
TO_GRID = Transformer.from_crs(4326, 27700, always_xy=True)
MILE = 1609.344


def read(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""), strict=True))


@pytest.fixture
def rows(result: Path) -> list[Row]:
    return read(result / "allocations.csv")


def metres(one: Row, other: Row) -> float:
    (east, north), (other_east, other_north) = (
        TO_GRID.transform(float(row["longitude"]), float(row["latitude"])) for row in (one, other)
    )
    return math.hypot(other_east - east, other_north - north)


def test_the_table_has_its_header_and_a_line_per_package_in_the_order_of_ids(folder: Folder, result: Path) -> None:
    content = (result / "allocations.csv").read_bytes()
    assert content.split(b"\n", 1)[0].decode() == HEADER
    assert content.endswith(b"\n")
    assert b"\r" not in content
    ids = [row["package_id"] for row in read(result / "allocations.csv")]
    assert ids == sorted(row["package_id"] for row in folder.rows("packages.csv"))


def test_everybody_has_an_outcome(rows: list[Row]) -> None:
    assert {row["package_id"]: row["outcome"] for row in rows} == {
        "N1": "placed", "N2": "placed", "N3": "placed", "N4": "unmet", "N5": "pending", "N6": "placed",
        "R1": "placed", "R2": "placed", "R3": "placed", "R4": "placed",
    }  # fmt: skip


def test_running_care_and_accepted_offers_are_where_they_were(rows: list[Row]) -> None:
    on = {row["package_id"]: row["contract_id"] for row in rows}
    assert (on["R1"], on["R2"], on["R3"], on["R4"], on["N6"]) == ("C1", "C2", "C6", "C5", "C6")


def test_a_placed_line_names_its_contract_and_what_follows_from_it(folder: Folder, rows: list[Row]) -> None:
    contracts = {row["contract_id"]: row for row in folder.rows("contracts.csv")}
    for row in rows:
        if row["outcome"] == "placed":
            contract = contracts[row["contract_id"]]
            assert (row["provider_id"], row["tier"]) == (contract["provider_id"], contract["tier"])
            assert contract["area_id"] in ("", row["area_id"])


def test_a_line_that_is_not_placed_is_empty_where_it_must_be(rows: list[Row]) -> None:
    for row in rows:
        filled = [row[name] for name in ("contract_id", "provider_id", "tier", "distance_miles", "weekly_cost_gbp")]
        assert all(filled) if row["outcome"] == "placed" else not any(filled)
        assert row["moved"] == "false"
        assert row["area_id"]
        assert row["band"] in ("1", "2", "3")
        assert row["reason"].endswith(".")


def test_the_area_is_the_packages_own_also_where_the_outlines_gave_it(folder: Folder, rows: list[Row]) -> None:
    stated = {row["package_id"]: row["area_id"] for row in folder.rows("packages.csv")}
    assert {row["package_id"]: row["area_id"] for row in rows} == stated | {"N3": "A1"}


def test_distances_are_to_the_nearest_office_with_two_decimals_half_up(folder: Folder, rows: list[Row]) -> None:
    packages = {row["package_id"]: row for row in folder.rows("packages.csv")}
    offices = folder.rows("offices.csv")
    for row in rows:
        if row["outcome"] == "placed":
            own = [office for office in offices if office["provider_id"] == row["provider_id"]]
            miles = min(metres(packages[row["package_id"]], office) for office in own) / MILE
            assert row["distance_miles"] == str(Decimal(miles).quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_bands_are_by_the_distance_from_the_band_centre(folder: Folder, rows: list[Row]) -> None:
    centre = next(row for row in folder.rows("surgeries.csv") if row["band_centre"] == "true")
    miles = {row["package_id"]: metres(row, centre) / MILE for row in folder.rows("packages.csv")}
    assert {row["package_id"]: int(row["band"]) for row in rows} == {
        name: 1 + (distance > 3) + (distance > 6) for name, distance in miles.items()
    }
    assert {row["band"] for row in rows} == {"1", "2", "3"}


def test_costs_are_the_bands_rate_to_the_penny_half_up(folder: Folder, rows: list[Row]) -> None:
    contracts = {row["contract_id"]: row for row in folder.rows("contracts.csv")}
    for dated in folder.rows("rates.csv"):
        if dated["starts"] <= "2026-11-23":  # nobody's care here starts after the first day of a later rate
            contracts[dated["contract_id"]] |= {name: rate for name, rate in dated.items() if name.startswith("rate_")}
    packages = {row["package_id"]: row for row in folder.rows("packages.csv")}
    for row in rows:
        if row["outcome"] == "placed":
            contract = contracts[row["contract_id"]]
            rate = Fraction(contract[f"rate_band_{row['band']}"] or contract["rate_band_1"])
            pence = math.floor(Fraction(packages[row["package_id"]]["hours_per_week"]) * rate * 100 + Fraction(1, 2))
            assert row["weekly_cost_gbp"] == f"{pence // 100}.{pence % 100:02}"


def test_half_a_penny_is_rounded_up(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("packages.csv", "R4", hours_per_week="8.25")
    folder.change("contracts.csv", "C5", rate_band_1="27.02")
    assert run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--quiet").code == 0
    assert read(tmp_path / "out" / "allocations.csv")[-1]["weekly_cost_gbp"] == "222.92"  # 8.25 x 27.02 = 222.915


@pytest.mark.parametrize(
    ("miles", "written"),
    [
        (0.0, "0.00"),
        (0.125, "0.13"),
        (0.375, "0.38"),
        (2.0, "2.00"),
        (9.994, "9.99"),
        (9.995117, "10.00"),
        (0.004, "0.00"),
        (123.5, "123.50"),
    ],
)
def test_hundredths_of_a_mile_are_written_half_up(miles: float, written: str) -> None:
    assert _two_decimals(hundredths_of(miles)) == written


def test_explanations_stand_in_the_same_order_with_the_same_words(rows: list[Row], result: Path) -> None:
    lines = [json.loads(line) for line in (result / "explanations.jsonl").read_text(encoding="utf-8").splitlines()]
    for row, line in zip(rows, lines, strict=True):
        assert [line[name] for name in ("package_id", "outcome", "contract_id", "area_id", "reason")] == [
            row[name] for name in ("package_id", "outcome", "contract_id", "area_id", "reason")
        ]


def test_ids_that_look_like_formulas_come_out_to_the_byte(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (*OF_PEOPLE, "providers.csv", "offices.csv", "contracts.csv", "rounds.csv"):
        text = folder.text(name).replace("N1,", "=N1,").replace("N3,", "@N3,").replace("ALDER", "+AL DER")
        folder.write(name, text.replace("N4,", '"-N,4",'))
    assert run(capsys, "allocate", folder.path, "--out", tmp_path / "out", "--quiet").code == 0
    found = {row["package_id"]: row for row in read(tmp_path / "out" / "allocations.csv")}
    assert found.keys() >= {"=N1", "@N3", "-N,4"}
    assert list(found) == sorted(found)
    assert found["=N1"]["provider_id"] == "+AL DER"
    assert run(capsys, "explain", tmp_path / "out", "=N1").out.startswith("Package =N1 in area A1: placed")
