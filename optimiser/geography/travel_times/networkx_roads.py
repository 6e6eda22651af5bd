"""A road graph that networkx holds, as OSMnx makes one: read as the file that OSMnx would save of it, attribute by attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optimiser.geography.travel_times.roads import NAMES, Roads

if TYPE_CHECKING:
    from networkx import Graph


class NetworkxRoads(Roads):
    """Raises ``TravelError`` with every edge that cannot be used."""

    def __init__(self, graph: Graph[Any], name: str) -> None:
        super().__init__(name)
        self.directed = graph.is_directed()
        for node, values in graph.nodes(data=True):
            self._take("node", values)
            self._add_node(str(node))
        for source, target, values in graph.edges(data=True):
            self._take("edge", values)
            self._add_edge(str(source), str(target))
            self._refuse_too_large()
        if not self.node_index or not self._ends:
            self._refuse("nodes and edges; found none")
        self._join()

    def _take(self, part: str, values: dict[str, Any]) -> None:
        """Lists, such as several limits along one way, are written as OSMnx writes them."""
        self._part = part
        self._values = {name: str(values[name]) for name in NAMES[part] if values.get(name) is not None}
