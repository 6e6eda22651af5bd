"""The least cost of placing one item more, while all that are placed stay placed, here or there.

Asked item by item over one program, so that packings found for one serve the next. Bounds come from prices, as everywhere;
plans from a whole-number program over the packings found (the restricted master heuristic: Joncour and others 2010, *Column
generation based primal heuristics*).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.solving.dantzig_wolfe.knapsack_master import Branch, KnapsackMaster, Packing, Relaxed, next_value
from optimiser.solving.dantzig_wolfe.raised_knapsacks import Raise, raised_knapsacks
from optimiser.solving.dantzig_wolfe.raised_pricing import RaisedPricing
from optimiser.solving.engine import EngineError, WholeEngine
from optimiser.solving.interruptible import Watch
from optimiser.solving.linear_program import FloatArray, Program, Rows, on_columns, single_row
from optimiser.solving.problem import UNPLACED, BoolArray, IntArray, Problem

SEARCH_NODES = 20
"""Branching nodes of the search among the packings found."""
MOST_PACKINGS = 1_200
"""It is among so many, those nearest to the bound: more take longer and are hardly ever of use."""
FINE = 1e-6
DEAR = 100.0
"""An item left out in part costs so many times the dearest plan: so that it is seen where there is none at all."""


@dataclass(frozen=True, slots=True)
class Found:
    """A plan that places an item as well."""

    plan: IntArray
    cost: int
    raised: int | None
    """The number of the raise that it takes, if it takes one."""


@dataclass(frozen=True, slots=True)
class OneMore:
    """The cheapest plan found below a cost, and what is proven of all there are."""

    found: Found | None
    at_least: int | None
    """No plan costs less than this; None: none is below the cost asked for."""


class OneMoreItem:
    """Answers for one item after the other."""

    @property
    def _dearest(self) -> float:
        return float(self._program.cost.max(initial=0.0))

    def __init__(
        self, problem: Problem, plan: IntArray, choice_cost: IntArray, raises: Sequence[Raise], watch: Watch | None = None
    ) -> None:
        """``plan``: legal without any raise. ``choice_cost``: of taking a choice; the plan's own cost nothing."""
        self._problem, self._plan, self._raises = problem, plan, list(raises)
        self._watch = watch or Watch(None, None, lambda: None)
        made = raised_knapsacks(problem, plan != UNPLACED, choice_cost, raises)
        self._program = made.program
        self._step = math.gcd(*self._program.cost.astype(np.int64).tolist()) or 1
        self._master = KnapsackMaster(made.program, made.blocks, slice(0, 0), self._step, RaisedPricing(made.blocks), DEAR)
        self._waiting = plan[problem.choice_item] == UNPLACED
        self._known: dict[Packing, None] = dict.fromkeys(self._packings(plan, None))

    def nobody(self, items: Collection[int]) -> bool:
        """Whether no plan places even one of these items, whatever it costs. False: that is not certain."""
        relaxed = self._master.solve(self._watch, self._branch(items, self._dearest), list(self._known), self._dearest)
        return relaxed is not None and next_value(relaxed.bound, 1) > self._dearest

    def cheapest(self, item: int, below: float, known: tuple[IntArray, int | None] | None = None) -> OneMore:
        """The least cost of a plan that places an item, of those that cost less than ``below``.

        ``known``: a plan that places it at some cost, with the number of its raise: a point to begin from.
        """
        if known is not None:
            self._known.update(dict.fromkeys(self._packings(*known)))
        costs = [cost for cost in self._costs(item) if cost < below]
        if not costs:
            return OneMore(None, None)
        branch = self._branch([item], costs[-1])
        relaxed = self._master.solve(self._watch, branch, list(self._known), float(costs[-1]))
        if relaxed is None:
            return OneMore(None, costs[0])
        likely = self._likely(branch, relaxed, costs[-1])
        open_to = [cost for cost in costs if cost >= next_value(max(relaxed.bound, 0.0), 1)]
        if not open_to:
            return OneMore(None, None)
        return OneMore(self._search(branch, relaxed, likely), open_to[0])

    def _costs(self, item: int) -> list[int]:
        """What a plan that places an item can cost, in order."""
        own = np.flatnonzero((self._problem.choice_item == item) & (self._program.upper[: self._problem.choice_count] > 0))
        costs = {each.cost for each in self._raises} if self._raises else {int(cost) for cost in self._program.cost[own]}
        return sorted(cost for cost in costs if cost > 0)

    def _branch(self, items: Collection[int], at_most: float) -> Branch:
        """The plans with one of these items, and of those who wait with nobody else; without what costs more."""
        choices = self._problem.choice_count
        own = np.isin(self._problem.choice_item, list(items))
        banned = self._program.cost > at_most
        banned[:choices] |= self._waiting & ~own
        if not self._raises:
            banned[:choices] |= own & (self._program.cost[:choices] == 0)
        columns = np.flatnonzero(own & (self._program.upper[:choices] > 0))
        row = single_row(columns, np.ones(len(columns)), np.inf)
        return Branch(replace(row, lower=np.ones(1)), frozenset(), banned)

    def _packings(self, plan: IntArray, raised: int | None) -> list[Packing]:
        """A plan's packings."""
        columns = np.zeros(len(self._program.cost))
        columns[plan[plan != UNPLACED]] = 1.0
        packings = [(number, chosen) for number, chosen in self._master.packings_of(columns) if chosen]
        if raised is None:
            return packings
        column = self._problem.choice_count + raised
        return [(n, (*chosen, column)) if n == self._master.block_of[column] else (n, chosen) for n, chosen in packings]

    def _likely(self, branch: Branch, relaxed: Relaxed, ceiling: float) -> list[Packing]:
        """The packings that a plan up to the ceiling can have; the best of all are kept for whoever is asked for next."""
        costs, columns = self._master.as_columns(relaxed.rows, relaxed.packings)
        least = (relaxed.bound + self._master.above(branch, relaxed, costs, columns)).tolist()
        told = list(zip(relaxed.packings, least, strict=True))
        self._known.update(dict.fromkeys(packing for packing, value in told if value <= relaxed.bound + self._step))
        nearest = sorted(told, key=lambda each: each[1])[:MOST_PACKINGS]
        return [packing for packing, value in nearest if value <= ceiling + FINE]

    def _search(self, branch: Branch, relaxed: Relaxed, likely: list[Packing]) -> Found | None:
        """The best plan of some of the packings found."""
        rows = relaxed.rows
        alone = self._master.alone[~branch.banned[self._master.alone]]
        costs, columns = self._master.as_columns(rows, likely)
        chosen = np.zeros(len(self._program.cost), dtype=np.bool_)
        chosen[alone] = True
        kept = on_columns(rows, chosen)
        size = len(alone) + len(likely)
        program = Program(
            np.zeros(size),
            np.ones(size),
            np.ones(size, dtype=np.bool_),
            np.concatenate((self._program.cost[alone], costs)),
            Rows(
                columns.lower,
                columns.upper,
                np.concatenate((kept.row, columns.row)),
                np.concatenate((kept.column, columns.column + len(alone))),
                np.concatenate((kept.value, columns.value)),
            ),
        )
        try:
            answer = self._watch.run(
                WholeEngine(program, hint=None, gap=0.0, nodes=SEARCH_NODES, enough=next_value(relaxed.bound, self._step))
            )
        except EngineError:
            return None
        return None if answer.columns is None else self._plan_of(answer.columns, alone, likely)

    def _plan_of(self, values: FloatArray, alone: IntArray, packings: Sequence[Packing]) -> Found | None:
        """The plan of a program's columns, if its raise is enough for it."""
        taken = np.zeros(len(self._program.cost), dtype=np.bool_)
        taken[alone[values[: len(alone)] > 0.5]] = True
        for number in np.flatnonzero(values[len(alone) :] > 0.5).tolist():
            taken[list(packings[number][1])] = True
        choices = self._problem.choice_count
        raised = np.flatnonzero(taken[choices:]).tolist()
        plan = np.full(self._problem.item_count, UNPLACED, dtype=np.int64)
        plan[self._problem.choice_item[np.flatnonzero(taken[:choices])]] = np.flatnonzero(taken[:choices])
        capacity = self._problem.limit_capacity.copy()
        for number in raised:
            capacity[self._raises[number].limit] += self._raises[number].more
        if len(raised) > 1 or not self._is_legal(plan, taken[:choices], capacity):
            return None
        self._put_back(plan, capacity)
        return Found(plan, int(self._program.cost[taken].sum()), raised[0] if raised else None)

    def _is_legal(self, plan: IntArray, chosen: BoolArray, capacity: IntArray) -> bool:
        one_each = int(chosen.sum()) == int((plan != UNPLACED).sum())
        stays = bool((plan[self._plan != UNPLACED] != UNPLACED).all())
        return one_each and stays and bool((self._problem.limits.totals(chosen) <= capacity).all())

    def _put_back(self, plan: IntArray, capacity: IntArray) -> None:
        """Whoever need not have gone elsewhere is back where the plan in hand has them."""
        again = True
        while again:
            again = False
            for item in np.flatnonzero((plan != self._plan) & (self._plan != UNPLACED)).tolist():
                there, plan[item] = plan[item], self._plan[item]
                if (self._problem.limits.totals(self._problem.chosen(plan)) <= capacity).all():
                    again = True
                else:
                    plan[item] = there
