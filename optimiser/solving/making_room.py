"""Solving with running care free to move: first without moving anybody, then, where somebody still waits, with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from optimiser.county import County
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.waiting import UnmetLevel
from optimiser.solving.kernel import RoomSearch
from optimiser.solving.model import Model, build_model
from optimiser.solving.narrowing import narrowed
from optimiser.solving.outcome import Effort, Progress, Solution
from optimiser.solving.problem import Problem
from optimiser.solving.strict_order import solve
from optimiser.solving.watch import Watch
from optimiser.usage import entry_plan

ROOM_SHARE = 0.6
"""The part of the last resort's clock that the search for room may take."""


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
    watch = Watch(should_stop, effort.wall_seconds, _silence)
    model = build_model(county, still)
    waiting = sum(isinstance(rule, UnmetLevel) for rule in rules.levels)
    first = solve(_first_levels(model.problem, waiting), effort=effort, report=report, should_stop=should_stop)
    model = model.starting_from(model.plan_of(first.plan))
    if not any(model.problem.values(first.plan)[:waiting]):
        return model, solve(model.problem, effort=clock.rest(effort), report=report, should_stop=should_stop)
    model = build_model(county, rules).starting_from(model.plan_of(first.plan))
    search = RoomSearch(model.problem, waiting + 2, watch, clock.part(ROOM_SHARE))
    room = search.run()
    # Who moves is settled now, where to is not: without the many who could have moved instead, the rest is an allocation.
    start = replace(model.problem, start=room.plan)
    moved = model.problem.must_place & (room.plan != model.choices_of(entry_plan(county)))
    likely = moved | ~model.problem.must_place
    small = narrowed(start, room.usable & likely[start.choice_item])
    solution = solve(small.problem, effort=clock.rest(effort), report=report, should_stop=should_stop, dealt_with=room.outcomes)
    plan = small.widened(solution.plan)
    everybody = narrowed(start, room.usable)
    outcomes = solution.levels
    if len(everybody.choice) > len(small.choice):
        outcomes = search.bounds_after(plan, outcomes)
    stopped = solution.stopped
    if stopped in ("no", "work"):
        stopped = "wall" if room.cut_short else "no" if all(outcome.proven for outcome in outcomes) else "work"
    return model, Solution(plan, outcomes, stopped)


class _Clock:
    """The last resort, shared by several searches."""

    def __init__(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else time.monotonic() + seconds

    def part(self, share: float) -> float | None:
        """The moment at which a share of what is left will be over."""
        now = time.monotonic()
        return None if self._ends is None else now + share * max(0.0, self._ends - now)

    def rest(self, effort: Effort) -> Effort:
        return effort if self._ends is None else replace(effort, wall_seconds=max(0.0, self._ends - time.monotonic()))


def _first_levels(problem: Problem, count: int) -> Problem:
    return replace(problem, levels=problem.levels[:count])


def _silence() -> None:
    """Nothing to tell while room is made."""
