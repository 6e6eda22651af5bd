"""How far offices reach, worked out by hand on a straight line: 76 seconds a kilometre and 4 minutes to park."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from optimiser.county import County
from optimiser.geography.travel_times.interface import TravelError
from optimiser.geography.travel_times.road_graph import RoadGraph
from optimiser.geography.travel_times.straight_line import DRIVING
from optimiser.mapping.reach_layers import reach_layers
from optimiser.mapping.story import map_file, map_layers
from tests.geography.travel_times.making_graphs import graphml, written
from tests.making import area, at, contract, legacy, office, package, provider, snapshot

EAST, NORTH = 598_800, 313_400
"""Dereham's market place, which places are counted from."""


def made(*packages: object, legacy_too: bool = False) -> County:
    """OAK in Dereham may be asked in A1, ASH 20 km east of it in A2; ASH's legacy contract is for all."""
    return County.of(
        snapshot(
            areas=[area("A1"), area("A2")],
            providers=[provider("OAK"), provider("ASH")],
            offices=[office("OAK"), office("ASH", at(20_000))],
            contracts=[
                contract("F-OAK", "OAK"),
                contract("F-ASH", "ASH", area_id="A2"),
                *([legacy("ASH")] if legacy_too else []),
            ],
            packages=packages,  # type: ignore[arg-type]
        )
    )


def test_homes_beyond_the_minutes_of_whoever_may_be_asked_are_uncovered() -> None:
    """15 minutes are 11 on the way: 8.68 km. N1 is next door; N2 is 14 km from OAK (22 minutes) and 6 from ASH, who has no
    contract there.
    """
    county = made(package("N1", at(500)), package("N2", at(14_000), hours=7), package("N3", at(14_000), area_id="A2"))
    layers = reach_layers(county, DRIVING, 15)
    (uncovered,) = layers["uncovered"].to_dict("records")
    assert (uncovered["area_id"], uncovered["people"], uncovered["hours_per_week"]) == ("A1", 1, 7.0)
    middle = ((EAST + 14_000) // 1000 * 1000 + 500, NORTH // 1000 * 1000 + 500)
    assert (uncovered["geometry"].centroid.x, uncovered["geometry"].centroid.y) == middle
    way = math.hypot(middle[0] - EAST, middle[1] - NORTH)
    assert uncovered["nearest_minutes"] == pytest.approx((way * 0.076 + 240) / 60, abs=0.1)
    reach = layers["reach"].set_index("provider_id")
    assert (reach.loc["OAK", "people_within"], reach.loc["ASH", "people_within"]) == (1, 2)
    covered = made(package("N2", at(14_000), hours=7), legacy_too=True)
    assert len(reach_layers(covered, DRIVING, 15)["uncovered"]) == 0


def test_an_area_without_anybody_to_ask_is_uncovered_without_minutes() -> None:
    (only,) = reach_layers(made(package("N1", at(500), area_id="A9")), DRIVING, 600)["uncovered"].to_dict("records")
    assert only["area_id"] == "A9"
    assert math.isnan(float(only["nearest_minutes"] if only["nearest_minutes"] is not None else math.nan))


def test_a_road_graph_tells_of_reach_too_and_refuses_places_off_its_map(tmp_path: Path) -> None:
    there, here = at(14_000), at(0)
    nodes = {"a": (here.latitude, here.longitude), "b": (there.latitude, there.longitude)}
    edges = [("a", "b", {"length": 14_000, "travel_time": 300}), ("b", "a", {"length": 14_000, "travel_time": 300})]
    graph = RoadGraph(written(tmp_path, graphml(nodes, edges)))
    with pytest.raises(TravelError):
        reach_layers(made(package("N2", at(14_000), hours=7)), graph, 15)
    near = County.of(
        snapshot(providers=[provider("OAK")], contracts=[contract("F-OAK", "OAK")], packages=[package("N2", at(14_000))])
    )
    assert len(reach_layers(near, graph, 15)["uncovered"]) == 0, "five minutes on a fast road, where the straight line says 22"
    assert len(reach_layers(near, DRIVING, 15)["uncovered"]) == 1


def test_the_layers_are_in_the_file() -> None:
    county = made(package("N1", at(500)), package("N2", at(14_000)))
    layers = map_layers(county.snapshot, reach=(DRIVING, 15))
    assert [len(layers[name]) for name in ("reach", "uncovered")] == [2, 1]
    assert map_file(layers, county.snapshot, exact=False) == map_file(layers, county.snapshot, exact=False)
