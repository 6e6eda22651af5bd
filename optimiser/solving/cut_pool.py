"""The cuts found so far. They follow from the limits alone, so every level can use what an earlier one found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimiser.solving.knapsack_separation import Cut
from optimiser.solving.linear_program import FloatArray, Rows
from optimiser.solving.problem import IntArray


class CutPool:
    """Cuts in one sparse table, each scaled to be at most 1."""

    def __init__(self) -> None:
        self._cut = np.zeros(0, dtype=np.int64)
        self._choice = np.zeros(0, dtype=np.int64)
        self._value = np.zeros(0)
        self.count = 0

    def extend(self, cuts: Sequence[Cut]) -> IntArray:
        """Add cuts; their numbers."""
        numbers = np.arange(self.count, self.count + len(cuts), dtype=np.int64)
        sizes = [len(cut.choice) for cut in cuts]
        self._cut = np.concatenate((self._cut, np.repeat(numbers, sizes)))
        self._choice = np.concatenate((self._choice, *(cut.choice for cut in cuts)))
        self._value = np.concatenate((self._value, *(cut.value / cut.upper for cut in cuts)))
        self.count += len(cuts)
        return numbers

    def fill(self, columns: FloatArray) -> FloatArray:
        """How full each cut is at a point: above 1 the point breaks it, at 1 it is tight."""
        return np.bincount(self._cut, self._value * columns[self._choice], self.count).astype(np.float64)

    def rows(self, numbers: IntArray) -> Rows:
        """Some of the cuts as rows, in the order of ``numbers``."""
        place = np.full(self.count, -1, dtype=np.int64)
        place[numbers] = np.arange(len(numbers))
        used = place[self._cut] >= 0
        return Rows(
            np.full(len(numbers), -np.inf),
            np.ones(len(numbers)),
            place[self._cut[used]],
            self._choice[used],
            self._value[used],
        )
