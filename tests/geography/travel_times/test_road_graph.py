"""Ways on a road graph: by hand, against a plain second method, and files that are refused."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.geography.travel_times.interface import TravelError, degrees
from optimiser.geography.travel_times.road_graph import RoadGraph
from optimiser.geography.travel_times.straight_line import StraightLineTravel
from tests.geography.travel_times.making_graphs import graphml, written

NO_PARKING = StraightLineTravel(minutes_to_park=0)
SQUARE = {"a": (52.60, 1.30), "b": (52.61, 1.30), "c": (52.61, 1.32), "d": (52.60, 1.32)}


def place(*names: str) -> Any:
    return degrees([SQUARE[name][0] for name in names], [SQUARE[name][1] for name in names])


def both_ways(*edges: tuple[str, str, dict[str, Any]]) -> list[tuple[str, str, dict[str, Any]]]:
    return [*edges, *((target, source, values) for source, target, values in edges)]


def test_the_quickest_way_is_taken_and_its_metres_told(tmp_path: Path) -> None:
    """From a to c: straight 2 km in 300 s; by way of b 3 km in 120 + 80 s, which is quicker. Back only the straight road goes."""
    edges = both_ways(("a", "c", {"length": 2000, "travel_time": 300}), ("b", "a", {"length": 1500, "travel_time": 120}))
    edges.append(("b", "c", {"length": 1500, "travel_time": 80}))
    graph = RoadGraph(written(tmp_path, graphml(SQUARE | {}, edges)), NO_PARKING)
    told = graph.between(place("a", "c"), place("a", "c"))
    assert told.seconds.tolist() == [[0, 200], [300, 0]]
    assert told.metres.tolist() == [[0, 3000], [2000, 0]]


def test_minutes_to_park_come_on_top(tmp_path: Path) -> None:
    edges = both_ways(("a", "b", {"length": 1000, "travel_time": 100}))
    graph = RoadGraph(written(tmp_path, graphml(SQUARE, edges)))
    assert graph.matrix(place("a", "b")).seconds.tolist() == [[0, 340], [340, 0]]
    assert "4 minutes to park" in graph.provenance
    assert "2 of 4 junctions used" in graph.provenance


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        ({"length": 1000, "travel_time": 77, "maxspeed": "30 mph"}, 77),
        ({"length": 1000, "speed_kph": 50}, 72),
        ({"length": 1000, "maxspeed": "50"}, 90),  # 0.8 x 50 = 40 km/h
        ({"length": 1000, "maxspeed": "['40 mph', '30 mph']"}, 93),  # 0.8 x 48.28 = 38.6 km/h
        ({"length": 1000, "highway": "primary_link"}, 60),
        ({"length": 1000, "highway": "['residential', 'tertiary']"}, 120),
        ({"km": 1}, 90),  # nothing known: 40 km/h
    ],
)
def test_times_come_from_what_the_file_says_of_an_edge(tmp_path: Path, values: dict[str, Any], seconds: int) -> None:
    graph = RoadGraph(written(tmp_path, graphml(SQUARE, [("a", "b", values)], directed=False)), NO_PARKING)
    assert graph.matrix(place("a", "b")).seconds.tolist() == [[0, seconds], [seconds, 0]]
    assert graph.matrix(place("a", "b")).metres[0, 1] == 1000


def test_a_place_beside_the_road_goes_to_the_nearest_junction_first(tmp_path: Path) -> None:
    """0.0045 degrees north of a (500 m): 38 s to it, 100 s to d; two places at one junction go straight across."""
    graph = RoadGraph(written(tmp_path, graphml(SQUARE, both_ways(("a", "d", {"length": 900, "travel_time": 100})))), NO_PARKING)
    points = np.vstack((degrees([52.6045, 52.6005], [1.30, 1.30]), place("d")))
    told = graph.matrix(points)
    assert abs(int(told.seconds[0, 2]) - 138) <= 1
    assert abs(int(told.seconds[0, 1]) - 34) <= 1  # 445 m x 76 s a kilometre
    assert told.seconds[0, 0] == 0


def test_a_scrap_of_road_that_nobody_can_leave_is_not_used(tmp_path: Path) -> None:
    """From c a one-way road leads to d: nobody starting at d would get away, so d's places go to a."""
    edges = both_ways(("a", "b", {"length": 1000, "travel_time": 100}), ("b", "c", {"length": 1000, "travel_time": 100}))
    graph = RoadGraph(written(tmp_path, graphml(SQUARE, [*edges, ("c", "d", {"length": 1, "travel_time": 1})])), NO_PARKING)
    told = graph.between(place("d"), place("b"))
    assert abs(int(told.seconds[0, 0]) - 200) < 20  # 1.1 km to c, and 100 s from there to b
    assert "3 of 4 junctions used" in graph.provenance


def test_far_places_are_refused_by_their_number_alone(tmp_path: Path) -> None:
    graph = RoadGraph(written(tmp_path, graphml(SQUARE, both_ways(("a", "b", {"length": 1})))))
    with pytest.raises(TravelError, match=r"1 of 2 places are more than 5 km from any road of roads\.graphml") as refused:
        graph.matrix(degrees([52.60, 52.7123], [1.30, 1.4567]))
    assert "4567" not in str(refused.value)


edge_lists = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 50)), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None)
@given(edge_lists, st.randoms())
def test_ways_equal_those_of_a_plain_method_whatever_the_order_of_the_file(
    edges: list[tuple[int, int, int]], chance: Any
) -> None:
    """Floyd and Warshall's three loops over the same graph; a ring makes every node reachable."""
    nodes = {str(number): (52.6 + number * 0.01, 1.3) for number in range(7)}
    ring = [(number, (number + 1) % 7, 40) for number in range(7)]
    best = np.full((7, 7), np.inf)
    np.fill_diagonal(best, 0)
    for source, target, seconds in [*ring, *edges]:
        best[source, target] = min(best[source, target], seconds)
    for middle in range(7):
        best = np.minimum(best, best[:, middle : middle + 1] + best[middle : middle + 1, :])
    told = [(str(source), str(target), {"length": 10, "travel_time": time}) for source, target, time in [*ring, *edges]]
    points = degrees([place[0] for place in nodes.values()], [place[1] for place in nodes.values()])
    with tempfile.TemporaryDirectory() as folder:
        one = RoadGraph(written(Path(folder), graphml(nodes, told)), NO_PARKING).matrix(points)
        chance.shuffle(told)
        other = RoadGraph(written(Path(folder), graphml(nodes, told)), NO_PARKING).matrix(points)
    assert one.seconds.tolist() == best.astype(int).tolist()
    assert other.seconds.tolist() == one.seconds.tolist()
    assert other.metres.tolist() == one.metres.tolist()


@pytest.mark.parametrize(
    ("maxspeed", "seconds"),
    [
        ("20 mph @ (Mo-Fr 08:00-09:00)", 140),  # 1 km at 0.8 x 32.19 km/h
        ("GB:zone20", 140),
        ("5 knots", 486),
        ("none", 60),  # by its class: primary, 60 km/h
        ("signals", 60),
        ("RO:urban", 60),
    ],
)
def test_a_limit_in_other_words_is_understood_or_told_of(tmp_path: Path, maxspeed: str, seconds: int) -> None:
    told = {"length": 1000, "maxspeed": maxspeed, "highway": "primary"}
    graph = RoadGraph(written(tmp_path, graphml(SQUARE, both_ways(("a", "b", told)))), NO_PARKING)
    assert graph.matrix(place("a", "b")).seconds[0, 1] == seconds
    said = "; 2 edges by their class of road, for a limit without a number"
    assert graph.provenance.endswith(said) == (seconds == 60)


def test_bad_edges_are_named_all_at_once(tmp_path: Path) -> None:
    many: list[tuple[str, str, dict[str, Any]]] = [("a", "b", {"length": 1, "maxspeed": "fast"}) for _ in range(7)]
    edges: list[tuple[str, str, dict[str, Any]]] = [
        ("a", "b", {"length": 1}),
        ("b", "c", {"length": 1, "maxspeed": "0"}),
        ("c", "d", {"length": "long"}),
        *many,
        ("d", "a", {}),
        ("d", "a\x7f" + "x" * 50, {"length": 1}),
    ]
    with pytest.raises(TravelError) as refused:
        RoadGraph(written(tmp_path, graphml(SQUARE, edges)))
    said = str(refused.value)
    assert said.startswith("roads.graphml, line ")
    limit = "expected a speed above 0 for an edge, with a maxspeed such as 50, 30 mph or GB:nsl_single; found"
    assert f"{limit} maxspeed '0' on the edge from b to c." in said
    assert f"{limit} maxspeed 'fast' on 7 edges: from a to b, a to b, a to b, a to b, a to b and 2 more." in said
    assert "expected a number for length of every edge; found length 'long' on the edge from c to d." in said
    assert "expected a number for km of every edge; found none on the edge from d to a." in said
    assert f"found no node 'a?{'x' * 37}…' on the edge from d to a?xxx" in said
    assert said.endswith("Correct them, or take them out.")


def test_so_many_kinds_of_bad_edges_that_the_rest_are_counted(tmp_path: Path) -> None:
    edges = [("a", "b", {"length": 1, "maxspeed": f"fast{number}"}) for number in range(14)]
    with pytest.raises(TravelError, match=r"'fast9' on the edge from a to b\. And 4 more edges for other reasons\. Correct"):
        RoadGraph(written(tmp_path, graphml(SQUARE, edges)))


def test_a_bad_node_is_named(tmp_path: Path) -> None:
    with pytest.raises(TravelError, match=r"a number for y or lat of every node; found y 'north' at node b\."):
        RoadGraph(written(tmp_path, graphml(SQUARE | {"b": ("north", 1.3)}, ROAD)))


@pytest.mark.parametrize("of", ["edge", "all"])
def test_defaults_of_keys_count_where_an_edge_says_nothing(tmp_path: Path, of: str) -> None:
    """20 mph unless an edge says otherwise: 140 s for a kilometre, 93 s at 30 mph."""
    key = '<key id="d5" for="edge" attr.name="maxspeed" attr.type="string"'
    text = graphml(SQUARE, [("a", "b", {"length": 1000}), ("b", "a", {"length": 1000, "maxspeed": "30 mph"})])
    assert f"{key}/>" in text
    text = text.replace(f"{key}/>", f"{key.replace('edge', of)}><desc>limit</desc><default> 20 mph </default></key>")
    graph = RoadGraph(written(tmp_path, text), NO_PARKING)
    assert graph.matrix(place("a", "b")).seconds.tolist() == [[0, 140], [93, 0]]


def test_defaults_of_nodes_and_keys_for_everything(tmp_path: Path) -> None:
    """All nodes stand on one meridian that only the key says; a key for everything is read for nodes as for edges."""
    key = '<key id="d1" for="node" attr.name="x" attr.type="double"/>'
    text = graphml(SQUARE, both_ways(("a", "b", {"length": 1000})))
    assert key in text
    text = text.replace(key, key.replace('for="node" ', "").replace("/>", "><default>1.3</default></key>"))
    text = text.replace('<data key="d1">1.3</data>', "")
    assert '<data key="d1">1.32' in text
    assert RoadGraph(written(tmp_path, text), NO_PARKING).matrix(place("a", "b")).metres[0, 1] == 1000


ROAD = [("a", "b", {"length": 1000})]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no element found"),
        ("not xml", "syntax error"),
        ("<html/>", "expected a graphml element"),
        (graphml(SQUARE, ROAD)[:-30], "no element found|unclosed token"),
        (graphml(SQUARE, ROAD, head='<!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'), "line 2: expected no DOCTYPE"),
        (graphml(SQUARE, ROAD, head='<!DOCTYPE g SYSTEM "file:///etc/passwd">'), "expected no DOCTYPE"),
        (graphml(SQUARE, []), "nodes and edges; found none"),
        (graphml({}, []), "nodes and edges; found none"),
        (graphml({"a": ("nan", 1.3)}, ROAD), "expected a number for y or lat of every node"),
        (graphml({"a": ("", 1.3)}, ROAD), "expected a number for y or lat"),
        (graphml({"a": (310_000, 620_000)}, ROAD), "before it is projected"),
        (graphml(SQUARE, [("a", "nowhere", {"length": 1})]), "expected an edge between two nodes of the file"),
        (graphml(SQUARE, [("a", "b", {"length": -1})]), "a length and a travel time of 0 or more"),
        (graphml(SQUARE, [("a", "b", {"length": "inf"})]), "expected a number for length"),
        (graphml(SQUARE, [("a", "b", {})]), "expected a number for km of every edge"),
        (graphml(SQUARE, [("a", "b", {"length": 1, "speed_kph": 0})]), "a speed above 0"),
        (graphml(SQUARE, [("a", "b", {"length": 1, "maxspeed": "0"})]), "a speed above 0"),
        ("<graphml>" + "<graph>" * 50 + "</graph>" * 50 + "</graphml>", "one graph of nodes and edges"),
    ],
)  # fmt: skip
def test_broken_and_hostile_files_are_refused_with_their_name_and_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TravelError, match=said) as refused:
        RoadGraph(written(tmp_path, text))
    assert "roads.graphml, line " in str(refused.value)


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(TravelError, match=r"The road graph none\.graphml cannot be read: No such file"):
        RoadGraph(tmp_path / "none.graphml")


def test_two_nodes_of_one_name_are_refused(tmp_path: Path) -> None:
    text = graphml(SQUARE, ROAD).replace('id="b"', 'id="a"')
    with pytest.raises(TravelError, match="a node id of its own"):
        RoadGraph(written(tmp_path, text))
