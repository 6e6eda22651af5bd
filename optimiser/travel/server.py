"""Travel times from a routing server of the council's own: OSRM or Valhalla.

Off unless its address is set. What it learns: places, in batches of shuffled order, without ids, times or who lives there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import SystemRandom
from typing import Any, Protocol

import numpy as np

from optimiser.travel.cache import UNKNOWN, Place, PlaceCache
from optimiser.travel.interface import Degrees, Ints, Travel, TravelError, TravelTimes
from optimiser.travel.wire import Wire

Answer = tuple[list[list[Any]], list[list[Any]]]
"""Seconds and metres by origin and destination; None where the server knows no way."""
LONGEST = 10_000_000
"""Seconds or metres of a way: beyond it an answer is nonsense."""


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
        answer = wire.ask(f"/table/v1/driving/{places}?{query}")
        return answer.get("durations") or [], answer.get("distances") or []


class Valhalla:
    """Valhalla's matrix service: seconds and kilometres. https://valhalla.github.io/valhalla/api/matrix/api-reference/"""

    name = "Valhalla"

    def ask(self, wire: Wire, origins: list[Place], destinations: list[Place]) -> Answer:
        asked = {
            "sources": [{"lat": lat, "lon": lon} for lat, lon in origins],
            "targets": [{"lat": lat, "lon": lon} for lat, lon in destinations],
            "costing": "auto",
            "units": "kilometers",
        }
        rows = wire.ask("/sources_to_targets", json.dumps(asked).encode()).get("sources_to_targets") or []
        try:
            seconds = [[cell["time"] for cell in row] for row in rows]
            metres = [[None if cell["distance"] is None else cell["distance"] * 1000 for cell in row] for row in rows]
        except (TypeError, KeyError):
            raise wire.failed("its answer is not in the form of Valhalla's matrix") from None
        return seconds, metres


@dataclass
class ServerTravel(Travel):
    """Asks a server for what it has not told yet, in blocks of at most ``batch`` origins and destinations."""

    wire: Wire
    dialect: Dialect
    minutes_to_park: float = 4.0
    batch: int = 50
    """OSRM takes 100 places in one request and Valhalla 50 by 50 unless they are set otherwise."""
    _cache: PlaceCache = field(default_factory=PlaceCache, init=False)

    @property
    def provenance(self) -> str:  # type: ignore[override]
        return f"{self.dialect.name} server {self.wire.name}, driving, {self.minutes_to_park:g} minutes to park"

    def between(self, origins: Degrees, destinations: Degrees) -> TravelTimes:
        starts, ends = self._cache.indices(origins), self._cache.indices(destinations)
        self._learn(np.unique(starts), np.unique(ends))
        seconds = self._cache.seconds[np.ix_(starts, ends)].astype(np.int64)
        metres = self._cache.metres[np.ix_(starts, ends)].astype(np.int64)
        seconds[starts[:, None] != ends[None, :]] += round(self.minutes_to_park * 60)
        return TravelTimes(seconds, metres, self.provenance)

    def _learn(self, starts: Ints, ends: Ints) -> None:
        """Ask for every block in which a way is not known. Shuffled: the order would tell of rounds and people."""
        unknown = self._cache.seconds[np.ix_(starts, ends)] == UNKNOWN
        asked_from, asked_to = starts[unknown.any(axis=1)].tolist(), ends[unknown.any(axis=0)].tolist()
        chance = SystemRandom()
        chance.shuffle(asked_from)
        chance.shuffle(asked_to)
        for rows in _batches(asked_from, self.batch):
            for columns in _batches(asked_to, self.batch):
                if (self._cache.seconds[np.ix_(rows, columns)] == UNKNOWN).any():
                    self._ask(rows, columns)

    def _ask(self, rows: list[int], columns: list[int]) -> None:
        places = self._cache.places
        told = self.dialect.ask(self.wire, [places[row] for row in rows], [places[column] for column in columns])
        seconds, metres = (self._whole(table, len(rows), len(columns)) for table in told)
        same = np.array(rows)[:, None] == np.array(columns)[None, :]
        seconds[same] = metres[same] = 0
        self._cache.seconds[np.ix_(rows, columns)], self._cache.metres[np.ix_(rows, columns)] = seconds, metres

    def _whole(self, table: list[list[Any]], rows: int, columns: int) -> Ints:
        """Whole numbers, half up, of the form that was asked for; anything else is refused."""
        try:
            lost = sum(cell is None for row in table for cell in row)
            numbers = np.array([[np.nan if cell is None else float(cell) for cell in row] for row in table], dtype=np.float64)
        except (TypeError, ValueError):
            raise self.wire.failed("its answer holds what is not a number") from None
        if lost:
            raise TravelError(
                f"The server {self.wire.name} knows no way for {lost} of {rows * columns} ways asked for at once: its map"
                " does not hold these places' roads, or a place is wrong. See that its map covers the county, or choose"
                " another source with --travel."
            )
        if numbers.shape != (rows, columns) or not ((numbers >= 0) & (numbers <= LONGEST)).all():
            raise self.wire.failed("its answer is not a table of the size asked for, with seconds and metres of 0 or more")
        return np.floor(numbers + 0.5).astype(np.int64)


def _batches(numbers: list[int], size: int) -> Iterable[list[int]]:
    return (numbers[at : at + size] for at in range(0, len(numbers), size))
