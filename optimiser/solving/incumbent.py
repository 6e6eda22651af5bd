"""What is known so far: the best plan, each level's best and bound, and how a new plan changes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.domain.level_result import LevelResult
from optimiser.solving.integer_objective import Measure, measure
from optimiser.solving.linear_program import FloatArray, Rows, base_rows, level_row
from optimiser.solving.problem import UNPLACED, BoolArray, IntArray, Problem


@dataclass(frozen=True, slots=True)
class Held:
    """The plan in hand with what follows from it; replaced as a whole, so that an interrupt never sees half of it."""

    plan: IntArray
    values: tuple[int, ...]
    bests: tuple[int, ...]
    """Of the levels dealt with and, last, of the one at work."""


class Incumbent:
    """The plan in hand is legal and within best + tolerance of every level dealt with, at any moment."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.measures: tuple[Measure, ...] = tuple(measure(problem, level) for level in problem.levels)
        self.bounds = [0] * len(self.measures)
        self.held = Held(problem.start.copy(), problem.values(problem.start), ())
        self.revisit: int | None = None
        """The first level whose best had to rise again, because a lower best of an earlier level tightened its limits."""

    @property
    def bests(self) -> tuple[int, ...]:
        return self.held.bests

    def open_level(self, index: int) -> None:
        """Begin with a level, or begin again: its best is, for now, the value of the plan in hand."""
        held = self.held
        self.held = Held(held.plan, held.values, (*held.bests[:index], held.values[index]))
        self.revisit = None
        if self.measures[index].step == 0:
            self.raise_bound(index, held.values[index])

    def raise_bound(self, index: int, bound: int) -> None:
        """A bound that was found for a level; the best one counts, and never above the level's best."""
        self.bounds[index] = min(max(self.bounds[index], bound), self.bests[index])

    def proven(self, index: int) -> bool:
        return self.problem.levels[index].is_proven(self.bests[index], self.bounds[index])

    def plan_from(self, columns: FloatArray) -> IntArray:
        """The plan that a solver's columns stand for."""
        plan = np.full(self.problem.item_count, UNPLACED, dtype=np.int64)
        taken = np.flatnonzero(columns[: self.problem.choice_count] > 0.5)
        plan[self.problem.choice_item[taken]] = taken
        return plan

    def offer(self, plan: IntArray) -> bool:
        """Take a plan over if it is better on the level at work, or on an earlier one that is not proven.

        It has to keep every level before within its tolerance. One that is lower on an earlier level lowers that
        level's best, and with it what later levels may take: their bests become those of the new plan, as no other
        plan is known to keep within the tighter limits.
        """
        if not self.problem.is_legal(plan):
            return False
        values = self.problem.values(plan)
        last = len(self.bests) - 1
        lowered = last + 1
        for index, best in enumerate(self.bests):
            if index < last and (most := self.problem.levels[index].most) is not None:
                if values[index] > most:
                    return False
                continue
            lower = values[index] < best
            if lower and (index == last or not self.proven(index)):
                self._adopt(plan, values, min(index, lowered))
                return True
            if lower:
                lowered = min(index, lowered)
            elif values[index] > self.problem.levels[index].largest(best):
                return False
        return False

    def _adopt(self, plan: IntArray, values: tuple[int, ...], lowered: int) -> None:
        bests = self.bests
        risen = [index for index in range(lowered + 1, len(bests) - 1) if values[index] > bests[index]]
        if risen:
            self.revisit = risen[0] if self.revisit is None else min(self.revisit, risen[0])
        self.held = Held(plan, values, (*bests[:lowered], *values[lowered : len(bests)]))

    def rows_for(self, index: int, capacity: IntArray, exact: BoolArray, placed: BoolArray) -> Rows:
        """What plans obey at a level: the base rows with these capacities, and every earlier level within its tolerance.

        An earlier level's bound is a row's other side: no plan is below it, but fractions would be. ``placed``: the items
        that every such plan gives a choice; a level that says no more than that needs no row.
        """
        kept = [
            level_row(measured, measured.below(bound) + 1.0 if measured.exact else -np.inf, measured.largest(best))
            for measured, best, bound in zip(self.measures[:index], self.bests[:index], self.bounds[:index], strict=True)
            if measured.step and not self._settled(measured, placed)
        ]
        return base_rows(self.problem, capacity, self.wanted_parts(index), exact, placed).and_then(*kept)

    def _settled(self, measured: Measure, placed: BoolArray) -> bool:
        """Whether a level's value is the same for all plans that give these items a choice."""
        items = self.problem.choice_item
        if measured.part_cost.any() or (measured.choice_cost != 0)[~placed[items]].any():
            return False
        same = items[1:] == items[:-1]
        return bool((measured.choice_cost[1:] == measured.choice_cost[:-1])[same].all())

    def wanted_parts(self, index: int) -> BoolArray:
        """The parts that count at a level or at an earlier one."""
        wanted = np.zeros(len(self.problem.parts), dtype=np.bool_)
        for measured in self.measures[: index + 1]:
            wanted |= measured.part_cost > 0
        return wanted

    def outcomes(self) -> tuple[LevelResult[int], ...]:
        """The result of every level; one never opened has the value of the plan in hand, and the bound it came with."""
        for index in range(len(self.bests), len(self.measures)):
            self.open_level(index)
        return tuple(
            LevelResult(
                name=level.name,
                unit=level.unit,
                value=value,
                best=best,
                bound=min(bound, best),
                tolerance=level.tolerance,
                proven=level.is_proven(best, min(bound, best)),
            )
            for level, value, bound, best in zip(
                self.problem.levels, self.held.values, self.bounds, self._bests_told(), strict=True
            )
        )

    def _bests_told(self) -> list[int]:
        """Of a level that is held below a limit nothing is sought but that: its best is that of the plan in hand."""
        return [
            best if level.most is None else value
            for level, value, best in zip(self.problem.levels, self.held.values, self.bests, strict=True)
        ]
