"""A roster as one ordered list and its routes: calls go to other workers and other places, and what the ways cost; compiled.

Each call has a number, its key, and the keys give the order of all (Bean 1994, *Genetic algorithms and random keys for sequencing
and optimization*). A worker's route is a linked list of their calls in this order.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.solve.arrays import NOBODY, STARTS
from optimiser.rounds.solve.compiled import compiled


@compiled
def reinsert(day, routes, work, changed_count, call, at_key, one, other) -> tuple[float, int]:  # type: ignore[no-untyped-def]
    """A call to new workers and a new key.

    Returns how much the cost of ways, of giving and of uneven parts changes, and how many workers' routes are changed by now.
    """
    cost, nodes = 0.0, range(2 * call, 2 * call + 1 + day.pairing[call])
    linked = day.linked[call]
    if linked != NOBODY:  # its time hangs on this call's
        changed_count = note(work, changed_count, routes.worker[2 * linked], routes.key[linked])
    for node in nodes:
        changed_count = note(work, changed_count, routes.worker[node], routes.key[call])
        cost += _remove(day, routes, node)
    routes.key[call], routes.worker[2 * call], routes.worker[2 * call + 1] = at_key, one, other
    for node in nodes:
        changed_count = note(work, changed_count, routes.worker[node], at_key)
        cost += insert(day, routes, node)
    return cost, changed_count


@compiled
def note(work, changed_count, worker, at_key) -> int:  # type: ignore[no-untyped-def]
    """A worker's route is changed at a key. Returns how many are changed by now."""
    if work.low[worker] == np.inf:
        work.changed[changed_count] = worker
        changed_count += 1
    work.low[worker], work.high[worker] = min(work.low[worker], at_key), max(work.high[worker], at_key)
    return changed_count  # type: ignore[no-any-return]


@compiled
def forget_changes(work, changed_count) -> None:  # type: ignore[no-untyped-def]
    """No route is changed."""
    for index in range(changed_count):
        work.low[work.changed[index]], work.high[work.changed[index]] = np.inf, -np.inf


@compiled
def is_before(routes, one, other) -> bool:  # type: ignore[no-untyped-def]
    """Whether a call comes before another in the order."""
    return routes.key[one] < routes.key[other] or (routes.key[one] == routes.key[other] and one < other)  # type: ignore[no-any-return]


@compiled
def insert(day, routes, node) -> float:  # type: ignore[no-untyped-def]
    """A node into its worker's route, where its call's key belongs; returns how much the cost changes."""
    worker, call = routes.worker[node], node >> 1
    left = routes.last[worker]
    while left != NOBODY and is_before(routes, call, left >> 1):
        left = routes.before[left]
    right = routes.head[worker] if left == NOBODY else routes.following[left]
    _link(routes, worker, left, node)
    _link(routes, worker, node, right)
    detour = _way(day, worker, left, node) + _way(day, worker, node, right) - _way(day, worker, left, right)
    return detour + day.given[call, worker] + _load(day, routes, worker, day.care[call, node & 1])  # type: ignore[no-any-return]


@compiled
def _remove(day, routes, node) -> float:  # type: ignore[no-untyped-def]
    """A node out of its worker's route; returns how much the cost changes."""
    worker, call, left, right = routes.worker[node], node >> 1, routes.before[node], routes.following[node]
    _link(routes, worker, left, right)
    detour = _way(day, worker, left, node) + _way(day, worker, node, right) - _way(day, worker, left, right)
    return _load(day, routes, worker, -day.care[call, node & 1]) - day.given[call, worker] - detour  # type: ignore[no-any-return]


@compiled
def _link(routes, worker, left, right) -> None:  # type: ignore[no-untyped-def]
    """One node follows another in a worker's route; nobody: it begins, or ends."""
    if left == NOBODY:
        routes.head[worker] = right
    else:
        routes.following[left] = right
    if right == NOBODY:
        routes.last[worker] = left
    else:
        routes.before[right] = left


@compiled
def _way(day, worker, left, right) -> float:  # type: ignore[no-untyped-def]
    """What it costs from one node to the next; nobody: the worker's base, which nobody leaves for nothing."""
    if left == NOBODY and right == NOBODY:
        return 0.0
    begins = day.base[worker] if left == NOBODY else day.call_place[left >> 1]
    ends = day.base[worker] if right == NOBODY else day.call_place[right >> 1]
    return day.prices.travel * day.travel[day.kind[worker], begins, ends]  # type: ignore[no-any-return]


@compiled
def _load(day, routes, worker, more) -> float:  # type: ignore[no-untyped-def]
    """More (or less) care for a worker; returns what that changes in the price of uneven parts."""
    before = uneven(day, routes.load[worker])
    routes.load[worker] += more
    return uneven(day, routes.load[worker]) - before


@compiled
def uneven(day, load) -> float:  # type: ignore[no-untyped-def]
    """What it costs that a worker has so much care."""
    if day.prices.uneven == 0.0:
        return 0.0
    return day.prices.uneven * max(0.0, abs(load - day.limits.even_part) - day.limits.even_tolerance)  # type: ignore[no-any-return]


@compiled
def renumber(day, routes, times, work) -> None:  # type: ignore[no-untyped-def]
    """Keys 0, 1, 2 … in the order in which the calls begin, so far as the routes allow; all times stay as they are.

    Moves leave keys behind that say little of when a call begins: those of two workers who never meet may drift apart without any
    harm at first, but whoever then is to meet both of them is put far from their place, and the search no longer finds the good
    moves.
    """
    for worker in range(len(times.day_ends)):
        work.at[worker] = routes.head[worker]
    for place in range(len(routes.key)):
        call = _soonest(day, routes, times, work)
        for node in range(2 * call, 2 * call + 1 + day.pairing[call]):
            work.at[routes.worker[node]] = routes.following[node]
        work.is_touched[call] = True
        routes.key[call] = place
    work.is_touched[:] = False


@compiled
def _soonest(day, routes, times, work) -> int:  # type: ignore[no-untyped-def]
    """Of the calls that are next for their workers the one that begins first."""
    chosen, soonest = NOBODY, np.inf
    for worker in range(len(times.day_ends)):
        node = work.at[worker]
        if node != NOBODY and times.nodes[node, STARTS] < soonest and _is_next(day, routes, work, node >> 1):
            chosen, soonest = node >> 1, times.nodes[node, STARTS]
    return chosen


@compiled
def _is_next(day, routes, work, call) -> bool:  # type: ignore[no-untyped-def]
    """Whether it is so for both its workers, and of two linked calls the one stays before the other."""
    for node in range(2 * call, 2 * call + 1 + day.pairing[call]):
        if work.at[routes.worker[node]] != node:
            return False
    linked = day.linked[call]
    return linked == NOBODY or work.is_touched[linked] or is_before(routes, call, linked)
