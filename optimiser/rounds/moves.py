"""Small changes of a roster, drawn at random; compiled. A draw tells what would change, and changes nothing itself."""

from __future__ import annotations

from optimiser.rounds.chance import below, share
from optimiser.rounds.compiled import compiled

CALL, FIRST, SECOND = 0, 1, 2
"""A draw is a row for each call that would change: the call and its new workers; with its new key beside."""

BESIDE, OTHER_WORKER, SHIFT = 0.45, 0.60, 0.80
"""Where one kind of change ends and the next begins, out of 1: a call goes beside a near one and to its worker; to another
worker who may; a few places up or down; else two calls swap workers."""
MOST_PLACES = 12
LOOKS = 8
"""How often somebody near in the order is looked for."""


@compiled
def draw(day, chains, chance, drawn, keys) -> int:  # type: ignore[no-untyped-def]
    """Draw a change into ``drawn`` and ``keys``. Returns how many calls it changes: none, one or two."""
    call = below(chance, len(chains.key))
    _as_is(chains, call, drawn, keys, 0)
    what = share(chance)
    if what >= SHIFT:
        return _swap(day, chains, chance, drawn, keys)
    part = _part(day, chance, call)
    worker = drawn[0, FIRST + part]
    if what < BESIDE:
        other = day.near[call, below(chance, day.near.shape[1])]
        worker = chains.first[other] if _part(day, chance, other) == 0 else chains.second[other]
        keys[0] = chains.key[other] + (share(chance) if share(chance) < 0.5 else -share(chance))
    elif what < OTHER_WORKER:
        worker = day.able[call, part, below(chance, day.able_count[call, part])]
        keys[0] += 12.0 * share(chance) - 6.0
    else:
        far = 1.0 + share(chance) ** 2 * MOST_PLACES
        keys[0] += far if share(chance) < 0.5 else -far
    return 1 if _give(day, drawn, 0, part, worker) else 0


@compiled
def _swap(day, chains, chance, drawn, keys) -> int:  # type: ignore[no-untyped-def]
    """One part of each of two calls, near on the map or in the order, change hands, and half of the time their places too."""
    call = drawn[0, CALL]
    other = day.near[call, below(chance, day.near.shape[1])]
    if share(chance) < 0.5:
        for _ in range(LOOKS):
            other = below(chance, len(chains.key))
            if abs(chains.key[other] - chains.key[call]) <= MOST_PLACES:
                break
    if other == call:
        return 0
    _as_is(chains, other, drawn, keys, 1)
    mine, theirs = _part(day, chance, call), _part(day, chance, other)
    worker, fellow = drawn[0, FIRST + mine], drawn[1, FIRST + theirs]
    if worker == fellow or not _give(day, drawn, 0, mine, fellow) or not _give(day, drawn, 1, theirs, worker):
        return 0
    if share(chance) < 0.5:
        keys[0], keys[1] = keys[1], keys[0]
    return 2


@compiled
def _as_is(chains, call, drawn, keys, row) -> None:  # type: ignore[no-untyped-def]
    drawn[row, CALL], drawn[row, FIRST], drawn[row, SECOND] = call, chains.first[call], chains.second[call]
    keys[row] = chains.key[call]


@compiled
def _part(day, chance, call) -> int:  # type: ignore[no-untyped-def]
    return 1 if day.pairing[call] != 0 and share(chance) < 0.5 else 0


@compiled
def _give(day, drawn, row, part, worker) -> bool:  # type: ignore[no-untyped-def]
    """A part of a drawn call to a worker, unless they may not or have the other part of it."""
    if not day.may[drawn[row, CALL], part, worker] or worker == drawn[row, SECOND - part]:
        return False
    drawn[row, FIRST + part] = worker
    return True
