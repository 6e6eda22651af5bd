"""The master program of the reformulation by provider: column generation, with packings priced by dynamic programming.

Dantzig and Wolfe (1960); for the generalised assignment problem Savelsbergh (1997, *A branch-and-price algorithm for the
generalized assignment problem*). A small program over some packings tells prices; at these prices every block has a best
packing, which tells what no plan can be below (Lasdon 1970), and what the small program lacks. Rows that are not limits link the
blocks: one choice per item, the earlier levels, the parts, and whatever a branch adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from optimiser.solving.dantzig_wolfe.knapsack_pricing import KnapsackPricing
from optimiser.solving.dantzig_wolfe.knapsacks import KnapsackBlock
from optimiser.solving.engine import EngineError, LinearEngine
from optimiser.solving.integer_objective import SLACK
from optimiser.solving.interruptible import Watch
from optimiser.solving.linear_program import FloatArray, Program, Rows, on_columns, only_rows, single_row
from optimiser.solving.problem import BoolArray, IntArray
from optimiser.solving.relaxation import row_prices

MOST_TURNS = 300
PENALTY = 4.0
"""What a linking row costs to break, per smallest coefficient, in largest costs: dear enough that no plan worth having does."""
FINE = 1e-3
"""The prices are right when they leave less than this share of a step."""

Packing = tuple[int, tuple[int, ...]]
"""Which block, and the choices in it."""


class Pricing(Protocol):
    """The best packings of some blocks."""

    def at(self, profit: FloatArray, taken: BoolArray, /) -> tuple[FloatArray, list[IntArray]]:
        """Per block: the largest profit of a packing that has the choices ``taken`` in it, and the choices of such a packing."""


@dataclass(frozen=True)
class Branch:
    """The plans that one branch of a search looks at."""

    rows: Rows
    """Over all columns."""
    taken: frozenset[int]
    """Choices that are taken ..."""
    banned: BoolArray
    """... and columns that are not."""

    def with_row(self, columns: IntArray, least: float, most: float) -> Branch:
        """Only plans that take between so many of the choices."""
        row = single_row(columns, np.ones(len(columns)), most)
        return replace(self, rows=self.rows.and_then(replace(row, lower=np.array([least]))))

    def with_taken(self, choice: int, others: IntArray) -> Branch:
        """Only plans with this choice, and so without the ``others`` of its item."""
        banned = self.banned.copy()
        banned[others] = True
        banned[choice] = False
        return replace(self, taken=self.taken | {choice}, banned=banned)

    def without(self, choice: int) -> Branch:
        banned = self.banned.copy()
        banned[choice] = True
        return replace(self, banned=banned)


@dataclass(frozen=True)
class Relaxed:
    """What column generation told of a branch."""

    bound: float
    """No plan of the branch is below this."""
    point: FloatArray
    """Over all columns."""
    packings: list[Packing]
    weights: FloatArray
    """Per packing: how much of it the point takes."""
    rows: Rows
    price: FloatArray
    """Of these linking rows, as a proof may use them; ``bound`` is what they prove."""


class KnapsackMaster:
    """Minimise a level over mixtures of packings."""

    def __init__(
        self,
        program: Program,
        blocks: Sequence[KnapsackBlock],
        limits: slice,
        step: int,
        pricing: Pricing | None = None,
        penalty: float = PENALTY,
        rows: Sequence[int] = (),
    ) -> None:
        """``limits``: the program's rows that are limits; ``step``: of the level's values. ``pricing``: of the blocks, where not
        all of them side by side. ``penalty``: what a linking row costs to break, in largest costs. ``rows``: limits that are of
        no block, and link like all other rows.
        """
        self.program = program
        self.blocks = tuple(blocks)
        self._best: Pricing = pricing or KnapsackPricing(blocks)
        linking = np.ones(len(program.rows), dtype=np.bool_)
        linking[limits] = False
        linking[[limits.start + row for row in rows]] = True
        self.rows = only_rows(program.rows, linking)
        self.block_of = np.full(len(program.cost), -1, dtype=np.int64)
        for number, block in enumerate(blocks):
            self.block_of[[*block.choice.tolist(), *(column for column, _ in block.raised)]] = number
        self.alone = np.flatnonzero((self.block_of < 0) & (program.upper > 0))
        self._step = step
        self._fine = FINE * step
        self._dear = penalty * float(np.abs(program.cost).max(initial=1.0))

    def packings_of(self, columns: FloatArray) -> list[Packing]:
        """The packings of a plan's columns."""
        return [(number, tuple(block.choice[columns[block.choice] > 0.5].tolist())) for number, block in enumerate(self.blocks)]

    def solve(self, watch: Watch, branch: Branch, known: Sequence[Packing], ceiling: float) -> Relaxed | None:
        """Column generation from the packings known that the branch allows.

        With a finite ``ceiling`` until it is passed, or until the next value that a plan can have is certain; else as near as
        prices go.
        None when the engine gives up.
        """
        taken = np.zeros(len(self.program.cost), dtype=np.bool_)
        taken[list(branch.taken)] = True
        packings = [packing for packing in known if self._allowed(packing, branch)]
        rows = self.rows.and_then(branch.rows)
        seen = set(packings)
        best = Relaxed(-np.inf, np.zeros(0), [], np.zeros(0), rows, np.zeros(len(rows)))
        point, weights = np.zeros(len(self.program.cost)), np.zeros(0)
        try:
            engine, costs = self._begin(rows, branch)
            first = len(costs)
            fresh = packings
            for _ in range(MOST_TURNS):
                costs = np.concatenate((costs, self._extend(engine, rows, fresh)))
                vertex = watch.run(engine)
                point, weights = self._point(vertex.columns, first, packings), vertex.columns[first:]
                bests = [best.price] if best.bound > -np.inf else []
                # Between the best prices so far and the latest ones first: the latest swing wildly.
                for prices in [*(0.5 * (each + vertex.prices[: len(rows)]) for each in bests), vertex.prices[: len(rows)]]:
                    bound, paid, offered = self._learn(rows, prices, branch, taken)
                    if bound > best.bound:
                        best = replace(best, bound=bound, price=paid)
                    fresh = [packing for packing in offered if packing not in seen]
                    if fresh:
                        break
                value = float((costs * vertex.columns).sum())
                if not fresh or value - best.bound <= self._fine or best.bound > ceiling:
                    break
                if np.isfinite(ceiling) and next_value(best.bound, self._step) >= next_value(value, self._step):
                    break
                seen.update(fresh)
                packings = packings + fresh
        except EngineError:
            return None
        weights = np.pad(weights, (0, len(packings) - len(weights)))  # the last packings found were not asked for any more
        return replace(best, point=point, packings=packings, weights=weights)

    def worth(self, relaxed: Relaxed) -> tuple[FloatArray, FloatArray]:
        """Per choice, and per item, how far above the bound plans are that take it, or that leave it out."""
        reduced = self._reduced(relaxed.rows, relaxed.price)
        above = np.maximum(reduced, 0.0)
        nothing = np.zeros(len(reduced), dtype=np.bool_)
        profit = self._profit(reduced, nothing)
        bests, _ = self._best.at(profit, nothing)
        for block, best in zip(self.blocks, bests.tolist(), strict=True):
            above[block.choice] = np.maximum(0.0, best - block.having(profit[block.choice]))
        return above, relaxed.price

    def above(self, branch: Branch, relaxed: Relaxed, costs: FloatArray, columns: Rows) -> FloatArray:
        """Per packing how far above the bound a branch's plans are that have it.

        ``costs`` and ``columns``: as ``as_columns`` tells them.
        """
        size, rows = len(costs), len(relaxed.rows)
        own = columns.row < rows
        worth = costs - np.bincount(columns.column[own], columns.value[own] * relaxed.price[columns.row[own]], size)
        block = np.zeros(size, dtype=np.int64)
        block[columns.column[~own]] = columns.row[~own] - rows
        nothing = np.zeros(len(self.program.cost), dtype=np.bool_)
        bests, _ = self._best.at(self._profit(self._reduced(relaxed.rows, relaxed.price), branch.banned), nothing)
        return np.asarray(np.maximum(0.0, worth + bests[block]))

    def _allowed(self, packing: Packing, branch: Branch) -> bool:
        number, choices = packing
        if not choices or branch.banned[list(choices)].any():
            return False
        return {choice for choice in branch.taken if self.block_of[choice] == number} <= set(choices)

    def _begin(self, rows: Rows, branch: Branch) -> tuple[LinearEngine, FloatArray]:
        """The small program without packings: dear columns that break rows, then the columns in no block."""
        breaking = _breaking(rows)
        lower, upper = self.program.lower[self.alone].copy(), self.program.upper[self.alone].copy()
        upper[branch.banned[self.alone]] = 0.0
        held = np.isin(self.alone, list(branch.taken))
        lower[held] = upper[held] = 1.0
        count = len(breaking.lower)
        costs = np.concatenate((np.full(count, self._dear), self.program.cost[self.alone]))
        selected = np.zeros(len(self.program.cost), dtype=np.bool_)
        selected[self.alone] = True
        kept = on_columns(rows, selected)
        blocks = len(self.blocks)
        program = Program(
            np.concatenate((np.zeros(count), lower)),
            np.concatenate((np.full(count, np.inf), upper)),
            np.zeros(len(costs), dtype=np.bool_),
            costs,
            Rows(
                np.concatenate((rows.lower, np.full(blocks, -np.inf))),
                np.concatenate((rows.upper, np.ones(blocks))),
                np.concatenate((breaking.row, kept.row)),
                np.concatenate((breaking.column, kept.column + count)),
                np.concatenate((breaking.value, kept.value)),
            ),
        )
        return LinearEngine(program), costs

    def _extend(self, engine: LinearEngine, rows: Rows, packings: Sequence[Packing]) -> FloatArray:
        """The packings as columns; their costs."""
        if not packings:
            return np.zeros(0)
        costs, columns = self.as_columns(rows, packings)
        engine.add_columns(costs, columns)
        return costs

    def as_columns(self, rows: Rows, packings: Sequence[Packing]) -> tuple[FloatArray, Rows]:
        """What packings cost, and their coefficients in these rows and in those, last, of one packing per block."""
        which = np.repeat(np.arange(len(packings)), np.array([len(choices) for _, choices in packings], dtype=np.int64))
        choice = np.array([each for _, choices in packings for each in choices], dtype=np.int64)
        costs = np.bincount(which, self.program.cost[choice], len(packings)).astype(np.float64)
        order = np.argsort(rows.column, kind="stable")
        begins = np.searchsorted(rows.column[order], choice, side="left")
        ends = np.searchsorted(rows.column[order], choice, side="right")
        sizes = ends - begins
        entry = order[np.repeat(begins - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes) + np.arange(sizes.sum())]
        key = rows.row[entry] * len(packings) + np.repeat(which, sizes)
        cells, place = np.unique(key, return_inverse=True)
        values = np.bincount(place, rows.value[entry], len(cells))
        block = np.array([number for number, _ in packings], dtype=np.int64)
        return costs, Rows(
            np.concatenate((rows.lower, np.full(len(self.blocks), -np.inf))),
            np.concatenate((rows.upper, np.ones(len(self.blocks)))),
            np.concatenate((cells // len(packings), len(rows) + block)),
            np.concatenate((cells % len(packings), np.arange(len(packings)))),
            np.concatenate((values, np.ones(len(packings)))),
        )

    def _point(self, values: FloatArray, first: int, packings: Sequence[Packing]) -> FloatArray:
        """The small program's point, in the level's own columns."""
        point = np.zeros(len(self.program.cost))
        point[self.alone] = values[first - len(self.alone) : first]
        for (_, choices), value in zip(packings, values[first:].tolist(), strict=True):
            if value:
                point[list(choices)] += value
        return point

    def _reduced(self, rows: Rows, price: FloatArray) -> FloatArray:
        size = len(self.program.cost)
        return np.asarray(self.program.cost - np.bincount(rows.column, rows.value * price[rows.row], size))

    def _learn(self, rows: Rows, prices: FloatArray, branch: Branch, taken: BoolArray) -> tuple[float, FloatArray, list[Packing]]:
        """What prices prove, as a proof may use them, and the best packing of every block."""
        paid = row_prices(rows, prices)
        reduced = self._reduced(rows, paid.price)
        alone = reduced[self.alone]
        held = np.isin(self.alone, list(branch.taken))
        free = np.minimum(0, alone) * self.program.upper[self.alone] * ~branch.banned[self.alone]
        bound = paid.total + float(np.where(held, alone, free).sum())
        profits, found = self._best.at(self._profit(reduced, branch.banned), taken)
        offered = [(number, tuple(choices.tolist())) for number, choices in enumerate(found) if len(choices)]
        return bound - float(profits.sum()), paid.price, offered

    def _profit(self, reduced: FloatArray, banned: BoolArray) -> FloatArray:
        return np.where(banned | (self.program.upper <= 0), -np.inf, -reduced)


def next_value(bound: float, step: int) -> float:
    """The lowest value that a plan can have, given a bound; this is lowered for rounding first."""
    lowered = bound - SLACK * max(1.0, abs(bound), float(step))
    return float(np.ceil(lowered / step) * step)


def beyond(bound: float, step: int, top: float) -> bool:
    """Whether a bound rules out all values up to ``top``."""
    return next_value(bound, step) > top


def _breaking(rows: Rows) -> Rows:
    """A column for each side of a row that not taking anything could break, as large as the row's smallest coefficient."""
    size = len(rows)
    least, most, smallest = np.zeros(size), np.zeros(size), np.full(size, np.inf)
    np.minimum.at(least, rows.row, rows.value)
    np.maximum.at(most, rows.row, rows.value)
    held = rows.value != 0
    np.minimum.at(smallest, rows.row[held], np.abs(rows.value[held]))
    smallest[np.isinf(smallest)] = 1.0
    short = np.flatnonzero(np.isfinite(rows.lower) & ((rows.lower > 0) | (least < 0)))
    over = np.flatnonzero(np.isfinite(rows.upper) & ((rows.upper < 0) | (most > 0)))
    row = np.concatenate((short, over))
    count = np.arange(len(row))
    value = np.concatenate((smallest[short], -smallest[over]))
    return Rows(np.zeros(len(row)), np.zeros(0), row, count, value)
