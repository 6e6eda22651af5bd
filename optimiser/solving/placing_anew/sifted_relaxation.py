"""The linear relaxation of one level after the other where there are hundreds of thousands of choices.

Few of them are ever of use, so the program holds some and lets in what its prices ask for (sifting: Bixby, Gregory, Lustig,
Marsten and Shanno 1992, *Very large-scale linear programming*); the next level goes on from the last one's answer.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import numpy as np

from optimiser.solving.engine import EngineError, LinearEngine, Vertex
from optimiser.solving.integer_objective import Measure
from optimiser.solving.interruptible import Watch
from optimiser.solving.linear_program import (
    FloatArray,
    Program,
    Rows,
    base_rows,
    column_costs,
    level_row,
    on_columns,
    part_ceilings,
    plan_columns,
)
from optimiser.solving.problem import BoolArray, IntArray, Problem
from optimiser.solving.relaxation import row_prices

FIRST_CHOICES = 5
"""So many choices an item, beside those of the plan to start from, are in the program to begin with."""
LET_IN = 3
"""At most so many choices an item are let in at once."""
CLOSE = 1e-5
"""A relaxation is done when its prices prove its value to this share."""
MOST_ROUNDS = 60
NEGATIVE = 1e-7


@dataclass(frozen=True, slots=True)
class Priced:
    """A relaxed level, scaled and without its constant."""

    value: float
    """Of the relaxation."""
    bound: float
    """No plan is below it: computed here from row prices, which bound the level whatever they are."""
    point: FloatArray
    """Per choice how much of it the relaxation takes."""
    floors: FloatArray
    """Per choice what its cheapest use costs over the cheapest of its item, at these prices; infinite where it is not usable."""
    left_out: FloatArray
    """Per item what leaving it out costs over its cheapest choice."""
    limit_prices: FloatArray
    """What a unit of each limit's room is worth, from 0 on."""
    level_prices: FloatArray
    """What a unit, scaled, of each earlier level that is held is worth, in the order in which they were held."""


class SiftedRelaxation:
    """Levels are relaxed in order; each is held (``hold``) before the next one is."""

    def __init__(self, problem: Problem, usable: BoolArray, watch: Watch, columns: BoolArray | None = None) -> None:
        """``columns``: those to begin with, where an earlier relaxation of the same problem has found which are of use."""
        self._problem, self._usable, self._watch = problem, usable, watch
        self._choices = problem.choice_count
        parts = len(problem.parts)
        nothing = np.zeros(parts, dtype=np.bool_)
        self._rows = base_rows(problem, problem.limit_capacity, ~nothing, nothing, problem.must_place)
        self._upper = np.concatenate((usable.astype(np.float64), part_ceilings(problem)))
        self._first = np.flatnonzero(np.diff(problem.choice_item, prepend=-1))
        self._item_of_first = problem.choice_item[self._first]
        self._lengths = np.diff(np.append(self._first, self._choices))
        self.columns = self._to_begin_with() if columns is None else columns.copy()
        """Which columns are in the program: choices, then parts."""
        self._order: IntArray = np.flatnonzero(self.columns)
        self._engine: LinearEngine | None = None

    def _to_begin_with(self) -> BoolArray:
        columns = np.ones(self._choices + len(self._problem.parts), dtype=np.bool_)
        rank = np.arange(self._choices) - np.repeat(self._first, self._lengths)
        planned = plan_columns(self._problem, self._problem.start)[: self._choices] > 0.5
        columns[: self._choices] = (planned | (rank < FIRST_CHOICES)) & self._usable
        return columns

    def hold(self, measured: Measure, largest: int) -> None:
        """From now on the level is at most this, scaled and without its constant."""
        row = level_row(measured, -np.inf, largest)
        self._rows = self._rows.and_then(row)
        if self._engine is not None:
            place = np.full(len(self.columns), -1, dtype=np.int64)
            place[self._order] = np.arange(len(self._order))
            kept = self.columns[row.column]
            inside = Rows(row.lower, row.upper, row.row[kept], place[row.column[kept]], row.value[kept])
            try:
                self._engine.add(inside)
            except EngineError:
                self._engine = None

    def relax(self, measured: Measure) -> Priced:
        """The level's relaxation over all choices. Where the simplex gives up, what the last prices prove; ``EngineError``
        where there are none.
        """
        cost = column_costs(measured)
        if self._engine is not None:
            try:
                self._engine.set_costs(cost[self._order])
            except EngineError:
                self._engine = None
        best: Priced | None = None
        for _ in range(MOST_ROUNDS):
            try:
                vertex = self._solved(cost)
            except EngineError:
                if best is None:
                    raise
                break
            found, reduced = self._priced(cost, vertex)
            if best is None or found.bound > best.bound:
                best = found
            if found.value - best.bound <= CLOSE * max(abs(found.value), abs(measured.constant), float(measured.step)):
                break
            wanted = self._wanted(reduced, NEGATIVE * float(np.abs(cost).max(initial=0.0)))
            if not wanted.any():
                break
            self._let_in(cost, wanted)
        if best is None:
            raise EngineError("a level was not relaxed at all")
        return best

    def _solved(self, cost: FloatArray) -> Vertex:
        """Where the simplex fails, it begins anew, once; with presolve and scaling then."""
        if self._engine is not None:
            with contextlib.suppress(EngineError):
                return self._watch.run(self._engine)
        try:
            self._engine = self._begun(cost, careful=False)
            return self._watch.run(self._engine)
        except EngineError:
            self._engine = self._begun(cost, careful=True)
            return self._watch.run(self._engine)

    def _begun(self, cost: FloatArray, *, careful: bool) -> LinearEngine:
        self._order = np.flatnonzero(self.columns)
        size = len(self._order)
        rows = on_columns(self._rows, self.columns)
        return LinearEngine(
            Program(np.zeros(size), self._upper[self._order], np.zeros(size, dtype=np.bool_), cost[self._order], rows),
            careful=careful,
        )

    def _priced(self, cost: FloatArray, vertex: Vertex) -> tuple[Priced, FloatArray]:
        """What the prices of a vertex prove for all columns, those outside of the program as well; and reduced costs."""
        problem, choices = self._problem, self._choices
        point = np.zeros(len(self._upper))
        point[self._order] = vertex.columns
        paid = row_prices(self._rows, vertex.prices)
        reduced = cost - np.bincount(
            self._rows.column, weights=self._rows.value * paid.price[self._rows.row], minlength=len(cost)
        )
        usable = np.where(self._usable, reduced[:choices], np.inf)
        cheapest = np.zeros(problem.item_count)
        if choices:
            cheapest[self._item_of_first] = np.minimum(0, np.minimum.reduceat(usable, self._first))
        parts = float((np.minimum(0, reduced[choices:]) * self._upper[choices:]).sum())
        first = problem.item_count
        held = first + len(problem.limits) + len(problem.parts)
        found = Priced(
            value=float((point * cost).sum()),
            bound=paid.total + float(cheapest.sum()) + parts,
            point=point[:choices],
            floors=usable - cheapest[problem.choice_item],
            left_out=-cheapest,
            limit_prices=-paid.price[first : first + len(problem.limits)],
            level_prices=-paid.price[held:],
        )
        return found, reduced

    def _wanted(self, reduced: FloatArray, least: float) -> BoolArray:
        """Per item the few choices outside of the program that the prices ask for most."""
        choices = self._choices
        outside = np.where(self.columns[:choices] | ~self._usable, np.inf, reduced[:choices])
        wanted = np.zeros(len(reduced), dtype=np.bool_)
        for _ in range(LET_IN if choices else 0):
            smallest = np.repeat(np.minimum.reduceat(outside, self._first), self._lengths)
            found = np.flatnonzero((outside == smallest) & (outside < -least))
            if not len(found):
                break
            _, once = np.unique(self._problem.choice_item[found], return_index=True)
            wanted[found[once]] = True
            outside[found[once]] = np.inf
        return wanted

    def _let_in(self, cost: FloatArray, wanted: BoolArray) -> None:
        self.columns |= wanted
        if self._engine is None:
            return
        new = np.flatnonzero(wanted)
        try:
            self._engine.add_columns(cost[new], on_columns(self._rows, wanted))
        except EngineError:
            self._engine = None
            return
        self._order = np.concatenate((self._order, new))
