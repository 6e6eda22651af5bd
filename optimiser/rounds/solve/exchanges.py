"""Changes of several calls at once; compiled. Like all draws they tell what would change, and change nothing themselves."""

from __future__ import annotations

from optimiser.rounds.solve.arrays import MOST_DRAWN, NOBODY
from optimiser.rounds.solve.compiled import compiled
from optimiser.rounds.solve.draws import draw_as_is, give, one_of
from optimiser.rounds.solve.xorshift import below, share

LOOKS = 8
"""How often somebody near in the order is looked for."""
NEAR_PLACES = 12
SAME_TIMES = 0.3
"""How often several calls keep their places in the order."""


@compiled
def swap(day, chains, chance, drawn, keys, node, other) -> int:  # type: ignore[no-untyped-def]
    """One part of each of two calls, near on the map or in the order, change hands, and half of the time their places too."""
    call = node >> 1
    if share(chance) < 0.5:
        for _ in range(LOOKS):
            other = one_of(day, chance, below(chance, len(chains.key)))
            if abs(chains.key[other >> 1] - chains.key[call]) <= NEAR_PLACES:
                break
    if other >> 1 == call:
        return 0
    draw_as_is(chains, drawn, keys, 1, other >> 1)
    worker, fellow = chains.worker[node], chains.worker[other]
    if worker == fellow or not give(day, chains, drawn, 0, node & 1, fellow):
        return 0
    if not give(day, chains, drawn, 1, other & 1, worker):
        return 0
    if share(chance) < 0.5:
        keys[0], keys[1] = keys[1], keys[0]
    return 2


@compiled
def together_elsewhere(day, chains, chance, drawn, keys, node, other) -> int:  # type: ignore[no-untyped-def]
    """A call and one or two that its worker makes next go to another call's worker, behind it or at their places in the order."""
    worker, rows, most, stay = chains.worker[other], 0, 2 + below(chance, 2), share(chance) < SAME_TIMES
    while node != NOBODY and rows < most:
        if node >> 1 == other >> 1 or not _add(day, chains, drawn, keys, rows, node, worker):
            return 0
        if not stay:
            keys[rows] = chains.key[other >> 1] + 0.25 * (rows + share(chance))
        rows += 1
        node = chains.following[node]
    return rows


@compiled
def trade_tails(day, chains, drawn, keys, node, other) -> int:  # type: ignore[no-untyped-def]
    """All that two workers do from a call on changes hands."""
    worker, fellow, rows = chains.worker[node], chains.worker[other], 0
    if worker == fellow:
        return 0
    key, at = chains.key[node >> 1], chains.last[fellow]
    while node != NOBODY:
        if not _add(day, chains, drawn, keys, rows, node, fellow):
            return 0
        rows += 1
        node = chains.following[node]
    while at != NOBODY and chains.key[at >> 1] > key:
        if not _add(day, chains, drawn, keys, rows, at, worker):
            return 0
        rows += 1
        at = chains.before[at]
    return rows


@compiled
def _add(day, chains, drawn, keys, row, node, worker) -> bool:  # type: ignore[no-untyped-def]
    """A row more: a node to a worker."""
    if row == MOST_DRAWN:
        return False
    draw_as_is(chains, drawn, keys, row, node >> 1)
    return give(day, chains, drawn, row, node & 1, worker)
