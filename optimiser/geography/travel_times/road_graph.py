"""Travel times on a road graph held in memory."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from optimiser.geography.grid import Metres, crow_metres, half_up, to_grid
from optimiser.geography.travel_times.graph_search import UNREACHED, ways
from optimiser.geography.travel_times.graphml import RoadFile
from optimiser.geography.travel_times.interface import Degrees, Ints, Travel, TravelTimes, same_place
from optimiser.geography.travel_times.networkx_roads import NetworkxRoads
from optimiser.geography.travel_times.not_on_map import refuse_far
from optimiser.geography.travel_times.roads import Roads
from optimiser.geography.travel_times.straight_line import DRIVING, StraightLineTravel

if TYPE_CHECKING:
    from networkx import Graph


class RoadGraph(Travel):
    """The quickest way by the roads of a file. From a place to its nearest junction it is the straight line's time.

    Only junctions from which all others can be reached and come back count: a cut-off scrap of road strands nobody.
    """

    def __init__(self, path: Path, off_road: StraightLineTravel = DRIVING) -> None:
        roads = RoadFile(path)
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
        self._hold(roads, path.name, digest.hexdigest(), off_road)

    @classmethod
    def from_networkx(cls, graph: Graph[Any], name: str = "roads", off_road: StraightLineTravel = DRIVING) -> RoadGraph:
        """The same of a graph that networkx holds, such as OSMnx's: directed or not, with or without parallel edges.

        ``name``: what it is called where travel times are told of. Raises ``TravelError`` with every edge that cannot be used.
        """
        roads = NetworkxRoads(graph, name)
        digest = hashlib.sha256()
        for values in (roads.latitude, roads.longitude, roads.tail, roads.head, roads.seconds, roads.metres):
            digest.update(values.tobytes())
        made = cls.__new__(cls)
        made._hold(roads, name, digest.hexdigest(), off_road)
        return made

    def _hold(self, roads: Roads, name: str, digest: str, off_road: StraightLineTravel) -> None:
        from shapely import STRtree, points

        self._off_road = off_road
        self._first, self._head, self._seconds, self._metres = _rows(roads)
        self._kept = _mutually_reached(self._first, self._head)
        self._grid = to_grid(list(roads.latitude), list(roads.longitude))[self._kept]
        self._tree = STRtree(points(self._grid))
        self._name = name
        self.provenance = (
            f"road graph {name} ({digest[:12]}; {len(self._kept):,} of {len(self._first) - 1:,} junctions used),"
            f" {off_road.minutes_to_park:g} minutes to park"
        )
        if roads.limits_without_number:
            self.provenance += f"; {roads.limits_without_number:,} edges by their class of road, for a limit without a number"

    def between(self, origins: Degrees, destinations: Degrees) -> TravelTimes:
        start, start_gap = self._nearest(origins)
        end, end_gap = self._nearest(destinations)
        from_nodes, from_row = np.unique(start, return_inverse=True)
        to_nodes, to_column = np.unique(end, return_inverse=True)
        found, length = ways(self._first, self._head, self._seconds, self._metres, self._kept[from_nodes], self._kept[to_nodes])
        assert (found != UNREACHED).all(), "kept junctions reach each other"
        gap = start_gap[:, None] + end_gap[None, :]
        off = self._off_road
        seconds = half_up(
            found[np.ix_(from_row, to_column)] + gap * (off.seconds_per_kilometre / 1000) + off.minutes_to_park * 60
        )
        metres = half_up(length[np.ix_(from_row, to_column)] + gap * off.detour)
        beside = start[:, None] == end[None, :]  # at one junction: straight across, not by way of it
        across = off.between(origins, destinations)
        seconds[beside], metres[beside] = across.seconds[beside], across.metres[beside]
        same = same_place(origins, destinations)
        seconds[same], metres[same] = 0, 0
        return TravelTimes(seconds, metres, self.provenance)

    def _nearest(self, places: Degrees) -> tuple[Ints, Metres]:
        """The nearest junction of each place, and the metres to it as the crow flies."""
        from shapely import points

        grid = to_grid(places[:, 0].tolist(), places[:, 1].tolist())
        if not len(grid):
            return np.empty(0, dtype=np.int64), np.empty(0)
        nearest = np.asarray(self._tree.nearest(points(grid)), dtype=np.int64)
        gap = crow_metres(grid, self._grid[nearest])
        refuse_far(gap, self._name, "graph")
        return nearest, gap


def _rows(file: Roads) -> tuple[Ints, Ints, Metres, Metres]:
    """The edges by the node that they leave; both ways where the graph has no directions."""
    tail, head = np.array(file.tail, dtype=np.int64), np.array(file.head, dtype=np.int64)
    seconds, metres = np.array(file.seconds), np.array(file.metres)
    if not file.directed:
        tail, head = np.concatenate((tail, head)), np.concatenate((head, tail))
        seconds, metres = np.tile(seconds, 2), np.tile(metres, 2)
    order = np.lexsort((metres, seconds, head, tail))  # of equal ways always the same one, whatever the order of the file
    first = np.zeros(len(file.latitude) + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail, minlength=len(file.latitude)), out=first[1:])
    return first, head[order], seconds[order], metres[order]


def _mutually_reached(first: Ints, head: Ints) -> Ints:
    """The nodes of the largest set in which each is reached from each; of equal ones that with the first node of the file."""
    from networkx import DiGraph, strongly_connected_components

    graph: DiGraph[int] = DiGraph()
    graph.add_nodes_from(range(len(first) - 1))
    graph.add_edges_from(zip(np.repeat(np.arange(len(first) - 1), np.diff(first)).tolist(), head.tolist(), strict=True))
    largest = max(strongly_connected_components(graph), key=lambda nodes: (len(nodes), -min(nodes)))
    return np.array(sorted(largest), dtype=np.int64)
