"""Calls go to other workers and other places in the order: the chains of a roster, and the ways along them; compiled."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.solve.arrays import NOBODY, STARTS
from optimiser.rounds.solve.compiled import compiled


@compiled
def put(day, chains, work, changed_count, call, at_key, one, other) -> tuple[float, int]:  # type: ignore[no-untyped-def]
    """A call to new workers and a new key.

    Returns how much the cost of ways, of giving and of uneven parts changes, and how many workers' chains are changed by now.
    """
    cost, nodes = 0.0, range(2 * call, 2 * call + 1 + day.pairing[call])
    linked = day.linked[call]
    if linked != NOBODY:  # its time hangs on this call's
        changed_count = note(work, changed_count, chains.worker[2 * linked], chains.key[linked])
    for node in nodes:
        changed_count = note(work, changed_count, chains.worker[node], chains.key[call])
        cost += _take_out(day, chains, node)
    chains.key[call], chains.worker[2 * call], chains.worker[2 * call + 1] = at_key, one, other
    for node in nodes:
        changed_count = note(work, changed_count, chains.worker[node], at_key)
        cost += put_in(day, chains, node)
    return cost, changed_count


@compiled
def note(work, changed_count, worker, at_key) -> int:  # type: ignore[no-untyped-def]
    """A worker's chain is changed at a key. Returns how many are changed by now."""
    if work.low[worker] == np.inf:
        work.changed[changed_count] = worker
        changed_count += 1
    work.low[worker], work.high[worker] = min(work.low[worker], at_key), max(work.high[worker], at_key)
    return changed_count  # type: ignore[no-any-return]


@compiled
def forget_changes(work, changed_count) -> None:  # type: ignore[no-untyped-def]
    """No chain is changed."""
    for index in range(changed_count):
        work.low[work.changed[index]], work.high[work.changed[index]] = np.inf, -np.inf


@compiled
def is_before(chains, one, other) -> bool:  # type: ignore[no-untyped-def]
    """Whether a call comes before another in the order."""
    return chains.key[one] < chains.key[other] or (chains.key[one] == chains.key[other] and one < other)  # type: ignore[no-any-return]


@compiled
def put_in(day, chains, node) -> float:  # type: ignore[no-untyped-def]
    """A node into its worker's chain, where its call's key belongs; returns how much the cost changes."""
    worker, call = chains.worker[node], node >> 1
    left = chains.last[worker]
    while left != NOBODY and is_before(chains, call, left >> 1):
        left = chains.before[left]
    right = chains.head[worker] if left == NOBODY else chains.following[left]
    _tie(chains, worker, left, node)
    _tie(chains, worker, node, right)
    detour = _way(day, worker, left, node) + _way(day, worker, node, right) - _way(day, worker, left, right)
    return detour + day.given[call, worker] + _load(day, chains, worker, day.care[call, node & 1])  # type: ignore[no-any-return]


@compiled
def _take_out(day, chains, node) -> float:  # type: ignore[no-untyped-def]
    """A node out of its worker's chain; returns how much the cost changes."""
    worker, call, left, right = chains.worker[node], node >> 1, chains.before[node], chains.following[node]
    _tie(chains, worker, left, right)
    detour = _way(day, worker, left, node) + _way(day, worker, node, right) - _way(day, worker, left, right)
    return _load(day, chains, worker, -day.care[call, node & 1]) - day.given[call, worker] - detour  # type: ignore[no-any-return]


@compiled
def _tie(chains, worker, left, right) -> None:  # type: ignore[no-untyped-def]
    """One node follows another in a worker's chain; nobody: it begins, or ends."""
    if left == NOBODY:
        chains.head[worker] = right
    else:
        chains.following[left] = right
    if right == NOBODY:
        chains.last[worker] = left
    else:
        chains.before[right] = left


@compiled
def _way(day, worker, left, right) -> float:  # type: ignore[no-untyped-def]
    """What it costs from one node to the next; nobody: the worker's base, which nobody leaves for nothing."""
    if left == NOBODY and right == NOBODY:
        return 0.0
    begins = day.base[worker] if left == NOBODY else day.call_place[left >> 1]
    ends = day.base[worker] if right == NOBODY else day.call_place[right >> 1]
    return day.prices.travel * day.travel[day.kind[worker], begins, ends]  # type: ignore[no-any-return]


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
def renumber(day, chains, times, work) -> None:  # type: ignore[no-untyped-def]
    """Keys 0, 1, 2 … in the order in which the calls begin, so far as the chains allow; all times stay as they are."""
    for worker in range(len(times.tails)):
        work.at[worker] = chains.head[worker]
    for place in range(len(chains.key)):
        call = _soonest(day, chains, times, work)
        for node in range(2 * call, 2 * call + 1 + day.pairing[call]):
            work.at[chains.worker[node]] = chains.following[node]
        work.is_touched[call] = True
        chains.key[call] = place
    work.is_touched[:] = False


@compiled
def _soonest(day, chains, times, work) -> int:  # type: ignore[no-untyped-def]
    """Of the calls that are next for their workers the one that begins first."""
    chosen, soonest = NOBODY, np.inf
    for worker in range(len(times.tails)):
        node = work.at[worker]
        if node != NOBODY and times.nodes[node, STARTS] < soonest and _is_next(day, chains, work, node >> 1):
            chosen, soonest = node >> 1, times.nodes[node, STARTS]
    return chosen


@compiled
def _is_next(day, chains, work, call) -> bool:  # type: ignore[no-untyped-def]
    """Whether it is so for both its workers, and of two linked calls the one stays before the other."""
    for node in range(2 * call, 2 * call + 1 + day.pairing[call]):
        if work.at[chains.worker[node]] != node:
            return False
    linked = day.linked[call]
    return linked == NOBODY or work.is_touched[linked] or is_before(chains, call, linked)
