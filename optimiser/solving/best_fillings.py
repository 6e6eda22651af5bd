"""The best filling of every bag at given prices: one dynamic program for all bags side by side.

A *state* is a room that a bag may have left, limit by limit; the states of all bags stand in one row. Offers are choices worth
looking at: the first offer of every bag is made at one stroke, then the second of every bag, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.solving.fillings import Bag
from optimiser.solving.linear import FloatArray
from optimiser.solving.problem import BoolArray, IntArray


@dataclass(frozen=True, slots=True)
class _Offers:
    """Per turn and bag: the position that is offered, or -1; and whether another choice of its item was offered just before."""

    position: IntArray
    again: BoolArray


class BestFillings:
    """The best fillings of some bags, again and again."""

    def __init__(self, bags: Sequence[Bag]) -> None:
        widest = max((len(bag.room) for bag in bags), default=0)
        self._bag = np.repeat(np.arange(len(bags)), [len(bag.choice) for bag in bags])
        self._choice = np.concatenate([bag.choice for bag in bags])
        item = np.concatenate([bag.item for bag in bags])
        _, self._owner = np.unique(np.column_stack((self._bag, item)), axis=0, return_inverse=True)
        self._owner = self._owner.ravel()
        """The item in its bag: of its choices there, one at most is taken."""
        self._several = np.bincount(self._owner)[self._owner] > 1
        self._size = np.concatenate([_widened(bag.size, widest) for bag in bags])
        self._room = np.concatenate([_widened(np.array([bag.room], dtype=np.int64), widest) for bag in bags])
        sides = self._room + 1
        self._stride = np.concatenate((np.ones((len(bags), 1), dtype=np.int64), np.cumprod(sides, axis=1)[:, :-1]), axis=1)
        counts = sides.prod(axis=1)
        self._first = np.concatenate(([0], np.cumsum(counts)))
        """Per bag: its first state, that of no room."""
        self._bag_of_state = np.repeat(np.arange(len(bags)), counts)
        _, self._kind = np.unique(np.column_stack((self._bag, self._size)), axis=0, return_inverse=True)
        self._kind = self._kind.ravel()
        self._rest, self._rest_from = self._rests(counts)

    def _rests(self, counts: IntArray) -> tuple[IntArray, IntArray]:
        """Per kind of choice and state of its bag: the state that is left when it is taken, or a last one that has nothing.

        And per kind where that begins, less its bag's first state.
        """
        found, begins = [], []
        filled = 0
        for example in np.unique(self._kind, return_index=True)[1].tolist():
            bag, size = int(self._bag[example]), self._size[example]
            local = np.arange(counts[bag])
            left = local[:, np.newaxis] // self._stride[bag] % (self._room[bag] + 1)
            rest = self._first[bag] + local - int(size @ self._stride[bag])
            found.append(np.where((left >= size).all(axis=1), rest, self._first[-1]))
            begins.append(filled - self._first[bag])
            filled += int(counts[bag])
        return np.concatenate(found), np.array(begins, dtype=np.int64)

    def at(self, profit: FloatArray, taken: BoolArray) -> tuple[FloatArray, list[IntArray]]:
        """Per bag: the largest profit of a filling that has the choices ``taken`` in it, and the choices of such a filling.

        Both given per choice of the problem; a profit is -inf for what is not to be had.
        """
        worth = profit[self._choice]
        held = np.flatnonzero(taken[self._choice])
        left = self._room.copy()
        np.subtract.at(left, self._bag[held], self._size[held])
        offers = self._offers(worth, held, left)
        tables = self._tables(worth, offers)
        at = self._first[:-1] + (left * self._stride).sum(axis=1)
        total = tables[-1][at] + np.bincount(self._bag[held], worth[held], len(at))
        chosen = np.sort(np.concatenate((held, *self._trace(offers, tables, at))))
        return total, np.split(self._choice[chosen], np.searchsorted(self._bag[chosen], np.arange(1, len(at))))

    def _offers(self, worth: FloatArray, held: IntArray, left: IntArray) -> _Offers:
        """The choices worth looking at: of those of one size the most profitable that fit, then items with several choices."""
        usable = (worth > 0) & (self._size <= left[self._bag]).all(axis=1)
        usable &= ~np.isin(self._owner, self._owner[held])
        alone = np.flatnonzero(usable & ~self._several)
        alone = alone[np.lexsort((-worth[alone], self._kind[alone]))]
        kinds = self._kind[alone]
        rank = np.arange(len(alone)) - np.searchsorted(kinds, kinds)
        alone = alone[((rank + 1)[:, np.newaxis] * self._size[alone] <= left[self._bag[alone]]).all(axis=1)]
        together = np.flatnonzero(usable & self._several)
        together = together[np.argsort(self._owner[together], kind="stable")]
        order = np.concatenate((alone, together))
        order = order[np.argsort(self._bag[order], kind="stable")]
        bag = self._bag[order]
        turn = np.arange(len(order)) - np.searchsorted(bag, bag)
        position = np.full((int(turn.max(initial=-1)) + 1, len(left)), -1, dtype=np.int64)
        again = np.zeros(position.shape, dtype=np.bool_)
        position[turn, bag] = order
        again[turn[1:], bag[1:]] = self._owner[order[1:]] == self._owner[order[:-1]]
        return _Offers(position, again)

    def _tables(self, worth: FloatArray, offers: _Offers) -> FloatArray:
        """Before the first turn, after it, ...: per state the largest profit, and last of all -inf for what does not fit."""
        tables = np.zeros((len(offers.position) + 1, self._first[-1] + 1))
        tables[:, -1] = -np.inf
        before = tables[0].copy()
        """Per state, as it was before an item's first choice was offered: what its choices can be added to."""
        for turn, (position, again) in enumerate(zip(offers.position, offers.again, strict=True)):
            table, grown = tables[turn], tables[turn + 1]
            states = np.flatnonzero((position >= 0)[self._bag_of_state])
            bag = self._bag_of_state[states]
            fresh = states[~again[bag]]
            before[fresh] = table[fresh]
            offered = position[bag]
            grown[:] = table
            rest = self._rest[self._rest_from[self._kind[offered]] + states]
            grown[states] = np.maximum(table[states], before[rest] + worth[offered])
        return tables

    def _trace(self, offers: _Offers, tables: FloatArray, at: IntArray) -> list[IntArray]:
        """The positions that led to these states, turn by turn."""
        at = at.copy()
        done = np.zeros(len(at), dtype=np.bool_)
        """Per bag: whether the item offered at this turn and before is taken already."""
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
