"""A road graph from a GraphML file as OSMnx writes it, refused with a clear word where it is broken or hostile.

Nodes have ``x`` and ``y`` (or ``lon`` and ``lat``) in degrees. Edges have ``length`` in metres (or ``km``), and for the time the
first of ``travel_time`` (seconds), ``speed_kph``, ``maxspeed`` (km/h or "30 mph"; of several the lowest) and ``highway``.
"""

from __future__ import annotations

import math
import re
from array import array
from pathlib import Path
from typing import Any, NoReturn
from xml.parsers import expat

from optimiser.travel.interface import TravelError

MOST_BYTES = 2_000_000_000
MOST_PARTS = 20_000_000
"""Nodes and edges together: several times the whole of England's roads as OSMnx simplifies them."""
DEEPEST = 8
LONGEST_VALUE = 2_000
"""Characters of a value that is read; a county's geometries are longer and never are."""
KM_PER_MILE = 1.609344

OF_THE_LIMIT = 0.8
"""How much of a speed limit is driven, with its junctions and queues."""
CLASS_KPH = {
    "motorway": 100.0, "trunk": 75.0, "primary": 60.0, "secondary": 55.0, "tertiary": 50.0, "unclassified": 40.0,
    "residential": 30.0, "living_street": 15.0, "service": 15.0,
}  # fmt: skip
OTHER_KPH = 40.0

NODE_NAMES = ("x", "y", "lon", "lat")
EDGE_NAMES = ("length", "km", "travel_time", "speed_kph", "maxspeed", "highway")


class RoadFile:
    """What a file holds: nodes in degrees, and edges between their indices with metres and seconds."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self.node_index: dict[str, int] = {}
        self.latitude, self.longitude = array("d"), array("d")
        self.tail, self.head = array("q"), array("q")
        self.metres, self.seconds = array("d"), array("d")
        self.directed = True
        self._ends: list[tuple[str, str, int]] = []
        self._wanted: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._part, self._key, self._text, self._depth = "", "", "", 0
        self._ids = ("", "", "")
        self._parser = self._made_parser()
        self._read(path)
        self._join()

    def _made_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = lambda *_: self._refuse("no DOCTYPE: a road graph needs none, and it can hide harm")
        return parser

    def _read(self, path: Path) -> None:
        try:
            if path.stat().st_size > MOST_BYTES:
                self._refuse(f"at most {MOST_BYTES:,} bytes: cut the graph to the county")
            with path.open("rb") as stream:
                self._parser.ParseFile(stream)
        except OSError as error:
            raise TravelError(f"The road graph {self._name} cannot be read: {error.strerror}.") from None
        except expat.ExpatError as error:
            raise TravelError(
                f"{self._name}, line {error.lineno}: expected GraphML, as OSMnx writes it; found {expat.ErrorString(error.code)}."
            ) from None
        if not self.node_index or not self._ends:
            self._refuse("nodes and edges; found none")

    def _refuse(self, expected: str) -> NoReturn:
        raise TravelError(f"{self._name}, line {self._parser.CurrentLineNumber}: expected {expected}.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        part = name.rpartition(" ")[2]
        self._depth += 1
        if self._depth > DEEPEST or (self._depth == 1 and part != "graphml"):
            self._refuse("a graphml element with one graph of nodes and edges")
        if part == "key" and attributes.get("attr.name") in (NODE_NAMES if attributes.get("for") == "node" else EDGE_NAMES):
            self._wanted[attributes.get("id", "")] = attributes["attr.name"]
        elif part == "graph":
            self.directed = attributes.get("edgedefault") != "undirected"
        elif part in ("node", "edge"):
            self._part, self._values = part, {}
            self._ids = (attributes.get("id", ""), attributes.get("source", ""), attributes.get("target", ""))
        elif part == "data":
            self._key, self._text = self._wanted.get(attributes.get("key", ""), ""), ""

    def _characters(self, text: str) -> None:
        if self._key and len(self._text) < LONGEST_VALUE:
            self._text += text

    def _end(self, name: str) -> None:
        part = name.rpartition(" ")[2]
        self._depth -= 1
        if part == "data" and self._key:
            self._values[self._key], self._key = self._text.strip(), ""
        elif part == "node":
            self._add_node(self._ids[0])
        elif part == "edge":
            self._add_edge(*self._ids[1:])
        if len(self.node_index) + len(self._ends) > MOST_PARTS:
            self._refuse(f"at most {MOST_PARTS:,} nodes and edges: cut the graph to the county")

    def _add_node(self, node_id: str) -> None:
        latitude, longitude = self._number("y", "lat"), self._number("x", "lon")
        if not node_id or node_id in self.node_index:
            self._refuse("a node id of its own for every node")
        if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
            self._refuse("degrees for a node's x and y: save the graph before it is projected to metres")
        self.node_index[node_id] = len(self.latitude)
        self.latitude.append(latitude)
        self.longitude.append(longitude)

    def _add_edge(self, source: str, target: str) -> None:
        metres = self._number("length") if "length" in self._values else 1000 * self._number("km")
        seconds = self._number("travel_time") if "travel_time" in self._values else metres * 3.6 / self._kph()
        if metres < 0 or seconds < 0:
            self._refuse("a length and a travel time of 0 or more for an edge")
        self._ends.append((source, target, self._parser.CurrentLineNumber))
        self.metres.append(metres)
        self.seconds.append(seconds)

    def _kph(self) -> float:
        """The speed driven on the edge being read."""
        if "speed_kph" in self._values:
            kph = self._number("speed_kph")
        elif limits := _limits(self._values.get("maxspeed", "")):
            kph = OF_THE_LIMIT * min(limits)
        else:
            known = [CLASS_KPH[name] for name in re.findall(r"[a-z_]+", self._values.get("highway", "").replace("_link", ""))
                     if name in CLASS_KPH]  # fmt: skip
            kph = min(known, default=OTHER_KPH)
        if kph <= 0:
            self._refuse("a speed above 0 for an edge")
        return kph

    def _number(self, *names: str) -> float:
        text = next((self._values[name] for name in names if name in self._values), "")
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self._refuse(f"a number for {' or '.join(names)} of every {self._part}")
        return value

    def _join(self) -> None:
        """Edges may stand before their nodes: their ends are looked up when all is read."""
        for source, target, line in self._ends:
            if source not in self.node_index or target not in self.node_index:
                raise TravelError(f"{self._name}, line {line}: expected an edge between two nodes of the file.")
            self.tail.append(self.node_index[source])
            self.head.append(self.node_index[target])


def _limits(text: str) -> list[float]:
    """Speed limits in km/h in a value such as ``30 mph`` or ``['50', '30 mph']``."""
    found: list[Any] = re.findall(r"(\d{1,3}(?:\.\d+)?)\s*(mph)?", text)
    return [float(number) * (KM_PER_MILE if miles else 1.0) for number, miles in found]
