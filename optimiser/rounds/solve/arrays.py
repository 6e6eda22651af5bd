"""What the compiled functions work on, by name. A *node* is part of a call: 2c is the first of call c, 2c + 1 the second."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np

from optimiser.rounds.problem import Bools, Day, Floats, Ints, Limits, Prices, Roster

NOBODY = -1
ENDS, BEGAN, LONGEST_GAP, COST, LATE, STARTS = range(6)
"""What is known of a node: when it ends, when its worker's run began, the run's longest wait so far, what its time costs, by how
much it is late, when it starts."""
MOST_MOVED = 24
"""How many calls one move may take in."""


SAME = tuple(field.name for field in fields(Day) if field.name not in ("least_gap", "most_gap", "follows", "care", "carried"))
"""What the compiled functions take of a day as it is."""

Packed: Any = namedtuple("Packed", (*SAME, "care", "near", "able", "able_count", "linked", "gap_from", "gap_to"))  # type: ignore[misc]
"""A ``Day``. ``able``: per part of a call the workers who may do it, listed; ``able_count``: how many. ``linked``: the call
that follows a call, or that it follows, or nobody; ``gap_from``, ``gap_to``: how long after that one it begins, below nothing
where it is the earlier."""


class Routes(NamedTuple):
    """A roster: per worker the route of its nodes, sorted by the keys of their calls (of equal keys by the call's number)."""

    key: Floats
    worker: Ints
    """Per node; nobody: there is no such part."""
    following: Ints
    before: Ints
    head: Ints
    last: Ints
    load: Floats
    """Per worker the care, with what they have on other days."""


class Times(NamedTuple):
    """The times of a roster: six figures a node, and what the length of each worker's day costs."""

    nodes: Floats
    day_ends: Floats


class Work(NamedTuple):
    """Room for trying a move."""

    tried: Times
    """The times as they would be; of nodes that are not touched, as they are."""
    touched: Ints
    """Nodes that were timed again."""
    is_touched: Bools
    changed: Ints
    """Workers whose route is changed, from key ``low`` to key ``high``."""
    low: Floats
    high: Floats
    running: Ints
    """Workers whose routes are being timed, each at the node ``at``, last at ``place``, with the state of that node's figures."""
    is_running: Bools
    at: Ints
    place: Ints
    state: Floats
    move: Ints
    """The move that is tried, a row for each of its calls: the call, its workers; and its key. ``old``: as it was."""
    move_keys: Floats
    old: Ints
    old_keys: Floats


def packed(day: Day) -> Any:
    """A day as the compiled functions take it."""
    able = np.argsort(~day.may, axis=2, kind="stable").astype(np.int64)
    linked, gap_from, gap_to = np.full(day.calls, NOBODY, dtype=np.int64), np.zeros(day.calls), np.zeros(day.calls)
    for call, before in day.followers:
        linked[call], linked[before] = before, call
        gap_from[call], gap_to[call] = day.least_gap[call], day.most_gap[call]
        gap_from[before], gap_to[before] = -day.most_gap[call], -day.least_gap[call]
    made: dict[str, Any] = {name: getattr(day, name) for name in SAME}
    made |= {"prices": Prices(*map(float, day.prices)), "limits": Limits(*map(float, day.limits))}
    made |= {"care": day.duration if day.care is None else day.care, "near": day.near}
    made |= {"able": able, "able_count": np.maximum(day.may.sum(axis=2).astype(np.int64), 1)}
    made |= {"linked": linked, "gap_from": gap_from, "gap_to": gap_to}
    return Packed(**made)


def empty_routes(day: Day, roster: Roster) -> Routes:
    """A roster's keys and workers, with routes that are still to be linked."""
    key = np.empty(day.calls)
    key[roster.order] = np.arange(day.calls, dtype=np.float64)
    nodes, workers = 2 * day.calls, day.workers
    links = [np.full(length, NOBODY, dtype=np.int64) for length in (nodes, nodes, workers, workers)]
    following, before, head, last = links
    load = np.zeros(workers) if day.carried is None else day.carried.copy()
    return Routes(key, np.column_stack((roster.first, roster.second)).ravel(), following, before, head, last, load)


def empty_times(day: Day) -> Times:
    return Times(np.zeros((2 * day.calls, 6)), np.zeros(day.workers))


def empty_work(day: Day) -> Work:
    workers = day.workers
    return Work(
        tried=empty_times(day),
        touched=np.zeros(2 * day.calls, np.int64),
        is_touched=np.zeros(2 * day.calls, np.bool_),
        changed=np.arange(max(workers, 8), dtype=np.int64),
        low=np.full(workers, np.inf),
        high=np.full(workers, -np.inf),
        running=np.zeros(workers, np.int64),
        is_running=np.zeros(workers, np.bool_),
        at=np.zeros(workers, np.int64),
        place=np.zeros(workers, np.int64),
        state=np.zeros((workers, 3)),
        move=np.zeros((MOST_MOVED, 3), np.int64),
        move_keys=np.zeros(MOST_MOVED),
        old=np.zeros((MOST_MOVED, 3), np.int64),
        old_keys=np.zeros(MOST_MOVED),
    )
