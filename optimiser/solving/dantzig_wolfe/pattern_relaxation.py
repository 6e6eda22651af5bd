"""The relaxation of the reformulation by area: column generation over patterns, with the cuts of the limits on top.

A small program over some patterns tells prices; the prices tell for every pattern there is what it would be worth, and
with that which ones the program lacks, what no plan can be below, and which patterns and choices no better plan has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimiser.solving.dantzig_wolfe.pattern_master import PatternMaster
from optimiser.solving.engine import LinearEngine
from optimiser.solving.interruptible import Watch
from optimiser.solving.linear_program import FloatArray, Program, Rows
from optimiser.solving.problem import IntArray
from optimiser.solving.relaxation import Relaxation, row_prices

MOST_TURNS = 60
NEW_AT_ONCE = 10
"""So many patterns of a block, the most promising ones, are let in at a time."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Columns of the small program: some on their own, then some patterns of each block."""

    alone: IntArray
    picked: list[IntArray]

    def __len__(self) -> int:
        return len(self.alone) + sum(len(patterns) for patterns in self.picked)


class PatternRelaxation:
    """Raises the bound and the floors of a relaxation, and keeps a floor for every pattern."""

    def __init__(self, relaxation: Relaxation, pattern_master: PatternMaster, columns: FloatArray) -> None:
        """``columns``: those of the plan in hand, which the small program begins with."""
        self._relaxation = relaxation
        self._pattern_master = pattern_master
        self._program = pattern_master.program
        self.floors = [np.full(len(block.patterns), -np.inf) for block in pattern_master.blocks]
        """Per pattern: no plan with it is below this."""
        begun = [np.flatnonzero((c.patterns == columns[c.columns]).all(axis=1)) for c in pattern_master.blocks]
        self._batches = [_Batch(np.flatnonzero(pattern_master.outside & relaxation.selected), begun)]
        self._rows = pattern_master.rows.and_then(relaxation.tight_cuts())
        self._cuts = Rows(np.zeros(0), np.zeros(0), *(np.zeros(0, dtype=np.int64),) * 2, np.zeros(0))

    def tighten(
        self,
        watch: Watch,
        rounds: int,
        fine: float,
        gap: Callable[[float], float],
        found: Callable[[FloatArray], None],
    ) -> None:
        """Patterns until the prices are right, give or take ``fine``, then cuts, and again.

        ``found`` is given the point of every round.
        """
        engine = self._begin()
        for _ in range(rounds):
            self._generate(watch, engine, fine, gap)
            found(self._relaxation.point)
            if gap(self._relaxation.bound) <= 0:
                break
            fresh = self._relaxation.violated()
            if not len(fresh):
                break
            cuts = self._relaxation.use(fresh)
            self._cuts = self._cuts.and_then(cuts)
            engine.add(_side_by_side([(self._pattern_master.over(cuts, b.alone, b.picked), len(b)) for b in self._batches]))
        self._raise_choices()

    def _begin(self) -> LinearEngine:
        batch = self._batches[0]
        program = self._program
        count = len(batch) - len(batch.alone)
        return LinearEngine(
            Program(
                np.concatenate((program.lower[batch.alone], np.zeros(count))),
                np.concatenate((program.upper[batch.alone], np.full(count, np.inf))),
                np.zeros(len(batch), dtype=np.bool_),
                self._costs(batch),
                self._coefficients(batch),
            )
        )

    def _costs(self, batch: _Batch) -> FloatArray:
        return np.concatenate((self._program.cost[batch.alone], self._pattern_master.costs(batch.picked)))

    def _coefficients(self, batch: _Batch) -> Rows:
        """All rows of the small program over a batch: the level's, one pattern per block, the cuts added since."""
        over = self._pattern_master.over
        return over(self._rows, batch.alone, batch.picked).and_then(
            self._pattern_master.one_each(len(batch.alone), batch.picked, 1.0), over(self._cuts, batch.alone, batch.picked)
        )

    def _generate(self, watch: Watch, engine: LinearEngine, fine: float, gap: Callable[[float], float]) -> None:
        for _ in range(MOST_TURNS):
            vertex = watch.run(engine)
            self._set_point(vertex.columns)
            batch = self._learn(vertex.prices)
            value = self._relaxation.value
            if not len(batch) or value - self._relaxation.bound <= fine:
                return
            if gap(self._relaxation.bound) <= 0:
                return
            engine.add_columns(self._costs(batch), self._coefficients(batch))
            self._batches.append(batch)

    def _set_point(self, values: FloatArray) -> None:
        """The relaxation's point, and its value, in the level's own columns."""
        point = np.zeros(len(self._program.cost))
        first = 0
        for batch in self._batches:
            point[batch.alone] += values[first : first + len(batch.alone)]
            first += len(batch.alone)
            for block, patterns in zip(self._pattern_master.blocks, batch.picked, strict=True):
                point[block.columns] += values[first : first + len(patterns)] @ block.patterns[patterns]
                first += len(patterns)
        self._relaxation.set_point(point)

    def _learn(self, prices: FloatArray) -> _Batch:
        """What the prices prove, and the columns that they call for."""
        blocks = self._pattern_master.blocks
        rows = self._rows.and_then(self._cuts)
        first = len(self._rows)
        paid = row_prices(rows, np.concatenate((prices[:first], prices[first + len(blocks) :])))
        reduced = self._program.cost - np.bincount(rows.column, rows.value * paid.price[rows.row], len(self._program.cost))
        # Not ``@``: for a product this small BLAS's threads wait for each other longer than the sum takes.
        worth = [np.einsum("ij,j->i", block.patterns, reduced[block.columns]) for block in blocks]
        least = [float(each.min()) for each in worth]
        bound = self._relaxation.prove(paid.total + sum(least), reduced, self._pattern_master.outside)
        tiny = 1e-7 * np.abs(self._program.cost).max(initial=1.0)
        picked = []
        for number, each in enumerate(worth):
            np.maximum(self.floors[number], bound - least[number] + each, out=self.floors[number])
            best = np.argsort(each, kind="stable")[:NEW_AT_ONCE] if len(each) < 1000 else _smallest(each, NEW_AT_ONCE)
            known = np.concatenate([batch.picked[number] for batch in self._batches])
            new = best[each[best] < prices[first + number] - tiny]
            picked.append(np.setdiff1d(new, known))
        held = np.zeros(len(self._program.cost), dtype=np.bool_)
        held[np.concatenate([batch.alone for batch in self._batches])] = True
        alone = np.flatnonzero((self._program.upper > 0) & self._pattern_master.outside & ~held & (reduced < -10 * tiny))
        return _Batch(alone, picked)

    def _raise_choices(self) -> None:
        """A tied choice is in one of its patterns."""
        floors = self._relaxation.floors
        for block, floor in zip(self._pattern_master.blocks, self.floors, strict=True):
            for position, column in enumerate(block.columns.tolist()):
                if column < len(floors):
                    having = floor[block.patterns[:, position] > 0]
                    floors[column] = max(floors[column], float(having.min(initial=np.inf)))


def _smallest(values: FloatArray, count: int) -> IntArray:
    """The places of the smallest values, those first that stand first."""
    limit = np.partition(values, count - 1)[count - 1]
    return np.flatnonzero(values <= limit)[:count]


def _side_by_side(blocks: list[tuple[Rows, int]]) -> Rows:
    """The same rows over one batch of columns after the other."""
    rows = blocks[0][0]
    first = np.cumsum([0, *(width for _, width in blocks)])
    return Rows(
        rows.lower,
        rows.upper,
        np.concatenate([block.row for block, _ in blocks]),
        np.concatenate([block.column + start for (block, _), start in zip(blocks, first[:-1], strict=True)]),
        np.concatenate([block.value for block, _ in blocks]),
    )
