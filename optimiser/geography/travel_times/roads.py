"""The junctions and roads of a graph, wherever it comes from, with what is wrong told all at once.

Nodes have ``x`` and ``y`` (or ``lon`` and ``lat``) in degrees. Edges have ``length`` in metres (or ``km``), and for the time the
first of ``travel_time`` (seconds), ``speed_kph``, ``maxspeed`` (see ``speed_limits``) and ``highway``.
"""

from __future__ import annotations

import math
import re
from array import array
from dataclasses import dataclass, field
from typing import NoReturn

from optimiser.geography.travel_times.interface import TravelError
from optimiser.geography.travel_times.speed_limits import NoLimitError, lowest_limit

MOST_PARTS = 20_000_000
"""Nodes and edges together: several times the whole of England's roads as OSMnx simplifies them."""
OF_THE_LIMIT = 0.8
"""How much of a speed limit is driven, with its junctions and queues."""
CLASS_KPH = {
    "motorway": 100.0, "trunk": 75.0, "primary": 60.0, "secondary": 55.0, "tertiary": 50.0, "unclassified": 40.0,
    "residential": 30.0, "living_street": 15.0, "service": 15.0,
}  # fmt: skip
OTHER_KPH = 40.0

NAMES = {
    "node": ("x", "y", "lon", "lat"), "edge": ("length", "km", "travel_time", "speed_kph", "maxspeed", "highway"),
}  # fmt: skip
A_LIMIT = "a speed above 0 for an edge, with a maxspeed such as 50, 30 mph or GB:nsl_single"


class _BadValueError(Exception):
    """What was expected of the node or edge being read, and what it holds."""

    def __init__(self, expected: str, found: str) -> None:
        self.expected, self.found = expected, found


class Roads:
    """Nodes in degrees, and edges between their indices with metres and seconds. Filled by those who read one kind of graph."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.node_index: dict[str, int] = {}
        self.latitude, self.longitude = array("d"), array("d")
        self.tail, self.head = array("q"), array("q")
        self.metres, self.seconds = array("d"), array("d")
        self.directed = True
        self.limits_without_number = 0
        """Edges whose maxspeed is a word such as ``none`` or ``signals``: the class of road counts there."""
        self._ends: list[tuple[str, str, int]] = []
        self._bad = BadEdges()
        self._part = ""
        self._values: dict[str, str] = {}
        """Of the node or edge being read, as texts."""

    @property
    def _line(self) -> int:
        """The line being read; 0 where there are no lines."""
        return 0

    def _refuse(self, expected: str) -> NoReturn:
        where = f", line {self._line}" if self._line else ""
        raise TravelError(f"{self._name}{where}: expected {expected}.")

    def _refuse_too_large(self) -> None:
        if len(self.node_index) + len(self._ends) > MOST_PARTS:
            self._refuse(f"at most {MOST_PARTS:,} nodes and edges: cut the graph to the county")

    def _add_node(self, node_id: str) -> None:
        try:
            latitude, longitude = self._number("y", "lat"), self._number("x", "lon")
        except _BadValueError as bad:
            self._refuse(f"{bad.expected}; found {bad.found or 'none'} at node {shortened(node_id)}")
        if not node_id or node_id in self.node_index:
            self._refuse(f"a node id of its own for every node; found {shortened(node_id)!r} again")
        if not -90 <= latitude <= 90 or not -180 <= longitude <= 180:
            self._refuse("degrees for a node's x and y: save the graph before it is projected to metres")
        self.node_index[node_id] = len(self.latitude)
        self.latitude.append(latitude)
        self.longitude.append(longitude)

    def _add_edge(self, source: str, target: str) -> None:
        try:
            metres, seconds = self._metres_and_seconds()
        except _BadValueError as bad:
            self._bad.add(bad.expected, bad.found, (source, target), self._line)
            metres, seconds = 0.0, 0.0
        self._ends.append((source, target, self._line))
        self.metres.append(metres)
        self.seconds.append(seconds)

    def _metres_and_seconds(self) -> tuple[float, float]:
        metres = self._number("length") if "length" in self._values else 1000 * self._number("km")
        seconds = self._number("travel_time") if "travel_time" in self._values else metres * 3.6 / self._kph()
        if metres < 0 or seconds < 0:
            found = [self._found(name) for name in ("length", "km", "travel_time") if self._values.get(name, "").startswith("-")]
            raise _BadValueError("a length and a travel time of 0 or more for an edge", found[0])
        return metres, seconds

    def _kph(self) -> float:
        """The speed driven on the edge being read."""
        if "speed_kph" in self._values:
            kph = self._number("speed_kph")
            if kph <= 0:
                raise _BadValueError(A_LIMIT, self._found("speed_kph"))
            return kph
        try:
            limit = lowest_limit(self._values.get("maxspeed", ""))
        except NoLimitError:
            raise _BadValueError(A_LIMIT, self._found("maxspeed")) from None
        if limit is not None:
            return OF_THE_LIMIT * limit
        self.limits_without_number += bool(self._values.get("maxspeed"))
        known = [CLASS_KPH[name] for name in re.findall(r"[a-z_]+", self._values.get("highway", "").replace("_link", ""))
                 if name in CLASS_KPH]  # fmt: skip
        return min(known, default=OTHER_KPH)

    def _found(self, name: str) -> str:
        return f"{name} '{shortened(self._values[name])}'" if self._values.get(name) else ""

    def _number(self, *names: str) -> float:
        name = next((name for name in names if name in self._values), "")
        try:
            value = float(self._values.get(name, ""))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise _BadValueError(f"a number for {' or '.join(names)} of every {self._part}", self._found(name))
        return value

    def _join(self) -> None:
        """Edges may stand before their nodes: their ends are looked up when all is read. All bad edges are told at once."""
        for source, target, line in self._ends:
            tail, head = self.node_index.get(source, -1), self.node_index.get(target, -1)
            if tail < 0 or head < 0:
                missing = shortened(source if tail < 0 else target)
                self._bad.add("an edge between two nodes of the file", f"no node '{missing}'", (source, target), line)
            self.tail.append(tail)
            self.head.append(head)
        self._bad.refuse(self._name)


MOST_GROUPS = 10
MOST_NAMED = 5
MOST_CHARACTERS = 40


@dataclass
class _Group:
    line: int
    count: int = 0
    named: list[str] = field(default_factory=list)


class BadEdges:
    """Collects what is wrong while a file is read."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], _Group] = {}
        self._others = 0

    def add(self, expected: str, found: str, ends: tuple[str, str], line: int) -> None:
        """``found``: the value, with its name; nothing where there is none."""
        key = (expected, found)
        if key not in self._groups and len(self._groups) == MOST_GROUPS:
            self._others += 1
            return
        group = self._groups.setdefault(key, _Group(line))
        group.count += 1
        if len(group.named) < MOST_NAMED:
            group.named.append(f"{shortened(ends[0])} to {shortened(ends[1])}")

    def refuse(self, file: str) -> None:
        """Raises ``TravelError`` if there are any."""
        if self._groups:
            told = [_said(*key, group) for key, group in self._groups.items()]
            more = f" And {self._others:,} more edges for other reasons." if self._others else ""
            after = "," if told[0].startswith("line ") else ":"
            raise TravelError(f"{file}{after} {' '.join(told)}{more} Correct them, or take them out.")


def _said(expected: str, found: str, group: _Group) -> str:
    more = group.count - len(group.named)
    edges = f"the edge from {group.named[0]}" if group.count == 1 else f"{group.count:,} edges: from {', '.join(group.named)}"
    line = f"line {group.line}: " if group.line else ""
    return (
        f"{line}expected {expected}; found {found or 'none'} on {edges}"
        + (f" and {more:,} more" if more else "") + "."
    )  # fmt: skip


def shortened(text: str) -> str:
    """A value of a file as a message may hold it."""
    clean = "".join(character if character.isprintable() else "?" for character in text)
    return clean if len(clean) <= MOST_CHARACTERS else clean[: MOST_CHARACTERS - 1] + "…"
