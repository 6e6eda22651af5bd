"""Pricing by knapsacks: the best packing of every block at given prices, by one dynamic program for all blocks side by side.

A *state* is a capacity that a block may have left, limit by limit; the states of all blocks stand in one row. Offers are choices
worth looking at: the first offer of every block is made at one stroke, then the second of every block, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.solving.dantzig_wolfe.knapsacks import KnapsackBlock
from optimiser.solving.linear_program import FloatArray
from optimiser.solving.problem import BoolArray, IntArray


@dataclass(frozen=True, slots=True)
class _Offers:
    """Per turn and block: the position that is offered, or -1; and whether another choice of its item was offered just before."""

    position: IntArray
    again: BoolArray


class KnapsackPricing:
    """The best packings of some blocks, again and again."""

    def __init__(self, blocks: Sequence[KnapsackBlock]) -> None:
        widest = max((len(block.capacity) for block in blocks), default=0)
        self._block = np.repeat(np.arange(len(blocks)), [len(block.choice) for block in blocks])
        self._choice = np.concatenate([block.choice for block in blocks])
        item = np.concatenate([block.item for block in blocks])
        _, self._owner = np.unique(np.column_stack((self._block, item)), axis=0, return_inverse=True)
        self._owner = self._owner.ravel()
        """The item in its block: of its choices there, one at most is taken."""
        self._several = np.bincount(self._owner)[self._owner] > 1
        self._size = np.concatenate([_widened(block.size, widest) for block in blocks])
        self._capacity = np.concatenate([_widened(np.array([block.capacity], dtype=np.int64), widest) for block in blocks])
        sides = self._capacity + 1
        self._stride = np.concatenate((np.ones((len(blocks), 1), dtype=np.int64), np.cumprod(sides, axis=1)[:, :-1]), axis=1)
        counts = sides.prod(axis=1)
        self._first = np.concatenate(([0], np.cumsum(counts)))
        """Per block: its first state, that of no capacity."""
        self._block_of_state = np.repeat(np.arange(len(blocks)), counts)
        _, self._kind = np.unique(np.column_stack((self._block, self._size)), axis=0, return_inverse=True)
        self._kind = self._kind.ravel()
        self._rest, self._rest_from = self._rests(counts)

    def _rests(self, counts: IntArray) -> tuple[IntArray, IntArray]:
        """Per kind of choice and state of its block: the state that is left when it is taken, or a last one that has nothing.

        And per kind where that begins, less its block's first state.
        """
        found, begins = [], []
        filled = 0
        for example in np.unique(self._kind, return_index=True)[1].tolist():
            block, size = int(self._block[example]), self._size[example]
            local = np.arange(counts[block])
            left = local[:, np.newaxis] // self._stride[block] % (self._capacity[block] + 1)
            rest = self._first[block] + local - int(size @ self._stride[block])
            found.append(np.where((left >= size).all(axis=1), rest, self._first[-1]))
            begins.append(filled - self._first[block])
            filled += int(counts[block])
        return np.concatenate(found), np.array(begins, dtype=np.int64)

    def at(self, profit: FloatArray, taken: BoolArray) -> tuple[FloatArray, list[IntArray]]:
        """Per block: the largest profit of a packing that has the choices ``taken`` in it, and the choices of such a packing.

        Both given per choice of the problem; a profit is -inf for what is not to be had.
        """
        worth = profit[self._choice]
        held = np.flatnonzero(taken[self._choice])
        left = self._capacity.copy()
        np.subtract.at(left, self._block[held], self._size[held])
        offers = self._offers(worth, held, left)
        tables = self._tables(worth, offers)
        at = self._first[:-1] + (left * self._stride).sum(axis=1)
        total = tables[-1][at] + np.bincount(self._block[held], worth[held], len(at))
        chosen = np.sort(np.concatenate((held, *self._trace(offers, tables, at))))
        return total, np.split(self._choice[chosen], np.searchsorted(self._block[chosen], np.arange(1, len(at))))

    def _offers(self, worth: FloatArray, held: IntArray, left: IntArray) -> _Offers:
        """The choices worth looking at: of those of one size the most profitable that fit, then items with several choices."""
        usable = (worth > 0) & (self._size <= left[self._block]).all(axis=1)
        usable &= ~np.isin(self._owner, self._owner[held])
        alone = np.flatnonzero(usable & ~self._several)
        alone = alone[np.lexsort((-worth[alone], self._kind[alone]))]
        kinds = self._kind[alone]
        rank = np.arange(len(alone)) - np.searchsorted(kinds, kinds)
        alone = alone[((rank + 1)[:, np.newaxis] * self._size[alone] <= left[self._block[alone]]).all(axis=1)]
        together = np.flatnonzero(usable & self._several)
        together = together[np.argsort(self._owner[together], kind="stable")]
        order = np.concatenate((alone, together))
        order = order[np.argsort(self._block[order], kind="stable")]
        block = self._block[order]
        turn = np.arange(len(order)) - np.searchsorted(block, block)
        position = np.full((int(turn.max(initial=-1)) + 1, len(left)), -1, dtype=np.int64)
        again = np.zeros(position.shape, dtype=np.bool_)
        position[turn, block] = order
        again[turn[1:], block[1:]] = self._owner[order[1:]] == self._owner[order[:-1]]
        return _Offers(position, again)

    def _tables(self, worth: FloatArray, offers: _Offers) -> FloatArray:
        """Before the first turn, after it, ...: per state the largest profit, and last of all -inf for what does not fit."""
        tables = np.zeros((len(offers.position) + 1, self._first[-1] + 1))
        tables[:, -1] = -np.inf
        before = tables[0].copy()
        """Per state, as it was before an item's first choice was offered: what its choices can be added to."""
        for turn, (position, again) in enumerate(zip(offers.position, offers.again, strict=True)):
            table, grown = tables[turn], tables[turn + 1]
            states = np.flatnonzero((position >= 0)[self._block_of_state])
            block = self._block_of_state[states]
            fresh = states[~again[block]]
            before[fresh] = table[fresh]
            offered = position[block]
            grown[:] = table
            rest = self._rest[self._rest_from[self._kind[offered]] + states]
            grown[states] = np.maximum(table[states], before[rest] + worth[offered])
        return tables

    def _trace(self, offers: _Offers, tables: FloatArray, at: IntArray) -> list[IntArray]:
        """The positions that led to these states, turn by turn."""
        at = at.copy()
        done = np.zeros(len(at), dtype=np.bool_)
        """Per block: whether the item offered at this turn and before is taken already."""
        found = []
        for turn in range(len(offers.position) - 1, -1, -1):
            taken = np.flatnonzero((tables[turn + 1][at] > tables[turn][at]) & ~done)
            position = offers.position[turn][taken]
            at[taken] = self._rest[self._rest_from[self._kind[position]] + at[taken]]
            found.append(position)
            done[taken] = True
            done &= offers.again[turn]
        return found


def _widened(sizes: IntArray, width: int) -> IntArray:
    """With as many limits as the widest has: the others are of no size."""
    return np.pad(sizes, ((0, 0), (0, width - sizes.shape[1])))
