"""The committed demonstration county: made by its script, of the size the public documents state, and consistent."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
COUNTY = DATA / "demonstration"
AS_OF = "2026-11-23"

Row = dict[str, str]


def table(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def features(folder: Path) -> list[dict[str, Any]]:
    read: dict[str, Any] = json.loads((folder / "areas.geojson").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = read["features"]
    return found


def words(cell: str) -> list[str]:
    return [w for w in cell.split(";") if w]


def minutes(row: Row) -> int:
    whole = Decimal(row["hours_per_week"]) * 60
    assert whole == int(whole)
    return int(whole)


def in_force(contract: Row) -> bool:
    return contract["starts"] <= AS_OF and (not contract["ends"] or contract["ends"] > AS_OF)


def contains(geometry: dict[str, Any], x: float, y: float) -> bool:
    """Even-odd rule over all rings of a polygon, or of each polygon of several."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for rings in polygons:
        crossings = 0
        for ring in rings:
            for (x1, y1), (x2, y2) in pairwise(ring):
                crossings += (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
        if crossings % 2:
            return True
    return False


@pytest.fixture(scope="module")
def packages() -> list[Row]:
    return table(COUNTY, "packages")


@pytest.fixture(scope="module")
def contracts() -> dict[str, Row]:
    return {c["contract_id"]: c for c in table(COUNTY, "contracts")}


@pytest.fixture(scope="module")
def live() -> set[str]:
    return {f["properties"]["area_id"] for f in features(COUNTY) if f["properties"]["go_live"] <= AS_OF}


def test_the_script_makes_the_committed_files_whatever_the_hash_seed(tmp_path: Path) -> None:
    for seed in ("0", "4711"):
        made = tmp_path / seed
        command = [sys.executable, "-B", "-W", "error", str(DATA / "make_demonstration.py"), str(made)]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": seed}, timeout=120)
        assert sorted(p.name for p in made.iterdir()) == sorted(p.name for p in COUNTY.iterdir())
        for path in sorted(COUNTY.iterdir()):
            assert (made / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_snapshot_says_its_date() -> None:
    about = tomllib.loads((COUNTY / "snapshot.toml").read_text(encoding="utf-8"))
    assert about["as_of"] == date.fromisoformat(AS_OF)


def test_files_stay_small() -> None:
    assert sum(p.stat().st_size for p in DATA.rglob("*") if p.is_file()) < 2_500_000
    assert (COUNTY / "areas.geojson").stat().st_size < 150_000


def test_people_and_hours(packages: list[Row]) -> None:
    assert 5_200 <= len(packages) <= 5_400
    assert 44_000 <= sum(map(minutes, packages)) / 60 <= 45_000
    by_area = Counter[str]()
    for package in packages:
        by_area[package["area_id"]] += minutes(package)
    assert len(by_area) == 18
    assert all(6_000 <= m / 15 <= 14_000 for m in by_area.values())
    new = [p for p in packages if p["status"] == "new"]
    assert len(new) == 180
    assert {p["priority"] for p in new} == {"urgent", "discharge", "standard", "planned"}
    assert 5 <= sum(p["start_by"] < AS_OF for p in new) <= 30


def test_providers_and_offices(contracts: dict[str, Row]) -> None:
    providers = {p["provider_id"]: p for p in table(COUNTY, "providers")}
    offices = table(COUNTY, "offices")
    assert (len(providers), len(offices)) == (106, 135)
    assert {o["provider_id"] for o in offices} == set(providers)
    county_wide = [c for c in contracts.values() if c["tier"] == "legacy" and not c["area_id"] and in_force(c)]
    assert len(county_wide) == len({c["provider_id"] for c in county_wide}) == 86
    principals = [c for c in contracts.values() if c["tier"] == "principal"]
    assert max(Counter(c["provider_id"] for c in principals).values()) == 2
    for contract in principals:
        provider = providers[contract["provider_id"]]
        assert {provider["cqc_rating"], provider["pamms_rating"]} & {"good", "outstanding", "excellent"}
        assert Decimal("0.75") <= Decimal(contract["guarantee"]) <= Decimal("0.85")


def test_every_area_has_a_principal_and_a_framework(packages: list[Row], contracts: dict[str, Row]) -> None:
    demand = Counter[str]()
    for package in packages:
        demand[package["area_id"]] += minutes(package)
    for feature in features(COUNTY):
        area, go_live = feature["properties"]["area_id"], feature["properties"]["go_live"]
        here = [c for c in contracts.values() if c["area_id"] == area and c["tier"] != "legacy"]
        assert {c["starts"] for c in here} == {go_live}
        (principal,) = [c for c in here if c["tier"] == "principal"]
        assert 0.63 <= int(principal["max_hours_4w"]) * 15 / demand[area] <= 0.75
        members = [c for c in here if c["tier"] == "framework"]
        few = {"U13032": 1, "U48652": 2}
        assert len(members) == few[area] if area in few else 3 <= len(members) <= 5


def test_live_areas_have_their_care_with_principal_and_framework(
    packages: list[Row], contracts: dict[str, Row], live: set[str]
) -> None:
    assert len(live) == 14
    tiers: dict[str, Counter[str]] = defaultdict(Counter)
    for package in packages:
        tier = contracts[package["contract_id"]]["tier"] if package["contract_id"] else "new"
        tiers[package["area_id"]][tier] += minutes(package)
    for area, by_tier in tiers.items():
        if area in live:
            assert 0.60 <= by_tier["principal"] / by_tier.total() <= 0.72
            assert by_tier["legacy"] / by_tier.total() <= 0.20
        else:
            assert set(by_tier) == {"legacy", "new"}


def test_few_limits_are_exceeded_on_entry(packages: list[Row], contracts: dict[str, Row]) -> None:
    running = Counter[str]()
    of_provider = Counter[str]()
    for package in packages:
        if contract := contracts.get(package["contract_id"]):
            running[contract["contract_id"]] += minutes(package)
            of_provider[contract["provider_id"]] += minutes(package)
    over = [c for c, row in contracts.items() if row["max_hours_4w"] and running[c] > int(row["max_hours_4w"]) * 15]
    providers = table(COUNTY, "providers")
    over += [
        p["provider_id"] for p in providers if p["max_hours_4w"] and of_provider[p["provider_id"]] > int(p["max_hours_4w"]) * 15
    ]
    assert len(over) in (2, 3)


def test_every_person_lives_in_exactly_the_outline_of_their_area(packages: list[Row]) -> None:
    outlines = {f["properties"]["area_id"]: f["geometry"] for f in features(COUNTY)}
    for package in packages:
        x, y = float(package["longitude"]), float(package["latitude"])
        assert [a for a, g in outlines.items() if contains(g, x, y)] == [package["area_id"]], package["package_id"]


def test_offers_tell_every_kind_of_answer(packages: list[Row]) -> None:
    new = {p["package_id"] for p in packages if p["status"] == "new"}
    offers = [o for o in table(COUNTY, "offers") if o["package_id"] in new]
    answers = Counter(o["response"] for o in offers)
    assert answers["accepted"] == answers["expired"] == 1
    assert answers[""] >= 5
    assert len({o["reason"] for o in offers if o["response"] == "declined"}) == 5
    assert sorted(r["kind"] for r in table(COUNTY, "restrictions")) == ["capped", "no_new_work", "no_new_work"]


@pytest.mark.parametrize("folder", [COUNTY, DATA / "three_villages"], ids=lambda p: p.name)
class TestEverySnapshot:
    """What holds in any snapshot of ours, large or small."""

    def test_ids_are_unique_and_references_hold(self, folder: Path) -> None:
        key = {
            "surgeries": "surgery_id",
            "providers": "provider_id",
            "offices": "office_id",
            "contracts": "contract_id",
            "restrictions": "restriction_id",
            "packages": "package_id",
            "visits": "visit_id",
            "rounds": "round_id",
            "offers": "offer_id",
        }
        rows = {name: table(folder, name) for name in key}
        ids = {name: [r[column] for r in rows[name]] for name, column in key.items()}
        assert all(len(listed) == len(set(listed)) for listed in ids.values())
        known = {column: set(ids[name]) for name, column in key.items()}
        known["area_id"] = {f["properties"]["area_id"] for f in features(folder)}
        for name, listed in rows.items():
            for row in listed:
                for column, values in known.items():
                    if row.get(column):
                        assert row[column] in values, (name, row)
        assert all(set(words(p["excluded_provider_ids"])) <= known["provider_id"] for p in rows["packages"])
        assert all(bool(p["contract_id"]) == (p["status"] == "active") for p in rows["packages"])

    def test_hours_are_the_sum_of_the_visits(self, folder: Path) -> None:
        of_package: dict[str, list[Row]] = defaultdict(list)
        for visit in table(folder, "visits"):
            of_package[visit["package_id"]].append(visit)
        for package in table(folder, "packages"):
            visits = of_package[package["package_id"]]
            each = [(len(words(v["days"])), int(v["duration_minutes"]), int(v["workers"])) for v in visits]
            assert minutes(package) == sum(days * length * workers for days, length, workers in each)
            assert minutes(package) % 15 == 0
            assert int(package["visits_per_week"]) == sum(days for days, _, _ in each)
            assert int(package["workers"]) == max(workers for _, _, workers in each)
            assert ("double_handed" in words(package["skills"])) == (package["workers"] == "2")

    def test_rounds_belong_to_one_provider_and_area(self, folder: Path) -> None:
        provider = {c["contract_id"]: c["provider_id"] for c in table(folder, "contracts")}
        rounds = {r["round_id"]: (r["provider_id"], r["area_id"]) for r in table(folder, "rounds")}
        for package in table(folder, "packages"):
            if package["round_id"]:
                assert rounds[package["round_id"]] == (provider[package["contract_id"]], package["area_id"])

    def test_at_most_one_accepted_offer_for_a_package(self, folder: Path) -> None:
        accepted = Counter(o["package_id"] for o in table(folder, "offers") if o["response"] == "accepted")
        assert all(count == 1 for count in accepted.values())
