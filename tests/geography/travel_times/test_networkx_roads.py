"""A graph that networkx holds answers as the file that would be saved of it; which junctions count is the largest set."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest

from optimiser.geography.travel_times.interface import TravelError, degrees
from optimiser.geography.travel_times.road_graph import RoadGraph, _mutually_reached
from tests.geography.travel_times.making_graphs import graphml, written

PLACES = {"a": (52.60, 1.00), "b": (52.61, 1.00), "c": (52.62, 1.02), "d": (52.60, 1.03)}
EDGES: list[tuple[str, str, dict[str, Any]]] = [
    ("a", "b", {"length": 1100.0, "travel_time": 80.5}),
    ("b", "a", {"length": 1100.0, "speed_kph": 48.0}),
    ("b", "c", {"length": 1900.0, "maxspeed": ["30 mph", "40 mph"]}),
    ("b", "c", {"length": 2500.0, "maxspeed": "60 mph"}),
    ("c", "b", {"length": 1900.0, "highway": ["residential", "tertiary"]}),
    ("c", "d", {"length": 2300.0, "highway": "primary", "maxspeed": "signals"}),
    ("d", "a", {"length": 2100.0, "maxspeed": "GB:nsl_single"}),
]
POINTS = degrees([52.601, 52.611, 52.619, 52.602], [1.001, 0.999, 1.021, 1.029])


def held(kind: type[networkx.Graph] = networkx.MultiDiGraph, *, of: Any = int) -> networkx.Graph:
    graph = kind(crs="epsg:4326")
    numbers = {name: of(index) for index, name in enumerate(PLACES)}
    for name, (latitude, longitude) in PLACES.items():
        graph.add_node(numbers[name], y=latitude, x=longitude, street_count=3)
    for source, target, values in EDGES:
        graph.add_edge(numbers[source], numbers[target], osmid=[1, 2], geometry=object(), **values)
    return graph


def test_it_answers_as_the_file_of_it_does(tmp_path: Path) -> None:
    file = RoadGraph(written(tmp_path, graphml(PLACES, EDGES)))
    graph = RoadGraph.from_networkx(held(), "county")
    ours, theirs = graph.between(POINTS, POINTS), file.between(POINTS, POINTS)
    assert (ours.seconds == theirs.seconds).all()
    assert (ours.metres == theirs.metres).all()
    assert len(set(ours.seconds.ravel().tolist())) > 8, "ways differ"
    assert graph.provenance.startswith("road graph county (")
    assert "; 4 of 4 junctions used)" in graph.provenance
    assert graph.provenance.endswith("; 1 edges by their class of road, for a limit without a number")
    assert RoadGraph.from_networkx(held(), "county").provenance == graph.provenance


def test_a_graph_without_directions_goes_both_ways() -> None:
    graph = RoadGraph.from_networkx(held(networkx.Graph))
    seconds = graph.between(POINTS, POINTS).seconds
    assert (seconds == seconds.T).all()


def test_bad_edges_are_named_all_at_once_without_lines() -> None:
    graph = held()
    graph.add_edge(0, 2, length="long")
    graph.add_edge(1, 3, length=5.0, maxspeed="0 mph")
    with pytest.raises(TravelError) as refused:
        RoadGraph.from_networkx(graph, "county")
    said = str(refused.value)
    assert said.startswith("county: expected a number for length")
    assert "found length 'long' on the edge from 0 to 2" in said
    assert "found maxspeed '0 mph' on the edge from 1 to 3" in said


def test_a_projected_graph_and_one_without_roads_are_refused() -> None:
    graph = held()
    graph.nodes[0]["x"] = 598_800.0
    with pytest.raises(TravelError, match="county: expected degrees for a node's x and y: save the graph before it is projected"):
        RoadGraph.from_networkx(graph, "county")
    with pytest.raises(TravelError, match="roads: expected nodes and edges; found none"):
        RoadGraph.from_networkx(networkx.MultiDiGraph())


@pytest.mark.parametrize("seed", range(20))
def test_the_largest_set_of_junctions_that_reach_each_other(seed: int) -> None:
    """Against reachability by repeated squaring of the matrix of edges."""
    draw = random.Random(seed)
    nodes = draw.randint(2, 14)
    edges = sorted({(draw.randrange(nodes), draw.randrange(nodes)) for _ in range(draw.randint(1, 2 * nodes))})
    first = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount([tail for tail, _ in edges], minlength=nodes), out=first[1:])
    reach = np.eye(nodes, dtype=bool)
    for tail, head in edges:
        reach[tail, head] = True
    for _ in range(nodes):
        reach = (reach.astype(int) @ reach.astype(int)) > 0
    mutual = reach & reach.T
    sizes = mutual.sum(axis=1)
    expected = np.flatnonzero(mutual[int(sizes.argmax())])
    assert _mutually_reached(first, np.array([head for _, head in edges], dtype=np.int64)).tolist() == expected.tolist()
