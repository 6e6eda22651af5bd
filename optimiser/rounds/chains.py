"""Calls go to other workers and other places in the order: the chains of a roster; compiled."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.arrays import NOBODY
from optimiser.rounds.compiled import compiled


@compiled
def put(day, chains, work, changed_count, call, at_key, one, other) -> tuple[float, int]:  # type: ignore[no-untyped-def]
    """A call to new workers and a new key.

    Returns how much the cost of giving changes, and how many workers' chains are changed by now.
    """
    cost = 0.0
    parts = 1 if day.pairing[call] == 0 else 2
    for part in range(parts):
        worker = chains.first[call] if part == 0 else chains.second[call]
        changed_count = _note(work, changed_count, worker, chains.key[call])
        _take_out(chains, worker, 2 * call + part)
        cost += _load(day, chains, worker, -day.care[call, part]) - day.given[call, worker]
    chains.key[call], chains.first[call], chains.second[call] = at_key, one, other
    for part in range(parts):
        worker = one if part == 0 else other
        changed_count = _note(work, changed_count, worker, at_key)
        put_in(chains, worker, 2 * call + part)
        cost += _load(day, chains, worker, day.care[call, part]) + day.given[call, worker]
    return cost, changed_count


@compiled
def forget_changes(work, changed_count) -> None:  # type: ignore[no-untyped-def]
    for index in range(changed_count):
        work.low[work.changed[index]], work.high[work.changed[index]] = np.inf, -np.inf


@compiled
def _note(work, changed_count, worker, at_key) -> int:  # type: ignore[no-untyped-def]
    if work.low[worker] == np.inf:
        work.changed[changed_count] = worker
        changed_count += 1
    work.low[worker], work.high[worker] = min(work.low[worker], at_key), max(work.high[worker], at_key)
    return changed_count  # type: ignore[no-any-return]


@compiled
def _load(day, chains, worker, more) -> float:  # type: ignore[no-untyped-def]
    """More (or less) care for a worker; returns what that changes in the price of uneven parts."""
    before = uneven(day, chains.load[worker])
    chains.load[worker] += more
    return uneven(day, chains.load[worker]) - before


@compiled
def uneven(day, load) -> float:  # type: ignore[no-untyped-def]
    """What it costs that a worker has so much care."""
    if day.prices.uneven == 0.0:
        return 0.0
    return day.prices.uneven * max(0.0, abs(load - day.limits.even_part) - day.limits.even_tolerance)  # type: ignore[no-any-return]


@compiled
def _take_out(chains, worker, node) -> None:  # type: ignore[no-untyped-def]
    left, right = chains.before[node], chains.following[node]
    if left == NOBODY:
        chains.head[worker] = right
    else:
        chains.following[left] = right
    if right == NOBODY:
        chains.last[worker] = left
    else:
        chains.before[right] = left


@compiled
def put_in(chains, worker, node) -> None:  # type: ignore[no-untyped-def]
    """A node into a worker's chain, where its call's key belongs."""
    key, call = chains.key, node >> 1
    left = chains.last[worker]
    while left != NOBODY and (key[left >> 1] > key[call] or (key[left >> 1] == key[call] and (left >> 1) > call)):
        left = chains.before[left]
    right = chains.head[worker] if left == NOBODY else chains.following[left]
    chains.before[node], chains.following[node] = left, right
    if left == NOBODY:
        chains.head[worker] = node
    else:
        chains.following[left] = node
    if right == NOBODY:
        chains.last[worker] = node
    else:
        chains.before[right] = node
