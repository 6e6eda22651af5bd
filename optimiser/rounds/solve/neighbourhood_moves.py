"""Small changes of a roster, drawn at random; compiled. A draw tells what would change, and changes nothing itself."""

from __future__ import annotations

from optimiser.rounds.solve.arrays import NOBODY
from optimiser.rounds.solve.compiled import compiled
from optimiser.rounds.solve.draws import draw_as_is, give, near, one_of
from optimiser.rounds.solve.exchanges import swap, together_elsewhere, trade_tails
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
