"""Solving with running care free to move: first without moving anybody, then, where somebody still waits, with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from optimiser.county import County
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.waiting import UnmetLevel
from optimiser.solving.model import Model, build_model
from optimiser.solving.outcome import Effort, Progress, Solution
from optimiser.solving.problem import Problem
from optimiser.solving.strict_order import solve


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
    model = build_model(county, still)
    waiting = sum(isinstance(rule, UnmetLevel) for rule in rules.levels)
    first = solve(_first_levels(model.problem, waiting), effort=effort, report=report, should_stop=should_stop)
    model = model.starting_from(model.plan_of(first.plan))
    nobody_waits = not any(model.problem.values(first.plan)[:waiting])
    if not nobody_waits:
        model = build_model(county, rules).starting_from(model.plan_of(first.plan))
    return model, solve(model.problem, effort=effort, report=report, should_stop=should_stop)


def _first_levels(problem: Problem, count: int) -> Problem:
    return replace(problem, levels=problem.levels[:count])
