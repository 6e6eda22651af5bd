"""A change that is drawn: a row for each call that would change, with its new workers, and its new key beside; compiled."""

from __future__ import annotations

from optimiser.rounds.solve.arrays import NOBODY
from optimiser.rounds.solve.compiled import compiled
from optimiser.rounds.solve.xorshift import below, share

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
