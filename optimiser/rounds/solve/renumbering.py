"""Keys anew, so that the order of the calls stays near that of their times; compiled.

Changes leave keys behind that say little of when a call begins: those of two workers who never meet may drift apart without any
harm at first, but whoever then is to meet both of them is put far from their place, and the search no longer finds the good
changes.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.solve.arrays import NOBODY, STARTS
from optimiser.rounds.solve.compiled import compiled
from optimiser.rounds.solve.ordered_routes import is_before


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
