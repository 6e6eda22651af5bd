"""A small county as layers: figures by hand, homes by kilometre squares, and a file that is the same each time."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from xml.etree.ElementTree import fromstring

import geopandas
import pyogrio
import pytest

from optimiser.county import County
from optimiser.geography.grid import to_grid
from optimiser.io.faults import InputRefusedError
from optimiser.io.reading import read_snapshot
from optimiser.mapping.geopackage import KINDS
from optimiser.mapping.layers import county_layers
from optimiser.mapping.placements import as_it_is
from optimiser.mapping.story import COARSE, PERSONAL, map_file, map_layers
from optimiser.mapping.styles import STYLES, qml
from tests.making import days, framework, package, principal, provider, snapshot
from tests.making.folders import Folder

TRANSFERS = """\
round_id,decision,wave,from_provider_id,to_contract_id,people,hours_per_week,staff,reason,area_id,date,recut_of,agreement_by
RD1,transfer,1,BIRCH,C1,2,35.00,,moves,A1,2027-03-01,,
RD2,stay,,CEDAR,,1,10.00,,stays,A2,,,
"""
PEOPLE = "package_id,round_id,decision\nR1,RD1,transfer\nR2,RD1,transfer\nR3,RD2,stay\n"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County.of(read_snapshot(Folder.make(tmp_path_factory.mktemp("made") / "county").path).snapshot)


def result_of(county: County, folder: Path, **outcomes: str) -> Path:
    """An allocation's table in which everybody is where they are, but for ``outcomes``: ``placed:CONTRACT``, ``unmet``."""
    folder.mkdir(exist_ok=True)
    lines = ["package_id,outcome,contract_id"]
    for each in county.packages:
        outcome, _, contract = outcomes.get(
            each.package_id, f"placed:{each.contract_id}" if each.contract_id else "unmet"
        ).partition(":")
        lines.append(f"{each.package_id},{outcome},{contract}")
    (folder / "allocations.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_an_area_has_the_figures_of_its_home_care(county: County) -> None:
    areas = county_layers(county, as_it_is(county.snapshot), exact=False)["areas"].set_index("area_id")
    own = [each for each in county.packages if each.area_id == "A1" and not each.service]
    first = areas.loc["A1"]
    by_tier = {contract.contract_id: contract.tier for contract in county.contracts}
    for tier in ("principal", "framework", "legacy"):
        minutes = sum(each.minutes_per_week for each in own if by_tier.get(each.contract_id) == tier)
        assert first[f"{tier}_hours_per_week"] == minutes / 60
    assert first["principal_hours_per_week"] >= 21, "R1 has 21 hours with the principal"
    assert first["hours_per_week"] == sum(each.minutes_per_week for each in own) / 60
    assert first["principal_share"] == first["principal_hours_per_week"] / first["hours_per_week"]
    assert (first["principal"], first["live"]) == ("Alder Care", True)
    assert first["people_waiting"] == len({each.part_of or each.package_id for each in own if each.status == "new"})
    assert areas["people_unmet"].sum() == 0, "without a result nobody is unmet"


def test_shares_are_of_home_care_and_the_principal_is_who_holds_the_area_today() -> None:
    """ELM's contract has ended and OAK's is in force. P1 has 3 hours with OAK, P2 an hour elsewhere; P3's nights do not count."""
    contracts = [principal("ELM", ends=days(0)), principal("OAK", starts=days(0)), framework("ASH")]
    people = [package("P1", contract_id="P-OAK", hours=3), package("P2", contract_id="F-ASH", hours=1)]
    people.append(package("P3", contract_id="F-ASH", hours=9, service="night"))
    here = County.of(snapshot(people, contracts, providers=[provider("OAK"), provider("ELM"), provider("ASH")]))
    (area,) = county_layers(here, as_it_is(here.snapshot), exact=False)["areas"].to_dict("records")
    names = {each.provider_id: each.name for each in here.providers}
    assert area["principal"] == names["OAK"] != names["ELM"]
    assert (area["principal_share"], area["hours_per_week"], area["people_served"]) == (0.75, 4.0, 3)


def test_a_result_moves_people_into_the_figures(county: County, tmp_path: Path) -> None:
    placed = result_of(county, tmp_path / "result", N1="placed:C1", N4="unmet", N5="pending")
    before = map_layers(county.snapshot)["areas"].set_index("area_id").loc["A1"]
    after = map_layers(county.snapshot, result=placed)["areas"].set_index("area_id").loc["A1"]
    assert after["principal_hours_per_week"] == before["principal_hours_per_week"] + 7, "N1 has 7 hours"
    assert after["people_waiting"] == before["people_waiting"] - 1
    assert after["people_pending"] == 1
    assert after["people_unmet"] == before["people_waiting"] - 2


def test_homes_are_kilometre_squares_without_ids_unless_exact_is_asked_for(county: County) -> None:
    coarse, exact = (map_layers(county.snapshot, exact=way)["packages"] for way in (False, True))
    assert {(point.x % 1000, point.y % 1000) for point in coarse.geometry} == {(500.0, 500.0)}
    assert "package_id" not in coarse.columns
    assert not {"skills", "protected", "excluded_provider_ids", "transfer_decision", "latitude"} & {
        *coarse.columns,
        *exact.columns,
    }
    home = next(each for each in county.packages if each.package_id == "N1")
    ((x, y),) = to_grid([home.latitude], [home.longitude]).tolist()
    point = exact.set_index("package_id").loc["N1"].geometry
    assert (point.x, point.y) == (x, y)
    squares = {(point.x, point.y) for point in coarse.geometry}
    assert (x // 1000 * 1000 + 500, y // 1000 * 1000 + 500) in squares
    assert coarse.geometry.is_valid.all()


def test_a_round_is_drawn_around_the_squares_of_its_people(county: County) -> None:
    rounds = map_layers(county.snapshot)["rounds"].set_index("round_id")
    members = [each for each in county.packages if each.round_id == "RD1"]
    assert rounds.loc["RD1", "people"] == len(members)
    assert rounds.loc["RD1", "hours_per_week"] == sum(each.minutes_per_week for each in members) / 60
    west, south, east, north = rounds.loc["RD1"].geometry.bounds
    assert [each % 1000 for each in (west, south, east, north)] == [0, 0, 0, 0]
    grid = to_grid([each.latitude for each in members], [each.longitude for each in members])
    assert (west, south) == tuple(grid.min(axis=0) // 1000 * 1000)
    tight = map_layers(county.snapshot, exact=True)["rounds"].set_index("round_id").loc["RD1"].geometry
    assert tight.area < rounds.loc["RD1"].geometry.area


def transfer(folder: Path, transfers: str = TRANSFERS, people: str = PEOPLE) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "transfers.csv").write_text(transfers, encoding="utf-8")
    (folder / "people.csv").write_text(people, encoding="utf-8")
    return folder


def test_rounds_that_move_are_a_layer_and_those_that_stay_are_not(county: County, tmp_path: Path) -> None:
    layers = map_layers(county.snapshot, transfer=transfer(tmp_path / "plan"))
    assert list(layers) == ["areas", "rounds", "transfers", "surgeries", "offices", "packages"]
    (moving,) = layers["transfers"].to_dict("records")
    assert (moving["round_id"], moving["wave"], str(moving["date"])) == ("RD1", 1, "2027-03-01")
    assert (moving["from_provider"], moving["to_provider"]) == ("Birch Care", "Alder Care")
    assert moving["hours_per_week"] == 35.0


def refusal(county: County, **folders: Path) -> list[str]:
    with pytest.raises(InputRefusedError) as refused:
        map_layers(county.snapshot, **folders)  # type: ignore[arg-type]
    return [fault.message() for fault in refused.value.faults]


def test_results_of_another_county_are_refused(county: County, tmp_path: Path) -> None:
    said = refusal(county, transfer=transfer(tmp_path / "a", people=PEOPLE + "R99,RD1,transfer\n"))
    assert said == ["people.csv, line 5, package_id: expected a package of the snapshot; found another id"]
    said = refusal(county, transfer=transfer(tmp_path / "b", transfers=TRANSFERS.replace("BIRCH", "ELSE")))
    assert "from and to providers of it; found 'RD1'" in said[0]
    placed = result_of(county, tmp_path / "c", N1="placed:C99")
    assert "contract_id: expected a contract of the snapshot; found 'C99'" in refusal(county, result=placed)[0]
    table = result_of(county, tmp_path / "c") / "allocations.csv"
    table.write_text("".join(table.read_text(encoding="utf-8").splitlines(keepends=True)[:3]), encoding="utf-8")
    assert "expected a line for each of the" in refusal(county, result=placed)[0]
    assert refusal(county, rounds=tmp_path)[0].startswith("rounds.geojson: expected the file")


@pytest.mark.parametrize(
    "content", ["[]", "{", '{"personal_data": false, "features": [{"type": "Feature"}]}', '{"features": []}']
)
def test_built_rounds_of_another_make_are_refused(content: str, county: County, tmp_path: Path) -> None:
    (tmp_path / "rounds.geojson").write_text(content, encoding="utf-8")
    assert refusal(county, rounds=tmp_path) != []


def test_exact_rounds_make_no_coarse_map(county: County, tmp_path: Path) -> None:
    (tmp_path / "rounds.geojson").write_text('{"personal_data": true, "features": []}', encoding="utf-8")
    assert refusal(county, rounds=tmp_path) == [
        "rounds.geojson: expected kilometre squares, or --exact for a map with exact places; found 'exact places'"
    ]
    assert len(map_layers(county.snapshot, rounds=tmp_path, exact=True)["rounds_built"]) == 0


def test_the_file_opens_has_styles_and_is_the_same_again(county: County, tmp_path: Path) -> None:
    layers = map_layers(county.snapshot, transfer=transfer(tmp_path / "plan"))
    content = map_file(layers, county.snapshot, exact=False)
    assert content == map_file(map_layers(county.snapshot, transfer=tmp_path / "plan"), county.snapshot, exact=False)
    assert COARSE.encode() in content
    assert PERSONAL.encode() not in content
    path = tmp_path / "map.gpkg"
    path.write_bytes(content)
    assert {name: kind for name, kind in pyogrio.list_layers(path) if kind} == {name: KINDS[name] for name in layers}
    for name, layer in layers.items():
        read = geopandas.read_file(path, layer=name)
        assert read.crs.to_epsg() == 27700
        assert len(read) == len(layer)
    assert str(geopandas.read_file(path, layer="areas").set_index("area_id").loc["A1", "go_live"])[:10] == "2026-04-01"
    with sqlite3.connect(path) as database:
        styles = database.execute("SELECT f_table_name, styleQML, useAsDefault FROM layer_styles").fetchall()
        (dates,) = database.execute("SELECT count(DISTINCT last_change) FROM gpkg_contents").fetchone()
        assert (database.execute("PRAGMA integrity_check").fetchone(), dates) == (("ok",), 1)
    assert [(name, default) for name, _, default in styles] == [(name, 1) for name in layers]


@pytest.mark.parametrize("name", STYLES)
def test_a_style_draws_every_feature_once(name: str) -> None:
    """Each rule holds only where none before it does, so that the last takes whatever is left."""
    style = fromstring(qml(STYLES[name]).partition("\n")[2])
    rules = style.findall("./renderer-v2/rules/rule")
    assert len(rules) == len(style.findall("./renderer-v2/symbols/symbol")) == len(STYLES[name].rules)
    for number, rule in enumerate(rules):
        assert (rule.get("filter") or "").count("not coalesce(") == number
    assert STYLES[name].rules[-1].condition == ""
    looks = [tuple(sorted(rule.look.items())) for rule in STYLES[name].rules]
    assert len(set(looks)) == len(looks)
