"""Where the search begins: compact clusters of visits with even parts of the care.

Capacitated clustering by Mulvey and Beck (1984, *Solving capacitated clustering problems*): every call goes to the nearest median
with room, those who lose most by a second choice first; then medians are chosen anew. The first medians are far from each other
(Gonzalez 1985, *Clustering to minimize the maximum intercluster distance*).
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.problem import ALONE, Day, Ints, Roster

TURNS = 8


def clustered_roster(day: Day) -> Roster:
    """Neighbouring calls to one worker, with even times of care; a call for two goes to two workers whose medians are near."""
    calls, workers = day.calls, day.workers
    way = day.travel[0][np.ix_(day.call_place, day.call_place)]
    care = day.duration[:, 0] + np.where(day.pairing == ALONE, 0, day.duration[:, 1])
    medians = _farthest_first(way, workers)
    first, second = np.zeros(calls, dtype=np.int64), np.full(calls, -1, dtype=np.int64)
    for _ in range(TURNS):
        first, second = _assigned_by_regret(day, way[:, medians], care.sum() / workers)
        medians = _medians(way, first, second, medians)
    return Roster(np.argsort(day.earliest, kind="stable").astype(np.int64), first, second)


def crewed_roster(day: Day) -> Roster:
    """The same, but the calls for two go to fixed crews: as many pairs of neighbours as these calls have even parts of care."""
    begun = clustered_roster(day)
    calls = np.flatnonzero(day.pairing != ALONE)
    way = day.travel[0][np.ix_(day.call_place, day.call_place)]
    medians = _medians(way, begun.first, begun.second, np.zeros(day.workers, dtype=np.int64))
    care = day.duration[:, 0] + np.where(day.pairing == ALONE, 0, day.duration[:, 1])
    pairs = max(1, round(float(care[calls].sum() / care.sum()) * day.workers / 2))
    crews = _crews(way[np.ix_(medians, medians)], np.bincount(begun.first[calls], minlength=day.workers), pairs)
    load = np.zeros(len(crews))
    for call in calls.tolist():
        able = [day.may[call, 0, one] and day.may[call, 1, other] for one, other in crews]
        if any(able):
            away = np.array([way[call, medians[one]] + way[call, medians[other]] for one, other in crews])
            over = np.maximum(0, load + care[call] - care[calls].sum() / len(crews))
            crew = int(np.where(able, away + over * 1e6, np.inf).argmin())
            begun.first[call], begun.second[call] = crews[crew]
            load[crew] += care[call]
    return begun


def _crews(apart: np.ndarray, doubles: np.ndarray, pairs: int) -> list[tuple[int, int]]:
    """Those with most calls for two, each with the nearest who is in no crew yet."""
    free, crews = list(np.argsort(-doubles, kind="stable").tolist()), list[tuple[int, int]]()
    while len(free) > 1 and len(crews) < pairs:
        one = free.pop(0)
        mate = min(free, key=lambda other: (apart[one, other], other))
        free.remove(mate)
        crews.append((one, mate))
    return crews


def _farthest_first(way: np.ndarray, workers: int) -> Ints:
    """Calls far from each other, to begin with."""
    chosen = [int(way.sum(axis=1).argmin())]
    nearest = way[:, chosen[0]].copy()
    while len(chosen) < workers:
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, way[:, chosen[-1]])
    return np.array(chosen, dtype=np.int64)


def _assigned_by_regret(day: Day, to_middle: np.ndarray, part: float) -> tuple[Ints, Ints]:
    """Every call to the nearest middle with room, those who lose most by a second choice first."""
    calls, workers = to_middle.shape
    first, second = np.zeros(calls, dtype=np.int64), np.full(calls, -1, dtype=np.int64)
    load = np.zeros(workers)
    two = np.sort(to_middle, axis=1)[:, : min(2, workers)]
    for call in np.argsort(two[:, 0] - two[:, -1], kind="stable").tolist():
        over = np.maximum(0, load + day.duration[call, 0] - part) / part
        away = to_middle[call] + over * 1e6
        one = int(np.where(day.may[call, 0], away, np.inf).argmin())
        first[call] = one
        load[one] += day.duration[call, 0]
        if day.pairing[call] != ALONE:
            may = day.may[call, 1].copy()
            may[one] = False
            if not may.any():  # the first one is the only one who may do the second part
                mate = one
                first[call] = int(np.flatnonzero(day.may[call, 0] & (np.arange(workers) != one))[0])
                load[one] -= day.duration[call, 0]
                load[first[call]] += day.duration[call, 0]
            else:
                mate = int(np.where(may, away, np.inf).argmin())
            second[call] = mate
            load[mate] += day.duration[call, 1]
    return first, second


def _medians(way: np.ndarray, first: Ints, second: Ints, before: Ints) -> Ints:
    """Of each worker's calls the one that is nearest to all of them."""
    medians = before.copy()
    for worker in range(len(before)):
        own = np.flatnonzero((first == worker) | (second == worker))
        if len(own):
            medians[worker] = own[way[np.ix_(own, own)].sum(axis=1).argmin()]
    return medians
