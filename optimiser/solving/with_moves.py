"""Solving with running care free to move: first without moving anybody, then, where somebody still waits, with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from optimiser.county import County
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import FOREMOST, Group, up_to
from optimiser.solving.formulation import Model, build_model
from optimiser.solving.kernel_search import KernelSearch
from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Effort, Progress, Solution
from optimiser.solving.presolve import presolved
from optimiser.solving.problem import IntArray, Problem

NO_EFFORT = Effort(cut_rounds=0, nodes=0, searches=0, search_nodes=0)
ROOM_SHARE = 0.6
"""The part of the last resort's clock that the search for room may take ..."""
REST_SHARE = 0.7
"""... and of what is left then, the levels after it; bounds have the rest."""


def solve_with_moves(
    county: County,
    rules: RuleBook,
    still: RuleBook,
    *,
    effort: Effort,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[Model, Solution]:
    """The best plan under ``rules``, which let running care move; ``still``: the same rules, but that nobody moves.

    Where the plan without moves leaves nobody waiting, it is the answer: a move that places nobody only adds to disruption, and
    the levels after that are those of plans that move nobody. Otherwise it is where the search with moves begins.
    """
    clock = _Clock(effort.wall_seconds)
    model = build_model(county, still)
    before_moves = up_to(model.problem.levels, Group.MOVES) - 1
    first = solve(_first_levels(model.problem, before_moves), effort=effort, report=report, should_stop=should_stop)
    model = model.starting_from(model.plan_of(first.plan))
    if first.stopped == "cancelled":
        return model, replace(solve(model.problem, effort=NO_EFFORT), stopped="cancelled")
    if not any(model.problem.values(first.plan)[:before_moves]):
        return model, solve(
            model.problem, effort=replace(effort, wall_seconds=clock.part(1)), report=report, should_stop=should_stop
        )
    model = build_model(county, rules).starting_from(model.plan_of(first.plan))
    home = model.choices_of(entry_plan(county))
    return model, _with_room_made(
        model.problem, home, up_to(rules.levels, Group.MOVES, *FOREMOST), clock, effort, report, should_stop
    )


def _with_room_made(
    problem: Problem,
    home: IntArray,
    levels: int,
    clock: _Clock,
    effort: Effort,
    report: Callable[[Progress], None] | None,
    should_stop: Callable[[], bool] | None,
) -> Solution:
    """Search for room on the first levels, then solve the rest with those free who wait or were moved; bounds are for all.

    ``home``: the plan on entry. Who moves is settled by then, where to is not: without the many who could have moved instead, the
    rest is an allocation.
    """
    search = KernelSearch(problem, levels, seconds=clock.part(ROOM_SHARE), report=report, should_stop=should_stop)
    kernel = search.run()
    start = replace(problem, start=kernel.plan)
    likely = ~start.must_place | (kernel.plan != home)
    small = presolved(start, kernel.usable & likely[start.choice_item])
    rest = NO_EFFORT if kernel.stopped == "cancelled" else replace(effort, wall_seconds=clock.part(REST_SHARE))
    solution = solve(small.problem, effort=rest, report=report, should_stop=should_stop, dealt_with=kernel.outcomes)
    plan, outcomes, stopped = small.widened(solution.plan), solution.levels, solution.stopped
    if "cancelled" in (kernel.stopped, stopped):
        stopped = "cancelled"
    everybody = len(presolved(start, kernel.usable).choice) == len(small.choice)
    if not everybody or any(now.best > then.best for now, then in zip(outcomes, kernel.outcomes, strict=False)):
        outcomes = search.bounds_after(plan, outcomes, kernel, clock.part(1))
    if stopped in ("no", "work"):
        proven = all(outcome.proven for outcome in outcomes)
        stopped = kernel.stopped if kernel.stopped != "no" else "no" if proven else "work"
    return Solution(plan, outcomes, stopped)


class _Clock:
    """The last resort, shared by several searches."""

    def __init__(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else time.monotonic() + seconds

    def part(self, share: float) -> float | None:
        """A share of the seconds that are left."""
        return None if self._ends is None else share * max(0.0, self._ends - time.monotonic())


def _first_levels(problem: Problem, count: int) -> Problem:
    return replace(problem, levels=problem.levels[:count])
