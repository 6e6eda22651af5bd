"""What the compiled functions work on, by name. A *node* is part of a call: 2c is the first of call c, 2c + 1 the second."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimiser.rounds.problem import Bools, Day, Floats, Ints, Limits, Prices, Roster

NOBODY = -1
ENDS, BEGAN, LONGEST_GAP, COST, LATE, STARTS = range(6)
"""What is known of a node: when it ends, when its worker's run began, the run's longest wait so far, its part of the cost, by how
much it is late, when it starts."""


class PackedPrices(NamedTuple):
    """``Prices`` as numbers."""

    travel: float
    waiting: float
    lateness: float
    worst_lateness: float
    overtime: float
    uneven: float


class PackedLimits(NamedTuple):
    """``Limits`` as numbers."""

    longest_run: float
    break_after: float
    break_length: float
    even_part: float
    even_tolerance: float


class Packed(NamedTuple):
    """A ``Day``, and per part of a call the workers who may do it, listed, and how many they are."""

    travel: Floats
    call_place: Ints
    earliest: Floats
    latest: Floats
    duration: Floats
    care: Floats
    pairing: Ints
    least_gap: Floats
    most_gap: Floats
    may: Bools
    given: Floats
    base: Ints
    kind: Ints
    shift_starts: Floats
    shift_ends: Floats
    near: Ints
    able: Ints
    able_count: Ints
    prices: PackedPrices
    limits: PackedLimits


class Chains(NamedTuple):
    """A roster: per worker the chain of its nodes, sorted by the keys of their calls (of equal keys by the call's number)."""

    key: Floats
    first: Ints
    second: Ints
    following: Ints
    before: Ints
    head: Ints
    last: Ints
    load: Floats
    """Per worker the care, with what they have on other days."""


class Times(NamedTuple):
    """The times of a roster: six figures a node, and what each worker's day costs at its end."""

    nodes: Floats
    tails: Floats


class Work(NamedTuple):
    """Room for trying a change."""

    tried: Times
    touched: Ints
    """Nodes that were timed again."""
    is_touched: Bools
    changed: Ints
    """Workers whose chain is changed, from key ``low`` to key ``high``."""
    low: Floats
    high: Floats
    running: Ints
    """Workers whose chains are being timed, each at the node ``at``, last at ``place``, with the state of that node's figures."""
    is_running: Bools
    at: Ints
    place: Ints
    state: Floats
    drawn: Ints
    """The change that is tried, a row for each of its calls: the call, its workers; and its key. ``old``: as it was."""
    drawn_keys: Floats
    old: Ints
    old_keys: Floats


def packed(day: Day) -> Packed:
    """A day as the compiled functions take it."""
    prices: Prices = day.prices
    limits: Limits = day.limits
    able = np.argsort(~day.may, axis=2, kind="stable").astype(np.int64)
    care = day.duration if day.care is None else day.care
    return Packed(
        day.travel, day.call_place, day.earliest, day.latest, day.duration, care, day.pairing, day.least_gap, day.most_gap,
        day.may, day.given, day.base, day.kind, day.shift_starts, day.shift_ends,
        day.near, able, np.maximum(day.may.sum(axis=2).astype(np.int64), 1),
        PackedPrices(*map(float, (prices.travel, prices.waiting, prices.lateness, prices.worst_lateness, prices.overtime,
                                  prices.uneven))),
        PackedLimits(*map(float, (limits.longest_run, limits.break_after, limits.break_length, limits.even_part,
                                  limits.even_tolerance))),
    )  # fmt: skip


def empty_chains(day: Day, roster: Roster) -> Chains:
    """A roster's keys and workers, with chains that are still to be linked."""
    key = np.empty(day.calls)
    key[roster.order] = np.arange(day.calls, dtype=np.float64)
    nodes, workers = 2 * day.calls, day.workers
    links = [np.full(length, NOBODY, dtype=np.int64) for length in (nodes, nodes, workers, workers)]
    following, before, head, last = links
    load = np.zeros(workers) if day.carried is None else day.carried.copy()
    return Chains(key, roster.first.copy(), roster.second.copy(), following, before, head, last, load)


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
        drawn=np.zeros((2, 3), np.int64),
        drawn_keys=np.zeros(2),
        old=np.zeros((2, 3), np.int64),
        old_keys=np.zeros(2),
    )
