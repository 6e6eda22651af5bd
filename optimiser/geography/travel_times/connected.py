"""Which nodes of a directed graph reach each other; compiled. Tarjan's method, with a stack of its own in place of recursion."""

from __future__ import annotations

import numpy as np
from numba import njit

from optimiser.geography.travel_times.interface import Ints


@njit(cache=True)
def components(first: Ints, head: Ints):  # type: ignore[no-untyped-def]
    """Per node a number: equal for nodes that reach each other. The graph by rows, as ``shortest.ways`` takes it."""
    nodes = len(first) - 1
    number = np.full(nodes, -1, np.int64)
    seen_at, lowest = np.full(nodes, -1, np.int64), np.zeros(nodes, np.int64)
    next_edge = first[:-1].copy()
    path, waiting = np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    path_size, waiting_size, clock, found = 0, 0, 0, 0
    for root in range(nodes):
        if seen_at[root] >= 0:
            continue
        path[0], path_size = root, 1
        while path_size > 0:
            node = path[path_size - 1]
            if seen_at[node] < 0:
                seen_at[node] = lowest[node] = clock
                clock += 1
                waiting[waiting_size] = node
                waiting_size += 1
            if next_edge[node] < first[node + 1]:
                other = head[next_edge[node]]
                next_edge[node] += 1
                if seen_at[other] < 0:
                    path[path_size] = other
                    path_size += 1
                elif number[other] < 0:
                    lowest[node] = min(lowest[node], seen_at[other])
                continue
            path_size -= 1
            if path_size > 0:
                before = path[path_size - 1]
                lowest[before] = min(lowest[before], lowest[node])
            if lowest[node] == seen_at[node]:
                while True:
                    waiting_size -= 1
                    number[waiting[waiting_size]] = found
                    if waiting[waiting_size] == node:
                        break
                found += 1
    return number
