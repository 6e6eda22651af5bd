"""The columns that the compiled search works on. A *run* is one round on one day; times are seconds from midnight."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.problem import Bools, Ints

Lines = NDArray[np.void]
NOWHERE, HERE = -1, -2
"""In place of a place: none, and the person's who is tried. They are the last two of every column of ways, where 0 stands."""
NONE = 1 << 60
"""What is dearer than anything."""

RUN = np.dtype(
    [
        (name, np.int64)
        for name in ("round", "day", "worker", "base", "walks", "floor", "cap", "break_before", "break_seconds", "first", "stops")
    ]
)
"""``round``, ``worker``: numbers within the shift. ``base``: the place of the worker, who may begin from ``floor`` on and has
to end by ``cap``. ``break_before``: the stop before which the break is kept, -1: none is needed. ``first``: the first line of
its stops. A run without stops is not there any more."""

STOP = np.dtype([(name, np.int64) for name in ("visit", "place", "start", "end", "latest", "until", "travel", "extra")])
"""``visit``: its number within the shift; of one that is being tried -1 less its number. ``latest``: how late it may begin;
``until``: the same, so that all after it keep to theirs. ``travel``: to it. ``extra``: of one tried, how much more travel."""

GAP = np.dtype([(name, np.int64) for name in ("run", "position", "lowest", "highest", "extra")])
"""Into which a visit goes, between ``lowest`` and ``highest``; ``position``: how many stops stand before."""

CELL = np.dtype([(name, np.int64) for name in ("extra", "one", "other")])
"""What a round, or two, would ask on a day, and the gaps taken; ``other`` -1 for one care worker."""


class PersonTravel(NamedTuple):
    """Seconds to a person from each place and back, by car and on foot."""

    there: Ints
    back: Ints
    there_walking: Ints
    back_walking: Ints


class VisitToInsert(NamedTuple):
    """A visit to be put into rounds."""

    number: int
    earliest: int
    latest: int
    seconds: int
    workers: int
    leeway: int
    """How far apart it may start on different days; NONE where its time is not critical."""


class Workspace(NamedTuple):
    """Where a search puts what it finds; made beforehand, because compiled code makes no arrays."""

    gaps: Lines
    """A line for each gap of each run at most."""
    table: Lines
    """Of cells: a line per round, or per two, and a column per day."""
    chosen: Ints
    """Per day the two gaps taken, -1 where none is."""
    wanted: Bools
    """Per day whether the visit is still to be placed."""
