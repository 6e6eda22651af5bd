"""Small changes of a roster, drawn at random; compiled. Each writes itself into the roster, or declines."""

from __future__ import annotations

from numba import njit

from optimiser.rounds.chance import below, share

DECLINED = -1
SWAPPED = -2
"""What ``change`` returns for the new position when there is no change, or when two calls swapped their workers."""

BESIDE, OTHER_WORKER, SHIFT = 0.45, 0.60, 0.80
"""Where one kind of change ends and the next begins, out of 1: a call goes beside a near one and to its worker; to another
worker who may; a few places up or down; else two calls swap workers."""
MOST_PLACES = 12


@njit(cache=True)
def change(  # type: ignore[no-untyped-def]
    order, place_in, first, second, pairing, may, able, able_count, near, chance, call, before
) -> tuple[int, int]:
    """Change who does a call. Returns the position that it should take in the order, and with whom it swapped (-1: nobody).

    ``before`` takes the two workers that the other one of a swap had.
    """
    calls = len(order)
    at = place_in[call]
    drawn = share(chance)
    if drawn < BESIDE:
        other = near[call, below(chance, near.shape[1])]
        worker = second[other] if pairing[other] != 0 and share(chance) < 0.5 else first[other]
        part = 1 if pairing[call] != 0 and share(chance) < 0.5 else 0
        to = place_in[other] + below(chance, 2)
        return _give(first, second, may, call, part, worker, to - 1 if to > at else to), -1
    if drawn < OTHER_WORKER:
        part = 1 if pairing[call] != 0 and share(chance) < 0.5 else 0
        worker = able[call, part, below(chance, able_count[call, part])]
        to = min(calls - 1, max(0, at + below(chance, 13) - 6))
        return _give(first, second, may, call, part, worker, to), -1
    if drawn < SHIFT:
        far = 1 + int(share(chance) ** 2 * MOST_PLACES)
        to = at - far if share(chance) < 0.5 else at + far
        return (to if 0 <= to < calls else DECLINED), -1
    if share(chance) < 0.5:
        other = near[call, below(chance, near.shape[1])]
    else:
        other = order[min(calls - 1, max(0, at + below(chance, 21) - 10))]
    if other == call:
        return DECLINED, -1
    return _swap(first, second, pairing, may, call, other, chance, before), other


@njit(cache=True)
def _give(first, second, may, call, part, worker, to) -> int:  # type: ignore[no-untyped-def]
    """A part of a call to a worker, unless they may not or have the other part of it."""
    if not may[call, part, worker] or worker == (second[call] if part == 0 else first[call]):
        return DECLINED
    if part == 0:
        first[call] = worker
    else:
        second[call] = worker
    return to  # type: ignore[no-any-return]


@njit(cache=True)
def _swap(first, second, pairing, may, call, other, chance, before) -> int:  # type: ignore[no-untyped-def]
    """One part of each of two calls change hands."""
    mine = 1 if pairing[call] != 0 and share(chance) < 0.5 else 0
    theirs = 1 if pairing[other] != 0 and share(chance) < 0.5 else 0
    worker = first[call] if mine == 0 else second[call]
    fellow = first[other] if theirs == 0 else second[other]
    if worker == fellow or not may[call, mine, fellow] or not may[other, theirs, worker]:
        return DECLINED
    if fellow == (second[call] if mine == 0 else first[call]) or worker == (second[other] if theirs == 0 else first[other]):
        return DECLINED
    before[0], before[1] = first[other], second[other]
    if mine == 0:
        first[call] = fellow
    else:
        second[call] = fellow
    if theirs == 0:
        first[other] = worker
    else:
        second[other] = worker
    return SWAPPED


@njit(cache=True)
def move_in_order(order, at, to) -> None:  # type: ignore[no-untyped-def]
    """The call at one position goes to another; those between close up."""
    call = order[at]
    if to > at:
        for position in range(at, to):
            order[position] = order[position + 1]
    else:
        for position in range(at, to, -1):
            order[position] = order[position - 1]
    order[to] = call
