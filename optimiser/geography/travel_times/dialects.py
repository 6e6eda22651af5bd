"""How each kind of routing server is asked, and how it says where on its roads it has put a place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from optimiser.geography.travel_times.interface import DECIMALS, Place
from optimiser.geography.travel_times.not_on_map import FARTHEST_METRES, Spot, metres_to_road
from optimiser.geography.travel_times.wire import ServerRefusedError, Wire

Table = list[list[Any]]
NOT_SAID = "its answer does not say where on its roads the places lie"
NO_ROAD_NEAR, NO_WAY_AT_ALL = "171", "442"
"""Valhalla's refusals of a whole table: for a single place without a road within 35 km, and for want of any way."""
LOCATED_AT_ONCE = 20
"""As many places as Valhalla takes in one request for anything but a matrix, unless it is set otherwise."""


@dataclass(frozen=True)
class Answer:
    """Seconds and metres by origin and destination, None where the server knows no way; and where it has put each place."""

    seconds: Table
    metres: Table
    origins: Sequence[Spot]
    destinations: Sequence[Spot]


class Dialect(Protocol):
    """How a kind of server is asked."""

    name: str

    def ask(self, wire: Wire, origins: list[Place], destinations: list[Place]) -> Answer: ...


class Osrm:
    """OSRM's table service: seconds and metres. https://project-osrm.org/docs/v5.24.0/api/#table-service"""

    name = "OSRM"

    def ask(self, wire: Wire, origins: list[Place], destinations: list[Place]) -> Answer:
        places = ";".join(f"{lon:.5f},{lat:.5f}" for lat, lon in (*origins, *destinations))
        sources = ";".join(map(str, range(len(origins))))
        targets = ";".join(str(len(origins) + number) for number in range(len(destinations)))
        query = f"sources={sources}&destinations={targets}&annotations=duration,distance"
        told = wire.ask(f"/table/v1/driving/{places}?{query}")
        return Answer(
            told.get("durations") or [],
            told.get("distances") or [],
            [_waypoint(each) for each in _list(told.get("sources"))],
            [_waypoint(each) for each in _list(told.get("destinations"))],
        )


def _waypoint(record: Any) -> Spot:
    """OSRM's ``location``, east first. Its ``distance`` would be the same, and is missing from older servers' answers."""
    try:
        east, north = map(float, record["location"])
    except (TypeError, ValueError, KeyError):
        return None
    return north, east


@dataclass
class Valhalla:
    """Valhalla's matrix service: seconds and kilometres. https://valhalla.github.io/valhalla/api/matrix/api-reference/

    Newer servers tell in ``sources`` and ``targets`` where they have put each place; older ones repeat what was asked. Those, and
    any that refuse a table for want of a road or of any way, are asked with ``/locate``, once for each place.
    """

    name = "Valhalla"
    located: dict[Place, Spot] = field(default_factory=dict)

    def ask(self, wire: Wire, origins: list[Place], destinations: list[Place]) -> Answer:
        asked = {
            "sources": _locations(origins),
            "targets": _locations(destinations),
            "costing": "auto",
            "units": "kilometers",
            "verbose": True,
        }
        places = [*origins, *destinations]
        try:
            told = wire.ask("/sources_to_targets", json.dumps(asked).encode())
        except ServerRefusedError as refused:
            spots = self._why_nothing(wire, places, refused)
            seconds = metres = [[None] * len(destinations) for _ in origins]
        else:
            seconds, metres = _tables(wire, told.get("sources_to_targets") or [])
            spots = [_spot(each, "lat", "lon") for each in (*_list(told.get("sources")), *_list(told.get("targets")))]
            if len(spots) != len(places) or _repeats(places, spots):
                spots = self._locate(wire, places)
        return Answer(seconds, metres, spots[: len(origins)], spots[len(origins) :])

    def _why_nothing(self, wire: Wire, places: list[Place], refused: ServerRefusedError) -> list[Spot]:
        """Where the places lie says why there is no table, if it was refused for want of them; else the refusal stands."""
        if refused.code not in (NO_ROAD_NEAR, NO_WAY_AT_ALL):
            raise refused
        spots = self._locate(wire, places)
        if refused.code == NO_ROAD_NEAR and (metres_to_road(places, spots) <= FARTHEST_METRES).all():
            raise refused
        return spots

    def _locate(self, wire: Wire, places: list[Place]) -> list[Spot]:
        new = [place for place in dict.fromkeys(places) if place not in self.located]
        for at in range(0, len(new), LOCATED_AT_ONCE):
            some = new[at : at + LOCATED_AT_ONCE]
            asked = {"locations": _locations(some), "costing": "auto", "verbose": False}
            told = wire.ask_list("/locate", json.dumps(asked).encode())
            if len(told) != len(some):
                raise wire.failed(NOT_SAID)
            self.located |= {place: _nearest_edge(place, each) for place, each in zip(some, told, strict=True)}
        return [self.located[place] for place in places]


def _tables(wire: Wire, rows: Any) -> tuple[Table, Table]:
    try:
        seconds = [[cell["time"] for cell in row] for row in rows]
        metres = [[None if cell["distance"] is None else cell["distance"] * 1000 for cell in row] for row in rows]
    except (TypeError, KeyError):
        raise wire.failed("its answer is not in the form of Valhalla's matrix") from None
    return seconds, metres


def _locations(places: list[Place]) -> list[dict[str, float]]:
    return [{"lat": north, "lon": east} for north, east in places]


def _nearest_edge(place: Place, record: Any) -> Spot:
    """Of the roads that ``/locate`` names for a place, the nearest point; it names none where there is none within 35 km."""
    edges = _list(record.get("edges")) if isinstance(record, dict) else []
    spots = [_spot(edge, "correlated_lat", "correlated_lon") for edge in edges]
    return min(filter(None, spots), key=lambda spot: float(metres_to_road([place], [spot])[0]), default=None)


def _spot(record: Any, north: str, east: str) -> Spot:
    try:
        return float(record[north]), float(record[east])
    except (TypeError, ValueError, KeyError):
        return None


def _list(value: Any) -> list[Any]:
    """A list, also where an old server has put it into another."""
    if not isinstance(value, list):
        return []
    return value[0] if len(value) == 1 and isinstance(value[0], list) else value


def _repeats(places: Sequence[Place], spots: Sequence[Spot]) -> bool:
    """Whether a server only says again what it was asked: that every place lies in the middle of a road happens to nobody."""
    told = [None if spot is None else (round(spot[0], DECIMALS), round(spot[1], DECIMALS)) for spot in spots]
    return told == [(round(north, DECIMALS), round(east, DECIMALS)) for north, east in places]
