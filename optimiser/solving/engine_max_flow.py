"""The largest flow through a network by OR-Tools, in whole numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from optimiser.solving.engine import EngineError

Arc = tuple[int, int, int]
"""From where, to where, and how much it holds."""


def largest_flow(arcs: Sequence[Arc], source: int, sink: int) -> tuple[int, Collection[int]]:
    """How much flows, and the places on the source's side of a smallest cut. Raises ``EngineError``."""
    from ortools.graph.python.max_flow import SimpleMaxFlow

    network = SimpleMaxFlow()
    for start, end, capacity in arcs:
        network.add_arc_with_capacity(start, end, capacity)
    status = network.solve(source, sink)
    if status != network.OPTIMAL:
        raise EngineError(f"the largest flow was not found: {status.name}")
    return int(network.optimal_flow()), frozenset({source, *network.get_source_side_min_cut()})
