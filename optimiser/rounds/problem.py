"""One day's visits and care workers as plain arrays: all that the search sees of a day.

It is the home health care routing and scheduling problem, with visits that two make together and visits that follow others
(Mankowska, Meisel and Bierwirth 2014, *The home health care routing and scheduling problem with interdependent services*).

A *call* is a person to be visited at one time by one care worker, or by two together. A call may *follow* another: begin so much
after it, and be made by another care worker. Times are seconds from midnight, or any other unit so long as it is the same
throughout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser.domain.staffing import Worker
from optimiser.geography.travel_times.interface import Travel, degrees
from optimiser.rounds.visits_by_shift import Care

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

ALONE, TOGETHER = 0, 1
"""Whether a call is one care worker's, or has two parts that start at once, of two care workers."""

NEIGHBOURS = 15
SPREAD = 0.3
"""How much a difference of their times parts two calls, beside the way between them."""


class Prices(NamedTuple):
    """What a day costs, per unit of time."""

    travel: float = 1.0
    waiting: float = 0.0
    """Between two calls; before the first one a care worker is not yet out."""
    lateness: float = 1.0
    worst_lateness: float = 0.0
    """On top, for the latest call of all."""
    overtime: float = 0.0
    """For what lies after the end of the shift, above the longest run, or is missing of a break."""
    uneven: float = 0.0
    """For what a care worker's care lies beyond the tolerance from the even part."""
    broken_gap: float = 100.0
    """For what a call that follows another begins too early or too late after it: a limit, not a wish, so it is above all the
    lateness that breaking it could save."""


class Limits(NamedTuple):
    """What every care worker's day keeps to, or pays ``overtime`` and ``uneven`` for."""

    longest_run: float = math.inf
    """From the start of the first call to the end of the last."""
    break_after: float = math.inf
    """In a run longer than this there is, between two calls and beside the way, ``break_length`` without work."""
    break_length: float = 0.0
    even_part: float = 0.0
    """The care (``Day.care``) that is an even part, and how far from it a care worker's may be."""
    even_tolerance: float = math.inf


USUAL_PRICES, NO_LIMITS = Prices(), Limits()


@dataclass(frozen=True)
class Day:
    """The calls and care workers of one day.

    ``travel[kind, a, b]`` is the time from place a to place b for workers of a ``kind`` (who drive, or walk); ``call_place`` and
    ``base`` are places. ``may[call, part, worker]``: who has what a part of a call needs. ``given[call, worker]``: what it costs
    to give a part of the call to the worker. ``follows[call]``: the call that it follows, -1 if none; it begins ``least_gap`` to
    ``most_gap`` after that one began. Of two such calls neither has to do with a third.
    """

    travel: Floats
    call_place: Ints
    earliest: Floats
    latest: Floats
    duration: Floats
    """Shape (calls, 2); the second column counts for calls of two parts alone."""
    pairing: Ints
    least_gap: Floats
    most_gap: Floats
    may: Bools
    given: Floats
    base: Ints
    kind: Ints
    shift_starts: Floats
    shift_ends: Floats
    prices: Prices = USUAL_PRICES
    limits: Limits = NO_LIMITS
    care: Floats | None = None
    """What each part of a call counts where parts of the care are to be even, shape (calls, 2); None: its duration."""
    carried: Floats | None = None
    """Care that each worker has on other days; None: none."""
    follows: Ints | None = None
    """None: no call follows another."""

    @property
    def calls(self) -> int:
        return len(self.call_place)

    @property
    def workers(self) -> int:
        return len(self.base)

    def __post_init__(self) -> None:
        alone = self.pairing == ALONE
        if not self.may[:, 0].any(axis=1).all() or not self.may[~alone, 1].any(axis=1).all():
            raise ValueError("a call that no care worker may do: leave it out, and list it as not served")
        pairs = self.may[~alone]
        if ((pairs.sum(axis=2) == 1).all(axis=1) & (pairs[:, 0] == pairs[:, 1]).all(axis=1)).any():
            raise ValueError("a call for two that only one care worker may do: leave it out, and list it as not served")
        for call, before in self.followers:
            if not alone[call] or not alone[before]:
                raise ValueError("a call for two that follows another, or that another follows: there is no such thing")
            if (self.may[call, 0] | self.may[before, 0]).sum() < 2:
                raise ValueError("two calls for different care workers that only one may do: leave one out as not served")

    @property
    def followers(self) -> list[tuple[int, int]]:
        """The calls that follow another, each with that one."""
        follows = np.full(self.calls, -1) if self.follows is None else self.follows
        return [(call, int(follows[call])) for call in np.flatnonzero(follows >= 0).tolist()]

    @cached_property
    def near(self) -> Ints:
        """Per call the calls that are near in way and time, nearest first; shape (calls, at most NEIGHBOURS)."""
        between = self.travel[0][np.ix_(self.call_place, self.call_place)]
        apart = between + SPREAD * np.abs(self.earliest[:, None] - self.earliest[None, :])
        np.fill_diagonal(apart, np.inf)
        return np.argsort(apart, axis=1, kind="stable")[:, : min(NEIGHBOURS, max(1, self.calls - 1))].astype(np.int64)


@dataclass(frozen=True)
class Roster:
    """Who does which call, and the order in which times are given out.

    Every care worker does their calls in this one order, so no two can wait for each other in a circle.
    """

    order: Ints
    first: Ints
    """Per call the worker of its first part."""
    second: Ints
    """Per call the worker of its second part, -1 where there is none."""

    def copy(self) -> Roster:
        return Roster(self.order.copy(), self.first.copy(), self.second.copy())


def first_roster(day: Day) -> Roster:
    """Calls by their times, each to whoever has least to do: somewhere to begin."""
    order = np.argsort(day.earliest, kind="stable").astype(np.int64)
    first, second = np.zeros(day.calls, dtype=np.int64), np.full(day.calls, -1, dtype=np.int64)
    load = np.zeros(day.workers)
    other = dict(day.followers) | {before: call for call, before in day.followers}
    free = day.may[:, 0].copy()
    for call in other:
        if day.may[call, 0].sum() == 1:
            free[other[call], day.may[call, 0]] = False
    for call in order.tolist():
        pairs = [pair for pair in _pairs(day, call) if free[call, pair[0]]]
        chosen = min(pairs, key=lambda pair: (sum(load[worker] for worker in pair), pair))
        first[call] = chosen[0]
        for part, worker in enumerate(chosen):
            load[worker] += day.duration[call, part]
        if len(chosen) == 2:
            second[call] = chosen[1]
        if call in other:
            free[other[call], first[call]] = False
    return Roster(order, first, second)


def _pairs(day: Day, call: int) -> list[tuple[int, ...]]:
    able = np.flatnonzero(day.may[call, 0]).tolist()
    if day.pairing[call] == ALONE:
        return [(worker,) for worker in able]
    return [(one, two) for one in able for two in np.flatnonzero(day.may[call, 1]).tolist() if one != two]


WALKS = 1
"""The kind of those who walk, among the kinds of travellers; 0 drives."""


@dataclass(frozen=True)
class TravelMatrix:
    """Ways between a provider's places: per kind of traveller whole seconds and metres; the last place is nowhere, 0 from all."""

    place_of: dict[str, int]
    base_of: dict[str, int]
    seconds: Floats
    metres: Ints
    provenance: str


def travel_matrix_of(care: Care, known: Sequence[Worker], driving: Travel, walking: Travel) -> TravelMatrix:
    """Asked of the travel times at once for all."""
    lines = {line.package_id: line for lines in care.by_shift.values() for line in lines}
    names = sorted(lines)
    based = [worker for worker in known if worker.latitude is not None and worker.longitude is not None]
    places = degrees(
        [lines[name].latitude for name in names] + [float(worker.latitude or 0) for worker in based],
        [lines[name].longitude for name in names] + [float(worker.longitude or 0) for worker in based],
    )
    kinds = [driving] + ([walking] if any(worker.travels == "walks" for worker in known) else [])
    size = len(places) + 1
    seconds, metres = np.zeros((len(kinds), size, size)), np.zeros((len(kinds), size, size), dtype=np.int64)
    told = []
    for kind, travel in enumerate(kinds):
        if len(places):
            found = travel.matrix(places)
            seconds[kind, :-1, :-1], metres[kind, :-1, :-1] = found.seconds, found.metres
        told.append(travel.provenance)
    place_of = {name: index for index, name in enumerate(names)}
    base_of = {worker.worker_id: len(names) + index for index, worker in enumerate(based)}
    return TravelMatrix(place_of, base_of, seconds, metres, "; on foot: ".join(told))
