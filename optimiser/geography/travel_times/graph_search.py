"""Over a directed graph by rows, compiled: the shortest ways."""

from __future__ import annotations

import numpy as np
from numba import njit

from optimiser.geography.travel_times.interface import Ints
from optimiser.kept_code import kept

UNREACHED = -1.0


@kept
@njit
def _push(heap_cost, heap_node, size, cost, node) -> None:  # type: ignore[no-untyped-def]
    """Put a node into the heap, which has ``size`` entries before."""
    at = size
    while at > 0 and heap_cost[(at - 1) // 2] > cost:
        heap_cost[at], heap_node[at] = heap_cost[(at - 1) // 2], heap_node[(at - 1) // 2]
        at = (at - 1) // 2
    heap_cost[at], heap_node[at] = cost, node


@kept
@njit
def _drop_first(heap_cost, heap_node, size) -> None:  # type: ignore[no-untyped-def]
    """Take the cheapest out of the heap, which has ``size`` entries before."""
    last = size - 1
    cost, node = heap_cost[last], heap_node[last]
    at = 0
    while 2 * at + 1 < last:
        child = 2 * at + 1
        if child + 1 < last and heap_cost[child + 1] < heap_cost[child]:
            child += 1
        if heap_cost[child] >= cost:
            break
        heap_cost[at], heap_node[at] = heap_cost[child], heap_node[child]
        at = child
    heap_cost[at], heap_node[at] = cost, node


@kept
@njit
def ways(first, head, edge_seconds, edge_metres, origins: Ints, targets: Ints):  # type: ignore[no-untyped-def]
    """Seconds and metres of the quickest way from each origin to each target, ``UNREACHED`` where there is none.

    The graph by rows: the edges out of node n are ``first[n]`` to ``first[n + 1] - 1``, each to the node ``head[edge]``.
    """
    nodes, edges = len(first) - 1, len(head)
    seconds = np.full((len(origins), len(targets)), UNREACHED)
    metres = np.full((len(origins), len(targets)), UNREACHED)
    heap_cost, heap_node = np.empty(edges + 1), np.empty(edges + 1, np.int64)
    wanted = np.zeros(nodes, np.bool_)
    for target in targets:
        wanted[target] = True
    for row in range(len(origins)):
        cost, length, done = np.full(nodes, np.inf), np.zeros(nodes), np.zeros(nodes, np.bool_)
        cost[origins[row]] = 0.0
        heap_cost[0], heap_node[0], size = 0.0, origins[row], 1
        left = wanted.sum()
        while size > 0 and left > 0:
            node = heap_node[0]
            _drop_first(heap_cost, heap_node, size)
            size -= 1
            if done[node]:
                continue
            done[node] = True
            left -= wanted[node]
            for edge in range(first[node], first[node + 1]):
                other, reached = head[edge], cost[node] + edge_seconds[edge]
                if reached < cost[other]:
                    cost[other], length[other] = reached, length[node] + edge_metres[edge]
                    _push(heap_cost, heap_node, size, reached, other)
                    size += 1
        for column in range(len(targets)):
            if done[targets[column]]:
                seconds[row, column], metres[row, column] = cost[targets[column]], length[targets[column]]
    return seconds, metres
