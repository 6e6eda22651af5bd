"""Level after level: the best plan within what the earlier levels leave, and a bound that says how good it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from optimiser.solving.clusters import clusters
from optimiser.solving.cut_pool import CutPool
from optimiser.solving.exact_parts import exact_parts
from optimiser.solving.fillings import bags
from optimiser.solving.knapsack import knapsacks
from optimiser.solving.level_search import LevelSearch
from optimiser.solving.linear import hopeless_choices, part_ceilings
from optimiser.solving.measure import SLACK
from optimiser.solving.neighbourhood import Neighbourhoods
from optimiser.solving.outcome import Effort, LevelOutcome, Progress, Solution, Stopped
from optimiser.solving.problem import BoolArray, Problem
from optimiser.solving.rooms import with_reachable_rooms
from optimiser.solving.stage import Stage
from optimiser.solving.standing import Standing
from optimiser.solving.watch import Halt, Watch

STANDARD_EFFORT = Effort()


def solve(
    problem: Problem,
    *,
    effort: Effort = STANDARD_EFFORT,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    dealt_with: Sequence[LevelOutcome] = (),
) -> Solution:
    """Minimise the levels in strict order. Always returns a legal plan with honest bounds, whatever stops it.

    ``dealt_with``: what is known of the first levels already; their bests are the start plan's, and they are not searched again.
    """
    run = _Run(problem, effort, report, should_stop)
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
    outcomes = tuple(replace(outcome, given_to=run.given_to(index)) for index, outcome in enumerate(run.standing.outcomes()))
    if stopped == "no" and not all(outcome.proven for outcome in outcomes):
        stopped = "work"
    return Solution(run.standing.held.plan, outcomes, stopped)


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
    ) -> None:
        self.standing = Standing(problem)
        self._problem = problem
        self._effort = effort
        self._report = report
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

    def take_over(self, dealt_with: Sequence[LevelOutcome]) -> None:
        """Open the first levels with bounds that are known already."""
        for index, outcome in enumerate(dealt_with):
            self.standing.open_level(index)
            self.standing.raise_bound(index, outcome.bound)
            self._after[index] = self.standing.held.values

    def levels(self) -> None:
        index, returns = len(self.standing.bests), MOST_RETURNS
        while index < len(self._problem.levels):
            self.standing.open_level(index)
            if self.standing.proven(index):
                self._placed[index] = self._needed_at_once(index)
            else:
                self._watch.begin_turn(len(self._problem.levels) - index)
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
            self._after[index] = self.standing.held.values
            index += 1
            if (risen := self.forget_what_rose()) is not None and returns:
                index, returns = risen, returns - 1

    def _search(self, index: int) -> LevelSearch:
        """The work on one level: over the choices that earlier levels left, in rooms that those can fill."""
        alive = self._usable.copy()
        for dropped in self._dropped.values():
            alive &= ~dropped
        tight = with_reachable_rooms(self._problem, alive)
        upper = np.concatenate((alive.astype(np.float64), part_ceilings(self._problem)))
        exact = exact_parts(tight, tight.limit_room, alive)
        sacks = knapsacks(tight, alive)
        placed = self._problem.must_place.copy()
        for needed in self._placed.values():
            placed |= needed
        wanted = self.standing.wanted_parts(index)
        tied = clusters(tight, tight.limit_room, alive, wanted, placed)
        fillable = bags(tight, tight.limit_room, alive)
        rows = self.standing.rows_for(index, tight.limit_room, exact, placed)
        stage = Stage(self.standing, index, rows, upper, self._pool, sacks, tied)
        return LevelSearch(stage, self._neighbourhoods, fillable)

    def forget_what_rose(self) -> int | None:
        """The first level whose best had to rise since it was dealt with, if any; what was concluded behind it is dropped.

        Whether or not there is effort left to begin again there: a bound that no longer holds is never told.
        """
        risen = self.standing.revisit
        if risen is None:
            return None
        self.standing.revisit = None
        self._dropped = {level: dropped for level, dropped in self._dropped.items() if level < risen}
        self._placed = {level: placed for level, placed in self._placed.items() if level < risen}
        self._pool = CutPool()
        for later in range(risen + 1, len(self._problem.levels)):
            self.standing.bounds[later] = 0
        return risen

    def given_to(self, index: int) -> tuple[str, ...]:
        """The later levels at whose work this one's value rose."""
        stages = [(later, self._after[later][index]) for later in sorted(self._after) if later >= index]
        return tuple(self._problem.levels[later].name for (_, before), (later, after) in pairwise(stages) if after > before)

    def _drop_choices(self, index: int, search: LevelSearch) -> None:
        """Choices that would push this level beyond its tolerance are out for all later levels."""
        measured = self.standing.measures[index]
        largest = float(measured.largest(self.standing.bests[index]))
        beyond = largest + SLACK * max(1.0, abs(largest))
        self._dropped[index] = np.asarray(search.relaxation.floors > beyond)
        self._placed[index] = np.asarray(search.relaxation.left_out > beyond)

    def _needed_at_once(self, index: int) -> BoolArray:
        """Items without which a level is beyond its tolerance whatever the others do: each other takes its cheapest choice."""
        measured, problem = self.standing.measures[index], self._problem
        cheapest = np.zeros(problem.item_count, dtype=np.int64)
        np.minimum.at(cheapest, problem.choice_item, measured.choice_cost)
        return np.asarray(cheapest.sum() - cheapest > measured.largest(self.standing.bests[index]))

    def _tell(self) -> None:
        """Report, when there is something new to tell."""
        if self._report is None:
            return
        index = len(self.standing.bests) - 1
        if index < 0:
            return
        best, bound = self.standing.bests[index], self.standing.bounds[index]
        name = self._problem.levels[index].name
        elapsed = time.monotonic() - self._began
        told = self._told
        if told is None or (told.level, told.value, told.bound) != (name, best, bound) or elapsed - told.elapsed > 1:
            self._told = Progress(name, best, bound, best - bound, elapsed)
            self._report(self._told)
