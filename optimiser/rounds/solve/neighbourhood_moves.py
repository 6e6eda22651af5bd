"""Small changes of a roster, drawn at random; compiled. A draw tells what would change, and changes nothing itself."""

from __future__ import annotations

from optimiser.rounds.solve.arrays import MOST_DRAWN, NOBODY
from optimiser.rounds.solve.compiled import compiled
from optimiser.rounds.solve.xorshift import below, share

BESIDE, OTHER_WORKER, SHIFT, HOP, TOGETHER_ELSEWHERE, TAILS = 0.32, 0.42, 0.52, 0.68, 0.78, 0.84
"""Where one kind of change ends and the next begins, out of 1: a call goes beside a near one and to its worker; to another
worker who may; a few places up or down the order of all calls; a few up or down its worker's chain; several calls in a row go to
another worker; two workers trade the rest of their days; else two calls swap workers."""
MOST_PLACES = 12
MOST_HOPS = 8


@compiled
def draw(day, chains, chance, drawn, keys) -> int:  # type: ignore[no-untyped-def]
    """Draw a change into ``drawn`` and ``keys``. Returns how many calls it changes; none: there is no such change."""
    call = below(chance, len(chains.key))
    draw_as_is(chains, drawn, keys, 0, call)
    what = share(chance)
    if what < HOP:
        return _one(day, chains, chance, drawn, keys, call, what)
    node, other = one_of(day, chance, call), near(day, chance, call)
    if what < TOGETHER_ELSEWHERE:
        return together_elsewhere(day, chains, chance, drawn, keys, node, other)
    if what < TAILS:
        return trade_tails(day, chains, drawn, keys, node, other)
    return swap(day, chains, chance, drawn, keys, node, other)


@compiled
def _one(day, chains, chance, drawn, keys, call, what) -> int:  # type: ignore[no-untyped-def]
    """One call goes elsewhere; half of the time the one linked with it moves along in the order."""
    node = one_of(day, chance, call)
    worker = chains.worker[node]
    if what < BESIDE:
        other = near(day, chance, call)
        worker = chains.worker[other]
        keys[0] = chains.key[other >> 1] + (share(chance) if share(chance) < 0.5 else -share(chance))
    elif what < OTHER_WORKER:
        worker = day.able[call, node & 1, below(chance, day.able_count[call, node & 1])]
        keys[0] += 12.0 * share(chance) - 6.0
    elif what < SHIFT:
        far = 1.0 + share(chance) ** 2 * MOST_PLACES
        keys[0] += far if share(chance) < 0.5 else -far
    else:
        keys[0] = _hop(chains, chance, node)
    if not give(day, chains, drawn, 0, node & 1, worker):
        return 0
    if day.linked[call] == NOBODY or share(chance) < 0.5:
        return 1
    draw_as_is(chains, drawn, keys, 1, day.linked[call])
    keys[1] += keys[0] - chains.key[call]
    return 2


@compiled
def _hop(chains, chance, node) -> float:  # type: ignore[no-untyped-def]
    """The key of a place a few calls further on, or back, in the worker's chain."""
    is_on = share(chance) < 0.5
    links = chains.following if is_on else chains.before
    at = node
    for _ in range(1 + int(share(chance) ** 2 * MOST_HOPS)):
        if links[at] != NOBODY:
            at = links[at]
    if at == node:
        return chains.key[node >> 1]  # type: ignore[no-any-return]
    if links[at] == NOBODY:
        return chains.key[at >> 1] + (share(chance) if is_on else -share(chance))  # type: ignore[no-any-return]
    return chains.key[at >> 1] + share(chance) * (chains.key[links[at] >> 1] - chains.key[at >> 1])  # type: ignore[no-any-return]


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


CALL, FIRST, SECOND = 0, 1, 2
"""The columns of a row."""


@compiled
def draw_as_is(chains, drawn, keys, row, call) -> None:  # type: ignore[no-untyped-def]
    """A row with a call as it is."""
    drawn[row, CALL], drawn[row, FIRST], drawn[row, SECOND] = call, chains.worker[2 * call], chains.worker[2 * call + 1]
    keys[row] = chains.key[call]


@compiled
def one_of(day, chance, call) -> int:  # type: ignore[no-untyped-def]
    """One of a call's nodes."""
    return 2 * call + (1 if day.pairing[call] != 0 and share(chance) < 0.5 else 0)  # type: ignore[no-any-return]


@compiled
def near(day, chance, call) -> int:  # type: ignore[no-untyped-def]
    """A node of a call near another."""
    return one_of(day, chance, day.near[call, below(chance, day.near.shape[1])])


@compiled
def give(day, chains, drawn, row, part, worker) -> bool:  # type: ignore[no-untyped-def]
    """A part of a drawn call to a worker, unless they may not, or have its other part or the call linked with it."""
    linked = day.linked[drawn[row, CALL]]
    if not day.may[drawn[row, CALL], part, worker] or worker == drawn[row, SECOND - part]:
        return False
    if linked != NOBODY and worker == chains.worker[2 * linked]:
        return False
    drawn[row, FIRST + part] = worker
    return True
