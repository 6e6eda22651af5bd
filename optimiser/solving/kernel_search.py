"""Kernel search on the first levels of a problem in which hundreds may move so that others find a place.

Nearly every choice of running care is of no use, but which ones are is not known before. So the most promising choices, by the
prices of the linear relaxation, are searched first, all levels weighed in one; then one level after the other is
proven over every choice that its prices do not rule out. Angelelli, Mansini and Speranza (2010, *Kernel search: a general
heuristic for the multi-dimensional knapsack problem*).
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.domain.level_result import LevelResult
from optimiser.rules.vocabulary import Group, up_to
from optimiser.solving.cut_pool import CutPool
from optimiser.solving.destructive_bounds import raise_bound
from optimiser.solving.engine import Answer, EngineError, LinearEngine
from optimiser.solving.engine_highs import HighsEngine
from optimiser.solving.exact_parts import exact_parts
from optimiser.solving.incumbent import Held, Incumbent
from optimiser.solving.integer_objective import SLACK
from optimiser.solving.interruptible import Halt, Watch
from optimiser.solving.knapsack_separation import knapsacks
from optimiser.solving.level_state import LevelState
from optimiser.solving.linear_program import (
    FloatArray,
    Program,
    base_rows,
    counting,
    hopeless_choices,
    on_columns,
    over_columns,
    part_ceilings,
    plan_columns,
)
from optimiser.solving.lns import relaxation_neighbourhood
from optimiser.solving.lns_neighbourhoods import one_room_at_a_time
from optimiser.solving.outcome import Effort, Progress, Stopped
from optimiser.solving.problem import BoolArray, IntArray, Problem
from optimiser.solving.rhs_tightening import with_tightened_capacities

STEP_UP = 100.0
"""In the weighed search a level counts so many times as much as the next: enough to keep the order in nearly all cases."""
KERNELS = (2_500, 5_000, 7_500)
"""How many choices the weighed searches have, one after the other, each from the last one's plan on."""
KERNEL_NODES = 400
FEW_CHOICES = 5_000
"""With no more choices than this all levels weighed in one take longer than one after the other."""
ROOM_NODES = 100
"""Each search with those on one limit free has so many."""
PROOF_NODES = 8_000
SMALL_PROOF_NODES = 24_000
SMALL_PROOF = 20_000
"""Coefficients: up to so many a proof has three times the nodes, each of them being as much less work."""
LARGEST_PROOF = 60_000
"""Coefficients: beyond it a proof seldom ends. Of unmet need it is tried all the same, with fewer nodes, up to a limit."""
WIDE_PROOF, WIDE_NODES = 200_000, 400
SMALLEST_REACH = 1 / 16
SEARCHES_FROM_BELOW = 1
FROM_BELOW = Effort(nodes=300)
"""Small programs are searched from the bound upwards first: cuts and a low ceiling leave little of them."""
CUT_ROUNDS = 40
MOST_RETURNS = 3
"""A later level that improves an earlier, unproven one sends the search back, but not for ever."""


@dataclass(frozen=True)
class KernelResult:
    """What the search for room leaves to the levels after it."""

    plan: IntArray
    outcomes: tuple[LevelResult[int], ...]
    """Of the first levels."""
    usable: BoolArray
    """Per choice: whether a plan as good on the first levels could take it."""
    stopped: Stopped


class KernelSearch:
    """Works on the first levels of a problem. ``incumbent`` holds the best plan at any moment."""

    def __init__(
        self,
        problem: Problem,
        levels: int,
        *,
        seconds: float | None,
        report: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        self._problem, self._levels, self._report = problem, levels, report
        self._moves = next(level.choice_cost for level in problem.levels if level.group is Group.MOVES)
        self._weighed_levels = up_to(problem.levels, Group.MOVES)
        """So many first levels are weighed in one: unmet need and disruption."""
        self._began = time.monotonic()
        self._deadline = None if seconds is None else self._began + seconds
        self._watch = Watch(should_stop, seconds, self._tell)
        self._told: Progress | None = None
        self.incumbent = Incumbent(problem)
        self.usable = ~hopeless_choices(problem)
        self._pool = CutPool()

    def run(self) -> KernelResult:
        """Search, then prove level by level; whatever stops it, what is known by then is kept."""
        stopped: Stopped = "no"
        try:
            self._watch.check()
            if self.usable.sum() > FEW_CHOICES:
                for size in (*KERNELS[:1], *(each for each in KERNELS[1:] if each < self.usable.sum())):
                    self._weighed(size)
            self._level_by_level()
        except Halt as halt:
            stopped = halt.reason
        except KeyboardInterrupt:
            stopped = "cancelled"
        if self._is_over():
            stopped = "wall"
        outcomes = self.incumbent.outcomes()[: self._levels]
        return KernelResult(self.incumbent.held.plan, outcomes, self.usable, stopped)

    def _level_by_level(self) -> None:
        """Prove one level after the other; begin again at one whose best had to rise, as often as ``MOST_RETURNS``."""
        index, returns = 0, MOST_RETURNS
        before: list[BoolArray] = []
        while index < self._levels:
            del before[index:]
            before.append(self.usable)
            self.incumbent.open_level(index)
            if not self.incumbent.proven(index):
                self._prove(index)
            self._leave_out_the_dearest(index)
            risen, self.incumbent.revisit = self.incumbent.revisit, None
            if risen is not None:
                self.usable = before[risen]  # what was left out for the best that it had is not left out for good
            index += 1
            if risen is not None and returns:
                index, returns = risen, returns - 1

    def _leave_out_the_dearest(self, index: int) -> None:
        """Choices that alone cost more than the level may: where nobody has to move, nobody moves."""
        measured = self.incumbent.measures[index]
        if measured.exact and (measured.choice_cost >= 0).all():
            self.usable = self.usable & (measured.choice_cost <= measured.largest(self.incumbent.bests[index]))

    def _is_over(self) -> bool:
        return self._deadline is not None and time.monotonic() > self._deadline

    def _tell(self) -> None:
        """Report, when there is something new to tell."""
        if self._report is None:
            return
        index = len(self.incumbent.bests) - 1
        name = self._problem.levels[index].name if index >= 0 else "making room"
        waiting = up_to(self._problem.levels, Group.WAITING) - 1
        best = self.incumbent.bests[index] if index >= 0 else self.incumbent.held.values[waiting]
        bound = self.incumbent.bounds[index] if index >= 0 else 0
        elapsed = time.monotonic() - self._began
        told = self._told
        if told is None or (told.level, told.value, told.bound) != (name, best, bound) or elapsed - told.elapsed > 1:
            self._told = Progress(name, best, bound, best - bound, elapsed)
            self._report(self._told)

    def _weighed(self, size: int) -> None:
        """Search among so many choices with all levels weighed in one."""
        problem = self._problem
        first = problem.levels[: self._weighed_levels]
        last = len(first) - 1
        cost = np.sum([STEP_UP ** (last - k) * level.choice_cost for k, level in enumerate(first)], axis=0)
        cost = np.concatenate((cost / STEP_UP, np.zeros(len(problem.parts))))
        upper = np.concatenate((self.usable, np.zeros(len(problem.parts)))).astype(np.float64)
        nothing = np.zeros(len(problem.parts), dtype=np.bool_)
        program = Program(
            np.zeros(len(cost)),
            upper,
            upper > 0,
            cost,
            base_rows(problem, problem.limit_capacity, nothing, nothing, problem.must_place),
        )
        try:
            vertex = self._watch.run(LinearEngine(program, careful=True))
        except EngineError:
            return
        rows = program.rows
        reduced = cost - np.bincount(rows.column, weights=rows.value * vertex.prices[rows.row], minlength=len(cost))
        ranked = np.argsort(np.where(upper > 0, reduced, np.inf), kind="stable")[:size]
        selected = np.zeros(len(cost), dtype=np.bool_)
        selected[ranked] = True
        selected &= upper > 0
        start = plan_columns(problem, self.incumbent.held.plan)
        selected[: problem.choice_count] |= start[: problem.choice_count] > 0.5
        answer = self._ask(over_columns(program, selected), start[selected], gap=0.5 / STEP_UP, nodes=KERNEL_NODES)
        self._take(answer, selected)

    def _take(self, answer: Answer, selected: BoolArray) -> None:
        """Begin again from a plan that is better in strict order."""
        if answer.columns is None:
            return
        columns = np.zeros(len(selected))
        columns[selected] = answer.columns
        plan = self.incumbent.plan_from(columns)
        first = slice(self._weighed_levels)
        if self._problem.is_legal(plan) and self._problem.values(plan)[first] < self.incumbent.held.values[first]:
            bounds = self.incumbent.bounds
            self.incumbent = Incumbent(replace(self._problem, start=plan))
            self.incumbent.bounds = bounds

    def _prove(self, index: int) -> None:
        """Tighten the relaxation of a level, then search every choice that its prices leave."""
        stage = self._tightened(index)
        size = len(stage.program.rows.value)
        unmet = index < self._weighed_levels - 1
        if unmet and not self.incumbent.proven(index) and size + len(stage.tight_cuts().value) <= SMALL_PROOF:
            relaxation_neighbourhood(stage, self._watch, FROM_BELOW)
            raise_bound(stage, self._watch, SEARCHES_FROM_BELOW, SMALLEST_REACH, FROM_BELOW.nodes)
        if not self.incumbent.proven(index):
            self._search(index, stage)
        if unmet and size <= LARGEST_PROOF and not self.incumbent.proven(index):
            self._room_by_room(index, stage)
        largest = float(stage.measured.largest(self.incumbent.bests[index]))
        # A mask of its own: the one before may be needed again.
        self.usable = self.usable & (stage.relaxation.floors <= largest + SLACK * max(1.0, abs(largest)))

    def _tightened(self, index: int) -> LevelState:
        """The level with its relaxation tightened by cuts, whose bound is noted."""
        problem = self._problem
        tight = with_tightened_capacities(problem, self.usable)
        upper = np.concatenate((self.usable.astype(np.float64), part_ceilings(problem)))
        exact = exact_parts(tight, tight.limit_capacity, self.usable)
        rows = self.incumbent.rows_for(index, tight.limit_capacity, exact, problem.must_place)
        stage = LevelState(self.incumbent, index, rows, upper, self._pool, knapsacks(tight, self.usable), [])

        def gap(bound: float) -> float:
            stage.goal.note(bound)
            return 0.0 if stage.goal.proven else 1.0

        with contextlib.suppress(EngineError):
            stage.relaxation.tighten(self._watch, CUT_ROUNDS, gap)
        gap(stage.relaxation.bound)
        return stage

    def _search(self, index: int, stage: LevelState) -> None:
        """Branch and bound over the choices that a better plan could take; where they are many, over the likeliest first."""
        program, relaxation, measured = stage.program, stage.relaxation, stage.measured
        choices, counts_moves = self._problem.choice_count, index < self._weighed_levels
        if counts_moves:  # after those, how many move is settled: cuts and count would only enlarge the program
            program = counting(replace(program, rows=program.rows.and_then(relaxation.tight_cuts())), self._moves)

        def ask(selected: BoolArray, nodes: int) -> Answer:
            start = stage.plan_columns()
            start = np.append(start, start[:choices] @ self._moves) if counts_moves else start
            selected = selected | (start > 0.5)
            answer = self._ask(over_columns(program, selected), start[selected], gap=0.9 * measured.step, nodes=nodes)
            self._offer(answer, selected)
            return answer

        ceiling = float(measured.below(self.incumbent.bests[index]))
        near = program.upper > program.lower
        near[:choices] &= relaxation.floors <= ceiling + SLACK * max(1.0, abs(ceiling))
        size = len(on_columns(program.rows, near).value)
        nodes = SMALL_PROOF_NODES if size <= SMALL_PROOF else PROOF_NODES
        if size > LARGEST_PROOF:
            likeliest = np.argsort(np.where(near[:choices], relaxation.floors, np.inf), kind="stable")[: KERNELS[0]]
            likely = near.copy()
            likely[:choices] &= np.isin(np.arange(choices), likeliest)
            ask(likely, KERNEL_NODES)
            is_unmet = index < self._weighed_levels - 1
            if self.incumbent.proven(index) or not is_unmet or size > WIDE_PROOF:
                return
            nodes = WIDE_NODES
            ceiling = float(measured.below(self.incumbent.bests[index]))
        bound = ask(near, nodes).bound
        # Choices left out belong to plans that are no better than the ceiling.
        self.incumbent.raise_bound(
            index, measured.whole_bound(bound) if bound <= ceiling else measured.whole_value(int(ceiling) + 1)
        )

    def _room_by_room(self, index: int, stage: LevelState) -> None:
        """A better plan of a level of unmet need, with those on one limit at a time free to go elsewhere."""
        program, relaxation, measured = stage.program, stage.relaxation, stage.measured
        choices = self._problem.choice_count
        for free in one_room_at_a_time(self._problem, self.incumbent.held.plan):
            ceiling = float(measured.below(self.incumbent.bests[index]))
            start = stage.plan_columns()
            selected = program.upper > program.lower
            near = relaxation.floors <= ceiling + SLACK * max(1.0, abs(ceiling))
            selected[:choices] &= free[self._problem.choice_item] & near
            selected |= start > 0.5
            answer = self._ask(over_columns(program, selected), start[selected], gap=0.9 * measured.step, nodes=ROOM_NODES)
            self._offer(answer, selected)
            if self.incumbent.proven(index):
                return

    def _offer(self, answer: Answer, selected: BoolArray) -> None:
        """Offer the plan of an answer over the selected columns, where there is one."""
        if answer.columns is not None:
            columns = np.zeros(len(selected))
            columns[selected] = answer.columns
            self.incumbent.offer(self.incumbent.plan_from(columns))

    def bounds_after(
        self,
        plan: IntArray,
        outcomes: Sequence[LevelResult[int]],
        known: Sequence[int],
        seconds: float | None,
        *,
        further: bool = True,
    ) -> tuple[LevelResult[int], ...]:
        """The outcomes of a plan that was found with only some free to move, with bounds for all who are.

        ``outcomes``: of every level. ``known``: bounds of the first levels, for all. Without ``further`` nothing is said of the
        levels after: where one of the first has risen since, what was ruled out for it here is not any more.
        """
        problem = self._problem
        self._watch = Watch(None, seconds, self._tell)
        bests = tuple(outcome.best for outcome in outcomes)
        self.incumbent = Incumbent(replace(problem, start=plan))
        self.incumbent.bounds[: len(known)] = known
        with contextlib.suppress(Halt, KeyboardInterrupt):
            for index in range(len(known), len(problem.levels)) if further else ():
                self.incumbent.held = Held(plan, problem.values(plan), bests[: index + 1])
                if self.incumbent.measures[index].step == 0:
                    self.incumbent.raise_bound(index, bests[index])
                else:
                    self._tightened(index)
        return tuple(
            replace(outcome, bound=min(bound, outcome.best), proven=level.is_proven(outcome.best, min(bound, outcome.best)))
            for level, outcome, bound in zip(problem.levels, outcomes, self.incumbent.bounds, strict=True)
        )

    def _ask(self, program: Program, hint: FloatArray, *, gap: float, nodes: int) -> Answer:
        seconds = None if self._deadline is None else self._deadline - time.monotonic()
        try:
            return self._watch.run(HighsEngine(program, hint=hint, gap=gap, nodes=nodes, seconds=seconds))
        except EngineError:
            return Answer(None, -np.inf)
