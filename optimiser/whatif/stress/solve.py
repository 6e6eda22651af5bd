"""One trial: some contracts end today, and the county is allocated again. Fast for a whole sweep, or as ``allocate`` does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from optimiser.county import County
from optimiser.domain.level_result import LevelResult
from optimiser.domain.plan import Plan
from optimiser.judging.checking import VerifiedPlan, verify
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import FOREMOST, Group, up_to
from optimiser.solving.formulation import Model, build_model
from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Effort, Progress
from optimiser.solving.problem import IntArray, Level, Problem
from optimiser.whatif.stress.local_search import Polisher

SWEEP = Effort(cut_rounds=1, nodes=0, searches=0)
"""One relaxation of each level asked for: unmet need and exception. What the later levels are is told of the plan."""


@dataclass(frozen=True)
class Trial:
    """The county after some contracts ended, its verified plan, and what is known of each level."""

    county: County
    verified: VerifiedPlan
    levels: tuple[LevelResult[int], ...]
    stopped: bool
    """Whether somebody asked it to end early."""

    @property
    def all_proven(self) -> bool:
        return all(level.proven for level in self.levels)

    @property
    def severity(self) -> tuple[int, ...]:
        """What trials are ranked by: every level's value, in the strict order."""
        return tuple(level.value for level in self.levels)


def thorough(
    county: County,
    rules: RuleBook,
    effort: Effort,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Trial:
    """The same model, start and search as ``allocate``: the same levels."""
    model = build_model(county, rules)
    solution = solve(model.problem, effort=effort, report=report, should_stop=should_stop)
    verified = _verified(county, rules, model, solution.plan)
    levels = tuple(level.of_plan(verified.levels[level.name]) for level in solution.levels)
    return Trial(county, verified, levels, solution.stopped == "cancelled")


def swift(county: County, rules: RuleBook, today: Plan) -> Trial:
    """From the plan of today's county by hand-sized steps, with bounds of the first levels from one relaxation each.

    ``today``: the plan of the county in which nobody fails. Bounds are as good as ``allocate``'s in kind, not in tightness: a
    level is proven where they meet the plan, and says that it is not where they do not.
    """
    model = build_model(county, rules)
    problem = model.problem
    plan = _polished(model, today)
    asked = problem.levels[: up_to(problem.levels, *FOREMOST)]
    solution = solve(replace(problem, levels=asked, start=plan), effort=SWEEP)
    verified = _verified(county, rules, model, solution.plan)
    levels = [level.of_plan(verified.levels[level.name]) for level in solution.levels]
    levels += [_not_asked(level, verified.levels[level.name]) for level in problem.levels[len(asked) :]]
    return Trial(county, verified, tuple(levels), stopped=solution.stopped == "cancelled")


def _not_asked(level: Level, value: int) -> LevelResult[int]:
    """Nothing is claimed but the value, unless no choice changes it."""
    settled = _is_settled(level)
    bound = value if settled else 0
    return LevelResult(
        name=level.name,
        unit=level.unit,
        value=value,
        best=value,
        bound=bound,
        tolerance=level.tolerance,
        proven=settled,
        asked=settled,
    )


def _is_settled(level: Level) -> bool:
    """Whether no choice changes a level."""
    return not level.choice_cost.any() and not any(level.part_cost)


def _polished(model: Model, today: Plan) -> IntArray:
    """The better of two: from today's plan, and, where that leaves need unmet, from the plan made by hand."""
    problem = model.problem
    plan = Polisher(problem, _as_today(model, today)).polish()
    if any(problem.values(plan)[: up_to(problem.levels, Group.WAITING)]):
        other = Polisher(problem, problem.start).polish()
        plan = min(plan, other, key=problem.values)
    return plan


def _as_today(model: Model, today: Plan) -> IntArray:
    """Everybody who waits today where today's plan has them, if they still may go there; the others nowhere yet."""
    problem: Problem = model.problem
    plan = model.choices_of(today)
    return plan if problem.is_legal(plan) else problem.start


def _verified(county: County, rules: RuleBook, model: Model, plan: IntArray) -> VerifiedPlan:
    names = [level.name for level in model.problem.levels]
    values = dict(zip(names, model.problem.values(plan), strict=True))
    return verify(county, rules, model.plan_of(plan), values)
