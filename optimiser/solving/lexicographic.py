"""Lexicographic optimisation, level after level: the best plan within what the earlier levels leave, and a proven bound.

Preemptive goal programming (Isermann 1982, *Linear lexicographic optimization*, OR Spektrum 4) over a generalised assignment
problem: items to contracts, each limit a knapsack, with tolerances handed from level to level.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from optimiser.domain.level_result import LevelResult
from optimiser.solving.cut_pool import CutPool
from optimiser.solving.dantzig_wolfe.knapsacks import KnapsackBlock, knapsack_blocks, small_blocks
from optimiser.solving.dantzig_wolfe.patterns import pattern_blocks
from optimiser.solving.exact_parts import exact_parts
from optimiser.solving.incumbent import Incumbent
from optimiser.solving.integer_objective import SLACK
from optimiser.solving.interruptible import Halt, Watch
from optimiser.solving.knapsack_separation import knapsacks
from optimiser.solving.level_search import LevelSearch
from optimiser.solving.level_state import LevelState
from optimiser.solving.linear_program import hopeless_choices, part_ceilings
from optimiser.solving.lns_neighbourhoods import Neighbourhoods
from optimiser.solving.outcome import Effort, Progress, Solution, Stopped
from optimiser.solving.problem import BoolArray, Problem
from optimiser.solving.rhs_tightening import with_tightened_capacities

STANDARD_EFFORT = Effort()
KnownBound = Callable[[Sequence[int]], int]
"""Given the bests of the levels before one, what no plan within their tolerances is below on it; 0: nothing is known."""


def solve(
    problem: Problem,
    *,
    effort: Effort = STANDARD_EFFORT,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    dealt_with: Sequence[LevelResult[int]] = (),
    known: KnownBound | None = None,
) -> Solution:
    """Minimise the levels in strict order. Always returns a legal plan with honest bounds, whatever stops it.

    ``dealt_with``: what is known of the first levels already; their bests are the start plan's, and they are not searched again.
    ``known``: a bound of a level, of plans that have no more than these bests (and tolerances) on the levels before it.
    """
    run = _Run(problem, effort, report, should_stop, known)
    run.take_over(dealt_with)
    stopped: Stopped = "no"
    try:
        run.levels()
        if run.cut_short:
            stopped = "wall"
    except Halt as halt:
        stopped = halt.reason
    except KeyboardInterrupt:
        stopped = "cancelled"
    run.forget_what_rose()
    outcomes = tuple(replace(outcome, given_to=run.given_to(index)) for index, outcome in enumerate(run.incumbent.outcomes()))
    if stopped == "no" and not all(outcome.proven for outcome in outcomes):
        stopped = "work"
    return Solution(run.incumbent.held.plan, outcomes, stopped)


MOST_RETURNS = 5
"""A later level that improves an earlier, unproven one sends the run back, but not for ever."""


class _Run:
    """The state of one solve."""

    def __init__(
        self,
        problem: Problem,
        effort: Effort,
        report: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
        known: KnownBound | None,
    ) -> None:
        self.incumbent = Incumbent(problem)
        self._problem = problem
        self._effort = effort
        self._report = report
        self._known = known
        self._began = time.monotonic()
        self._told: Progress | None = None
        self.cut_short = False
        """Whether a level was ended by its part of the clock."""
        self._after: dict[int, tuple[int, ...]] = {}
        """Per level dealt with: the values of all levels then."""
        self._watch = Watch(should_stop, effort.wall_seconds, self._tell)
        self._usable = ~hopeless_choices(problem)
        self._dropped: dict[int, BoolArray] = {}
        """Per level dealt with: the choices that would push it beyond its tolerance."""
        self._placed: dict[int, BoolArray] = {}
        """Per level dealt with: the items that would do so by having no choice."""
        self._pool = CutPool()
        self._neighbourhoods = Neighbourhoods(problem)

    def take_over(self, dealt_with: Sequence[LevelResult[int]]) -> None:
        """Open the first levels with bounds that are known already."""
        for index, outcome in enumerate(dealt_with):
            self.incumbent.open_level(index)
            self.incumbent.raise_bound(index, outcome.bound)
            self._after[index] = self.incumbent.held.values
            self._tell()

    def levels(self) -> None:
        index, returns = len(self.incumbent.bests), MOST_RETURNS
        while index < len(self._problem.levels):
            self.incumbent.open_level(index)
            if self._known is not None:
                self.incumbent.raise_bound(index, self._known(self.incumbent.bests[:index]))
            if self.incumbent.proven(index):
                self._placed[index] = self._needed_at_once(index)
            else:
                self._watch.begin_turn(1 + self._still_to_do(index))
                self._watch.check()
                search = self._search(index)
                try:
                    search.run(self._watch, self._effort)
                except Halt as halt:
                    if halt.reason != "wall" or self._watch.is_over():
                        raise
                    self.cut_short = True
                self._drop_choices(index, search)
            self._tell()
            self._after[index] = self.incumbent.held.values
            index += 1
            if (risen := self.forget_what_rose()) is not None and returns:
                index, returns = risen, returns - 1

    def _still_to_do(self, index: int) -> int:
        """How many later levels there is anything to choose on: the others need no part of the clock."""
        return sum(1 for measured in self.incumbent.measures[index + 1 :] if measured.step)

    def _search(self, index: int) -> LevelSearch:
        """The work on one level: over the choices that earlier levels left, in capacities that those can fill."""
        alive = self._usable.copy()
        for dropped in self._dropped.values():
            alive &= ~dropped
        tight = with_tightened_capacities(self._problem, alive)
        upper = np.concatenate((alive.astype(np.float64), part_ceilings(self._problem)))
        exact = exact_parts(tight, tight.limit_capacity, alive)
        sacks = knapsacks(tight, alive)
        placed = self._problem.must_place.copy()
        for needed in self._placed.values():
            placed |= needed
        wanted = self.incumbent.wanted_parts(index)
        tied = pattern_blocks(tight, tight.limit_capacity, alive, wanted, placed)
        shared = self._shared(tight, alive)
        rows = self.incumbent.rows_for(index, tight.limit_capacity, exact, placed)
        stage = LevelState(self.incumbent, index, rows, upper, self._pool, sacks, tied)
        return LevelSearch(stage, self._neighbourhoods, *shared)

    def _shared(self, tight: Problem, alive: BoolArray) -> tuple[list[KnapsackBlock], list[int]]:
        """What whole packings are of, and the limits that are of none of them."""
        if self._effort.block_states is None:
            return knapsack_blocks(tight, tight.limit_capacity, alive), []
        return small_blocks(tight, tight.limit_capacity, alive, self._effort.block_states)

    def forget_what_rose(self) -> int | None:
        """The first level whose best had to rise since it was dealt with, if any; what was concluded behind it is dropped.

        Whether or not there is effort left to begin again there: a bound that no longer holds is never told.
        """
        risen = self.incumbent.revisit
        if risen is None:
            return None
        self.incumbent.revisit = None
        self._dropped = {level: dropped for level, dropped in self._dropped.items() if level < risen}
        self._placed = {level: placed for level, placed in self._placed.items() if level < risen}
        self._pool = CutPool()
        for later in range(risen + 1, len(self._problem.levels)):
            self.incumbent.bounds[later] = 0
        return risen

    def given_to(self, index: int) -> tuple[str, ...]:
        """The later levels at whose work this one's value rose."""
        stages = [(later, self._after[later][index]) for later in sorted(self._after) if later >= index]
        return tuple(self._problem.levels[later].name for (_, before), (later, after) in pairwise(stages) if after > before)

    def _drop_choices(self, index: int, search: LevelSearch) -> None:
        """Choices that would push this level beyond its tolerance are out for all later levels."""
        measured = self.incumbent.measures[index]
        largest = float(measured.largest(self.incumbent.bests[index]))
        beyond = largest + SLACK * max(1.0, abs(largest))
        self._dropped[index] = np.asarray(search.relaxation.floors > beyond)
        self._placed[index] = np.asarray(search.relaxation.left_out > beyond)

    def _needed_at_once(self, index: int) -> BoolArray:
        """Items without which a level is beyond its tolerance whatever the others do: each other takes its cheapest choice."""
        measured, problem = self.incumbent.measures[index], self._problem
        cheapest = np.zeros(problem.item_count, dtype=np.int64)
        np.minimum.at(cheapest, problem.choice_item, measured.choice_cost)
        return np.asarray(cheapest.sum() - cheapest > measured.largest(self.incumbent.bests[index]))

    def _tell(self) -> None:
        """Report, when there is something new to tell."""
        if self._report is None:
            return
        index = len(self.incumbent.bests) - 1
        if index < 0:
            return
        best, bound = self.incumbent.bests[index], self.incumbent.bounds[index]
        name = self._problem.levels[index].name
        elapsed = time.monotonic() - self._began
        told = self._told
        if told is None or (told.level, told.value, told.bound) != (name, best, bound) or elapsed - told.elapsed > 1:
            self._told = Progress(name, best, bound, best - bound, elapsed)
            self._report(self._told)
