"""Pricing of blocks one of whose limits may be raised: the best packing of a block over all capacities that it could have.

The same dynamic program as in ``knapsack_pricing``, compiled, and block by block: with all the capacities that raises could
lead to, a block has many more states than those for which numpy's moves from table to table are quick.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numba import njit

from optimiser.kept_code import kept
from optimiser.solving.dantzig_wolfe.knapsacks import KnapsackBlock
from optimiser.solving.linear_program import FloatArray
from optimiser.solving.problem import BoolArray, IntArray

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """A function as machine code, which is kept for later runs."""
    made: F = kept(njit(function))
    return made


class RaisedPricing:
    """The best packings of some blocks, again and again."""

    def __init__(self, blocks: Sequence[KnapsackBlock]) -> None:
        self._blocks = [_Block(block) for block in blocks]

    def at(self, profit: FloatArray, _taken: BoolArray) -> tuple[FloatArray, list[IntArray]]:
        """As ``KnapsackPricing.at`` has it; nothing is taken beforehand."""
        bests = [block.best(profit) for block in self._blocks]
        return np.array([value for value, _ in bests]), [chosen for _, chosen in bests]


class _Block:
    """A block, with its states in a table: the limits that are raised come last, so that states of small raises stand first."""

    def __init__(self, block: KnapsackBlock) -> None:
        capacities = np.array([block.capacity, *(capacity for _, capacity in block.raised)], dtype=np.int64)
        turn = np.argsort((capacities != capacities[0]).any(axis=0), kind="stable")
        capacities = capacities[:, turn]
        most = capacities.max(axis=0)
        order = np.argsort(block.item, kind="stable")
        self._choice, self._item, self._size = block.choice[order], block.item[order], block.size[order][:, turn]
        self._stride = np.concatenate(([1], np.cumprod(most[:-1] + 1))).astype(np.int64)
        self._left = np.array(np.unravel_index(np.arange(np.prod(most + 1)), most + 1, order="F"), dtype=np.int64).T.copy()
        self._columns = np.array([column for column, _ in block.raised], dtype=np.int64)
        self._corner = capacities @ self._stride
        times = np.where(self._size > 0, most // np.maximum(1, self._size), len(order))
        self._copies = times.min(axis=1)
        """Per position: how many choices of its size fit at most; 0: not even this one."""
        self._kind = np.unique(self._size, axis=0, return_inverse=True)[1].ravel().astype(np.int64)

    def best(self, profit: FloatArray) -> tuple[float, IntArray]:
        """The largest profit of a packing, and its choices with the column of the capacity that it needs, if it needs one."""
        worth = profit[self._choice]
        offered = _offered(worth, self._item, self._kind, self._copies)
        more = np.concatenate((np.zeros(1), profit[self._columns]))
        left = self._left[: self._corner[more > -np.inf].max() + 1]
        value, corner, packed = _packed(
            worth, self._item, self._size @ self._stride, self._size, left, offered, self._corner, more
        )
        chosen = self._choice[packed]
        return value, chosen if corner == 0 else np.append(chosen, self._columns[corner - 1])


@compiled
def _offered(worth: FloatArray, item: IntArray, kind: IntArray, copies: IntArray) -> IntArray:
    """The positions worth looking at, item by item: of items with one choice no more of a size than fit, the most profitable."""
    count = len(worth)
    alone = np.zeros(count, dtype=np.bool_)
    usable = np.zeros(count, dtype=np.bool_)
    for position in range(count):
        usable[position] = worth[position] > 0 and copies[position] > 0
    for position in range(count):
        before = position > 0 and item[position - 1] == item[position]
        after = position + 1 < count and item[position + 1] == item[position]
        alone[position] = usable[position] and not before and not after
    taken = np.zeros(count + 1, dtype=np.int64)
    for position in np.argsort(-worth, kind="mergesort"):
        if alone[position]:
            taken[kind[position]] += 1
            usable[position] = taken[kind[position]] <= copies[position]
    return np.flatnonzero(usable)


@compiled
def _packed(
    worth: FloatArray,
    item: IntArray,
    step: IntArray,
    size: IntArray,
    left: IntArray,
    offered: IntArray,
    corner: IntArray,
    more: FloatArray,
) -> tuple[float, int, IntArray]:
    """The largest profit over the corners, each worth so much ``more`` or less, the corner, and the positions of its packing.

    ``left``: per state what it has left of each limit; ``step``: how far a position's size leads back in the table.
    """
    states, limits = left.shape
    table = np.zeros(states)
    taken = np.full((len(offered), states), -1, dtype=np.int16)
    begin, turns = 0, 0
    while begin < len(offered):
        end = begin
        while end < len(offered) and item[offered[end]] == item[offered[begin]]:
            end += 1
        # From the largest state down: what a choice is added to is still as it was before the item was offered.
        for state in range(states - 1, -1, -1):
            best, which = table[state], -1
            for place in range(begin, end):
                position = offered[place]
                fits = True
                for limit in range(limits):
                    if left[state, limit] < size[position, limit]:
                        fits = False
                        break
                if fits and table[state - step[position]] + worth[position] > best:
                    best, which = table[state - step[position]] + worth[position], position
            if which >= 0:
                table[state] = best
                taken[turns, state] = which
        turns += 1
        begin = end
    value, chosen = -np.inf, 0
    for number in range(len(corner)):
        if corner[number] < states and table[corner[number]] + more[number] > value:
            value, chosen = table[corner[number]] + more[number], number
    state = corner[chosen]
    found = np.zeros(turns, dtype=np.int64)
    count = 0
    for turn in range(turns - 1, -1, -1):
        position = taken[turn, state]
        if position >= 0:
            found[count] = position
            count += 1
            state -= step[position]
    return value, chosen, np.sort(found[:count])
