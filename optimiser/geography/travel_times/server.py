"""Travel times from a routing server of the council's own: OSRM or Valhalla.

Off unless its address is set. What it learns: places, in batches of shuffled order, without ids, times or who lives there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import SystemRandom

import numpy as np
from numpy.typing import NDArray

from optimiser.geography.travel_times.dialects import NOT_SAID, Dialect, Table
from optimiser.geography.travel_times.interface import UNKNOWN, Degrees, Ints, PlaceCache, Travel, TravelTimes
from optimiser.geography.travel_times.not_on_map import Pair, Spot, metres_to_road, refuse_far, refuse_unreachable
from optimiser.geography.travel_times.wire import Wire

LONGEST = 10_000_000
"""Seconds or metres of a way: beyond it an answer is nonsense."""


@dataclass
class ServerTravel(Travel):
    """Asks a server for what it has not told yet, in blocks of at most ``batch`` origins and destinations."""

    wire: Wire
    dialect: Dialect
    minutes_to_park: float = 4.0
    batch: int = 50
    """OSRM takes 100 places in one request and Valhalla 50 by 50 unless they are set otherwise."""
    _cache: PlaceCache = field(default_factory=PlaceCache, init=False)
    _gaps: dict[int, float] = field(default_factory=dict, init=False)
    """Metres from a place, by its number in the cache, to the road that the server put it on."""

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
        """Ask for every block in which a way is not known. Shuffled: the order would tell of rounds and people.

        First the blocks in which every place is named once, so that a map of another region is refused before all is asked.
        """
        unknown = self._cache.seconds[np.ix_(starts, ends)] == UNKNOWN
        asked_from, asked_to = starts[unknown.any(axis=1)].tolist(), ends[unknown.any(axis=0)].tolist()
        chance = SystemRandom()
        chance.shuffle(asked_from)
        chance.shuffle(asked_to)
        rows, columns = list(_batches(asked_from, self.batch)), list(_batches(asked_to, self.batch))
        blocks = [(i, j) for i in range(len(rows)) for j in range(len(columns))]
        lost: list[Pair] = []
        for first in (True, False):
            for i, j in blocks:
                if (min(i, j) == 0) == first and (self._cache.seconds[np.ix_(rows[i], columns[j])] == UNKNOWN).any():
                    lost += self._ask(rows[i], columns[j])
            gaps = [self._gaps[place] for place in np.union1d(starts, ends).tolist() if place in self._gaps]
            refuse_far(np.array(gaps), f"the server {self.wire.name}", "map")
        refuse_unreachable(lost, int((starts[:, None] != ends[None, :]).sum()), self.wire.name)

    def _ask(self, rows: list[int], columns: list[int]) -> list[Pair]:
        """Remember what the server tells of a block; the pairs without a way."""
        places = self._cache.places
        told = self.dialect.ask(self.wire, [places[row] for row in rows], [places[column] for column in columns])
        (seconds, no_time), (metres, no_length) = (
            self._whole(each, len(rows), len(columns)) for each in (told.seconds, told.metres)
        )
        self._remember_gaps(rows, told.origins)
        self._remember_gaps(columns, told.destinations)
        same = np.array(rows)[:, None] == np.array(columns)[None, :]
        seconds[same] = metres[same] = 0
        lost = (no_time | no_length) & ~same
        seconds[lost] = metres[lost] = UNKNOWN
        self._cache.seconds[np.ix_(rows, columns)], self._cache.metres[np.ix_(rows, columns)] = seconds, metres
        return [(places[rows[row]], places[columns[column]]) for row, column in np.argwhere(lost)]

    def _remember_gaps(self, numbers: list[int], spots: Sequence[Spot]) -> None:
        if len(spots) != len(numbers):
            raise self.wire.failed(NOT_SAID)
        gaps = metres_to_road([self._cache.places[number] for number in numbers], spots)
        self._gaps |= dict(zip(numbers, gaps.tolist(), strict=True))

    def _whole(self, table: Table, rows: int, columns: int) -> tuple[Ints, NDArray[np.bool_]]:
        """Whole numbers, half up, of the form that was asked for, and where there is none; anything else is refused."""
        try:
            lost = np.array([[cell is None for cell in row] for row in table], dtype=np.bool_)
            numbers = np.array([[0.0 if cell is None else float(cell) for cell in row] for row in table], dtype=np.float64)
        except (TypeError, ValueError):
            raise self.wire.failed("its answer holds what is not a number") from None
        if numbers.shape != (rows, columns) or not ((numbers >= 0) & (numbers <= LONGEST)).all():
            raise self.wire.failed("its answer is not a table of the size asked for, with seconds and metres of 0 or more")
        return np.floor(numbers + 0.5).astype(np.int64), lost


def _batches(numbers: list[int], size: int) -> Iterable[list[int]]:
    return (numbers[at : at + size] for at in range(0, len(numbers), size))
