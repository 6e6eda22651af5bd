"""Solving with running care free to move: first without moving anybody, then, where somebody still waits, with it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from optimiser.county import County
from optimiser.domain.level_result import LevelResult
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import FOREMOST, Group, up_to
from optimiser.solving.cardinality import not_together
from optimiser.solving.formulation import Model, build_model
from optimiser.solving.incumbent import Incumbent
from optimiser.solving.kernel_search import KernelResult, KernelSearch
from optimiser.solving.lexicographic import solve
from optimiser.solving.linear_program import hopeless_choices
from optimiser.solving.outcome import Effort, Progress, Solution, Stopped
from optimiser.solving.presolve import presolved
from optimiser.solving.problem import IntArray, Problem

NO_EFFORT = Effort(cut_rounds=0, nodes=0, searches=0, search_nodes=0)
ROOM_SHARE = 0.6
"""The part of the last resort's clock that the search for room may take ..."""
REST_SHARE = 0.7
"""... and of what is left then, the levels after it; bounds have the rest."""
MOST_ROUNDS = 8
"""So often the search begins again without what would need a longer chain than a step may hold ..."""
SAME_PLACEMENTS = 2
"""... and after so many combinations with the same placements, without these placements."""
REST_ROUNDS = 2
FEW_CHOICES = 5_000
"""With so few choices left to all, all are free on the levels after the first."""


@dataclass(frozen=True, slots=True)
class LongChain:
    """Choices of a plan that go ahead together or not at all, by more moves than a step may hold."""

    placements: IntArray
    choices: IntArray
    """The placements and the moves."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far the steps of a plan lead."""

    plan: IntArray
    too_long: Sequence[LongChain] = ()
    """What of the plan asked for they do not lead to."""


StepsOf = Callable[[IntArray], Reached]


def wherever_asked(plan: IntArray) -> Reached:
    """Steps of any length."""
    return Reached(plan)


def solve_with_moves(
    county: County,
    rules: RuleBook,
    still: RuleBook,
    *,
    effort: Effort,
    steps_of: Callable[[Model], StepsOf] = lambda _: wherever_asked,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[Model, Solution, IntArray]:
    """The best plan under ``rules``, which let running care move; ``still``: the same rules, but that nobody moves.

    ``steps_of``: what no steps lead to is searched around. Returned last is the best plan found on the first levels if steps
    might be of any length; bounds are for that question, and so hold for both.

    Where the plan without moves leaves nobody waiting, it is the answer: a move that places nobody only adds to disruption, and
    the levels after that are those of plans that move nobody. Otherwise it is where the search with moves begins.
    """
    clock = _Clock(effort.wall_seconds)
    model = build_model(county, still)
    before_moves = up_to(model.problem.levels, Group.MOVES) - 1
    first = solve(_first_levels(model.problem, before_moves), effort=effort, report=report, should_stop=should_stop)
    model = model.starting_from(model.plan_of(first.plan))
    if first.stopped == "cancelled":
        return model, replace(solve(model.problem, effort=NO_EFFORT), stopped="cancelled"), first.plan
    if not any(model.problem.values(first.plan)[:before_moves]):
        rest = replace(effort, wall_seconds=clock.part(1))
        return model, solve(model.problem, effort=rest, report=report, should_stop=should_stop), first.plan
    model = build_model(county, rules).starting_from(model.plan_of(first.plan))
    home = model.choices_of(entry_plan(county))
    making = _MakingRoom(model.problem, home, steps_of(model), clock, effort, report, should_stop)
    return model, making.solved(), making.with_any_chain


class _MakingRoom:
    """Search for room on the first levels, then solve the rest with those free who wait or were moved; bounds are for all.

    Who moves is settled by then, where to is not: without the many who could have moved instead, the rest is an allocation.
    """

    def __init__(
        self,
        problem: Problem,
        home: IntArray,
        steps_of: StepsOf,
        clock: _Clock,
        effort: Effort,
        report: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        """``home``: the plan on entry."""
        self._problem, self._home, self._steps_of = problem, home, steps_of
        self._clock, self._effort, self._report, self._should_stop = clock, effort, report, should_stop
        self._levels = up_to(problem.levels, Group.MOVES, *FOREMOST)
        self._through_moves = up_to(problem.levels, Group.MOVES)
        self.with_any_chain = problem.start
        """The best plan found on the first levels, whether or not steps lead to it."""

    def solved(self) -> Solution:
        """The best plan found that steps lead to, with bounds for plans that need steps of any length."""
        search, kernel = self._searched(self._problem)
        self.with_any_chain = kernel.plan
        problem, around = self._problem, kernel
        if kernel.stopped != "cancelled":
            problem, around = self._around(kernel)
        solution, everybody = self._rest(problem, around)
        outcomes, risen = solution.levels, self._first_risen(solution, kernel)
        if around is not kernel and risen < self._levels:
            # What was ruled out for better first levels is not ruled out any more: bounds begin anew.
            search = KernelSearch(self._problem, self._levels, seconds=None, should_stop=self._should_stop)
            known = [outcome.bound for outcome in kernel.outcomes[: risen + 1]]
            outcomes = search.bounds_after(solution.plan, outcomes, known, self._clock.part(1))
        elif not everybody or risen < self._levels:
            known = [outcome.bound for outcome in kernel.outcomes]
            further = risen == self._levels and kernel.stopped != "cancelled"
            outcomes = search.bounds_after(solution.plan, outcomes, known, self._clock.part(1), further=further)
        return Solution(solution.plan, outcomes, self._why_stopped(solution, (kernel, around), outcomes))

    def _searched(self, problem: Problem) -> tuple[KernelSearch, KernelResult]:
        search = KernelSearch(
            problem, self._levels, seconds=self._clock.part(ROOM_SHARE), report=self._report, should_stop=self._should_stop
        )
        return search, search.run()

    def _around(self, found: KernelResult) -> tuple[Problem, KernelResult]:
        """Without what no steps lead to, again and again, until they lead to all of the best plan left; and its problem."""
        problem, best = self._problem, self._problem.start
        seen: Counter[bytes] = Counter()
        for _ in range(MOST_ROUNDS):
            reached = self._steps_of(found.plan)
            if not reached.too_long:
                return problem, found
            best = min(best, reached.plan, key=self._first_values)
            if self._first_values(best) <= self._first_values(found.plan) or found.stopped != "no":
                break
            problem = not_together(problem, [_to_exclude(chain, seen) for chain in reached.too_long], best)
            found = self._searched(problem)[1]
        outcomes = Incumbent(replace(problem, start=best)).outcomes()[: self._levels]
        return problem, KernelResult(
            best, outcomes, ~hopeless_choices(problem), found.stopped if found.stopped != "no" else "work"
        )

    def _first_values(self, plan: IntArray) -> tuple[int, ...]:
        return self._problem.values(plan)[: self._through_moves]

    def _rest(self, problem: Problem, kernel: KernelResult) -> tuple[Solution, bool]:
        """The levels after the first; and whether everybody was free who could still matter."""
        rest = NO_EFFORT if kernel.stopped == "cancelled" else replace(self._effort, wall_seconds=self._clock.part(REST_SHARE))
        everybody = int(kernel.usable.sum()) <= FEW_CHOICES
        likely = ~problem.must_place | (kernel.plan != self._home) | everybody
        for turn in range(REST_ROUNDS + 1):
            start = replace(problem, start=kernel.plan)
            small = presolved(start, kernel.usable & likely[start.choice_item])
            solution = solve(
                small.problem, effort=rest, report=self._report, should_stop=self._should_stop, dealt_with=kernel.outcomes
            )
            plan = small.widened(solution.plan)
            too_long = self._steps_of(plan).too_long if (plan != kernel.plan).any() else ()
            if not too_long:
                break
            problem = not_together(problem, [chain.choices for chain in too_long], kernel.plan)
            rest = rest if turn + 1 < REST_ROUNDS else NO_EFFORT
        everybody = problem is self._problem and len(presolved(start, kernel.usable).choice) == len(small.choice)
        return replace(solution, plan=plan), everybody

    def _first_risen(self, solution: Solution, kernel: KernelResult) -> int:
        """The first of the first levels that is worse than it was found with steps of any length; their count where none is."""
        pairs = enumerate(zip(solution.levels, kernel.outcomes, strict=False))
        return next((index for index, (now, then) in pairs if now.best > then.best), self._levels)

    def _why_stopped(self, solution: Solution, kernels: Sequence[KernelResult], outcomes: Sequence[LevelResult[int]]) -> Stopped:
        stopped = [*(kernel.stopped for kernel in kernels), solution.stopped]
        if "cancelled" in stopped:
            return "cancelled"
        if "wall" in stopped:
            return "wall"
        return "no" if all(outcome.proven for outcome in outcomes) else "work"


def _to_exclude(chain: LongChain, seen: Counter[bytes]) -> IntArray:
    """The combination, as long as its placements do not come again and again with other moves."""
    seen[chain.placements.tobytes()] += 1
    return chain.choices if seen[chain.placements.tobytes()] <= SAME_PLACEMENTS else chain.placements


class _Clock:
    """The last resort, shared by several searches."""

    def __init__(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else time.monotonic() + seconds

    def part(self, share: float) -> float | None:
        """A share of the seconds that are left."""
        return None if self._ends is None else share * max(0.0, self._ends - time.monotonic())


def _first_levels(problem: Problem, count: int) -> Problem:
    return replace(problem, levels=problem.levels[:count])
