"""A road graph from a GraphML file as OSMnx writes it, refused with a clear word where it is broken or hostile.

What nodes and edges have to hold is said in ``roads``. A key may have a default.
"""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from optimiser.geography.travel_times.interface import TravelError
from optimiser.geography.travel_times.roads import NAMES, Roads

MOST_BYTES = 2_000_000_000
DEEPEST = 8
LONGEST_VALUE = 2_000
"""Characters of a value that is read; a county's geometries are longer and never are."""


class RoadFile(Roads):
    """What a file holds, read value by value, without keeping the tree."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self._wanted: dict[str, dict[str, str]] = {part: {} for part in NAMES}
        self._defaults: dict[str, dict[str, str]] = {part: {} for part in NAMES}
        self._key, self._text, self._depth = "", "", 0
        self._key_id = ""
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

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        part = name.rpartition(" ")[2]
        self._depth += 1
        if self._depth > DEEPEST or (self._depth == 1 and part != "graphml"):
            self._refuse("a graphml element with one graph of nodes and edges")
        if part == "key":
            self._want(attributes)
        elif part == "graph":
            self.directed = attributes.get("edgedefault") != "undirected"
        elif part in NAMES:
            self._part, self._values = part, dict(self._defaults[part])
            self._ids = (attributes.get("id", ""), attributes.get("source", ""), attributes.get("target", ""))
        elif part == "data" and self._part:
            self._key, self._text = self._wanted[self._part].get(attributes.get("key", ""), ""), ""
        elif part == "default":
            self._key, self._text = "default", ""

    def _want(self, attributes: dict[str, str]) -> None:
        """A key of nodes, of edges, or of all, if we use what it is called."""
        self._key_id, name = attributes.get("id", ""), attributes.get("attr.name", "")
        for part, names in NAMES.items():
            if attributes.get("for", "all") in (part, "all") and name in names:
                self._wanted[part][self._key_id] = name

    def _characters(self, text: str) -> None:
        if self._key and len(self._text) < LONGEST_VALUE:
            self._text += text

    def _end(self, name: str) -> None:
        part = name.rpartition(" ")[2]
        self._depth -= 1
        if part == "data" and self._key:
            self._values[self._key], self._key = self._text.strip(), ""
        elif part == "default":
            self._key = ""
            for of, wanted in self._wanted.items():
                if self._key_id in wanted:
                    self._defaults[of][wanted[self._key_id]] = self._text.strip()
        elif part == "node":
            self._add_node(self._ids[0])
            self._part = ""
        elif part == "edge":
            self._add_edge(*self._ids[1:])
            self._part = ""
        self._refuse_too_large()
