"""The neighbourhood of a roster: moves of the vehicle routing problem, drawn at random; compiled.

Relocation and exchange of calls (Savelsbergh 1992, *The vehicle routing problem with time windows: minimizing route duration*),
relocation of a short segment (Or 1976, *Traveling salesman-type combinatorial problems and their relation to the logistics of
regional blood banking*) and exchange of tails (2-opt*: Potvin and Rousseau 1995, *An exchange heuristic for routeing problems
with time windows*). A move is a row for each call that would change, with its new workers, and its new key
beside; drawing one changes nothing else.
"""

from __future__ import annotations

from optimiser.rounds.solve.arrays import MOST_MOVED, NOBODY
from optimiser.rounds.solve.compiled import compiled
from optimiser.rounds.solve.xorshift import below, uniform

BESIDE, OTHER_WORKER, ALONG_ORDER, ALONG_ROUTE, SEGMENT, TAILS = 0.32, 0.42, 0.52, 0.68, 0.78, 0.84
"""Where one kind of move ends and the next begins, out of 1: a call goes beside a near one and to its worker; to another
worker who may; a few places up or down the order of all calls; a few up or down its worker's route; several calls in a row go to
another worker; two workers trade the rest of their days; else two calls swap workers."""
MOST_PLACES = 12
MOST_HOPS = 8


@compiled
def draw_move(day, routes, random, move, keys) -> int:  # type: ignore[no-untyped-def]
    """Draw a move into ``move`` and ``keys``. Returns how many calls it changes; none: there is no such move."""
    call = below(random, len(routes.key))
    unchanged_row(routes, move, keys, 0, call)
    what = uniform(random)
    if what < ALONG_ROUTE:
        return _relocate(day, routes, random, move, keys, call, what)
    node, other = one_of(day, random, call), near(day, random, call)
    if what < SEGMENT:
        return relocate_segment(day, routes, random, move, keys, node, other)
    if what < TAILS:
        return exchange_tails(day, routes, move, keys, node, other)
    return swap(day, routes, random, move, keys, node, other)


@compiled
def _relocate(day, routes, random, move, keys, call, what) -> int:  # type: ignore[no-untyped-def]
    """Relocation: one call goes elsewhere; half of the time the one linked with it moves along in the order."""
    node = one_of(day, random, call)
    worker = routes.worker[node]
    if what < BESIDE:
        other = near(day, random, call)
        worker = routes.worker[other]
        keys[0] = routes.key[other >> 1] + (uniform(random) if uniform(random) < 0.5 else -uniform(random))
    elif what < OTHER_WORKER:
        worker = day.able[call, node & 1, below(random, day.able_count[call, node & 1])]
        keys[0] += 12.0 * uniform(random) - 6.0
    elif what < ALONG_ORDER:
        far = 1.0 + uniform(random) ** 2 * MOST_PLACES
        keys[0] += far if uniform(random) < 0.5 else -far
    else:
        keys[0] = _key_along_route(routes, random, node)
    if not assign(day, routes, move, 0, node & 1, worker):
        return 0
    if day.linked[call] == NOBODY or uniform(random) < 0.5:
        return 1
    unchanged_row(routes, move, keys, 1, day.linked[call])
    keys[1] += keys[0] - routes.key[call]
    return 2


@compiled
def _key_along_route(routes, random, node) -> float:  # type: ignore[no-untyped-def]
    """The key of a place a few calls further on, or back, in the worker's route."""
    is_on = uniform(random) < 0.5
    links = routes.following if is_on else routes.before
    at = node
    for _ in range(1 + int(uniform(random) ** 2 * MOST_HOPS)):
        if links[at] != NOBODY:
            at = links[at]
    if at == node:
        return routes.key[node >> 1]  # type: ignore[no-any-return]
    if links[at] == NOBODY:
        return routes.key[at >> 1] + (uniform(random) if is_on else -uniform(random))  # type: ignore[no-any-return]
    return routes.key[at >> 1] + uniform(random) * (routes.key[links[at] >> 1] - routes.key[at >> 1])  # type: ignore[no-any-return]


LOOKS = 8
"""How often somebody near in the order is looked for."""
NEAR_PLACES = 12
SAME_TIMES = 0.3
"""How often several calls keep their places in the order."""


@compiled
def swap(day, routes, random, move, keys, node, other) -> int:  # type: ignore[no-untyped-def]
    """Exchange: one part of each of two calls, near on the map or in the order; half of the time their places in it too."""
    call = node >> 1
    if uniform(random) < 0.5:
        for _ in range(LOOKS):
            other = one_of(day, random, below(random, len(routes.key)))
            if abs(routes.key[other >> 1] - routes.key[call]) <= NEAR_PLACES:
                break
    if other >> 1 == call:
        return 0
    unchanged_row(routes, move, keys, 1, other >> 1)
    worker, fellow = routes.worker[node], routes.worker[other]
    if worker == fellow or not assign(day, routes, move, 0, node & 1, fellow):
        return 0
    if not assign(day, routes, move, 1, other & 1, worker):
        return 0
    if uniform(random) < 0.5:
        keys[0], keys[1] = keys[1], keys[0]
    return 2


@compiled
def relocate_segment(day, routes, random, move, keys, node, other) -> int:  # type: ignore[no-untyped-def]
    """Or-opt: a call and one or two that its worker makes next go to another call's worker, behind it or at their places in the
    order."""
    worker, rows, most, stay = routes.worker[other], 0, 2 + below(random, 2), uniform(random) < SAME_TIMES
    while node != NOBODY and rows < most:
        if node >> 1 == other >> 1 or not _add(day, routes, move, keys, rows, node, worker):
            return 0
        if not stay:
            keys[rows] = routes.key[other >> 1] + 0.25 * (rows + uniform(random))
        rows += 1
        node = routes.following[node]
    return rows


@compiled
def exchange_tails(day, routes, move, keys, node, other) -> int:  # type: ignore[no-untyped-def]
    """2-opt*: all that two workers do from a call on changes hands."""
    worker, fellow, rows = routes.worker[node], routes.worker[other], 0
    if worker == fellow:
        return 0
    key, at = routes.key[node >> 1], routes.last[fellow]
    while node != NOBODY:
        if not _add(day, routes, move, keys, rows, node, fellow):
            return 0
        rows += 1
        node = routes.following[node]
    while at != NOBODY and routes.key[at >> 1] > key:
        if not _add(day, routes, move, keys, rows, at, worker):
            return 0
        rows += 1
        at = routes.before[at]
    return rows


@compiled
def _add(day, routes, move, keys, row, node, worker) -> bool:  # type: ignore[no-untyped-def]
    """A row more: a node to a worker."""
    if row == MOST_MOVED:
        return False
    unchanged_row(routes, move, keys, row, node >> 1)
    return assign(day, routes, move, row, node & 1, worker)


CALL, FIRST, SECOND = 0, 1, 2
"""The columns of a row."""


@compiled
def unchanged_row(routes, move, keys, row, call) -> None:  # type: ignore[no-untyped-def]
    """A row with a call as it is."""
    move[row, CALL], move[row, FIRST], move[row, SECOND] = call, routes.worker[2 * call], routes.worker[2 * call + 1]
    keys[row] = routes.key[call]


@compiled
def one_of(day, random, call) -> int:  # type: ignore[no-untyped-def]
    """One of a call's nodes."""
    return 2 * call + (1 if day.pairing[call] != 0 and uniform(random) < 0.5 else 0)  # type: ignore[no-any-return]


@compiled
def near(day, random, call) -> int:  # type: ignore[no-untyped-def]
    """A node of a call near another."""
    return one_of(day, random, day.near[call, below(random, day.near.shape[1])])


@compiled
def assign(day, routes, move, row, part, worker) -> bool:  # type: ignore[no-untyped-def]
    """A part of a call of the move to a worker, unless they may not, or have its other part or the call linked with it."""
    linked = day.linked[move[row, CALL]]
    if not day.may[move[row, CALL], part, worker] or worker == move[row, SECOND - part]:
        return False
    if linked != NOBODY and worker == routes.worker[2 * linked]:
        return False
    move[row, FIRST + part] = worker
    return True
