"""Yes, no, or not known: requirements one after the other, each within what the earlier ones allow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Effort
from optimiser.solving.problem import IntArray, Level
from optimiser.whatif.feasible.problem import Question

Verdict = Literal["yes", "no", "not known"]
QUICK = Effort(cut_rounds=4, nodes=0, searches=0)
"""Relaxations alone: enough for most conflicts, and a hundred times as fast."""


@dataclass(frozen=True)
class Decision:
    """What is known of some requirements together."""

    verdict: Verdict
    plan: IntArray
    """Choices of a plan that keeps the limits; for a yes it keeps every requirement as well."""
    failed: int | None
    """Which requirement (its place among those asked) cannot be brought down far enough."""
    best: int
    bound: int
    """Of that requirement's level, while the earlier ones hold."""


def decide(
    question: Question, asked: Sequence[int], lifted: Collection[int], effort: Effort, last: Sequence[Level] = ()
) -> Decision:
    """Whether the requirements asked (by place) can hold without the limits lifted.

    Each level is brought down as far as it goes while those before it stay within what is asked of them: the tolerance of the
    strict order. ``last``: levels to bring down once all of them hold; ``best`` and ``bound`` are then those of its first.
    """
    kept: list[Level] = []
    open_at: Decision | None = None
    decision = Decision("yes", question.problem.start, None, 0, 0)
    for place in asked:
        level, most = question.levels[place], question.requirements[place].most
        solution = solve(question.asking([*kept, level], lifted), effort=effort, should_stop=question.should_stop)
        *earlier_ones, outcome = solution.levels
        firm = all(
            earlier.best + before.tolerance == question.requirements[asked[index]].most
            for index, (earlier, before) in enumerate(zip(earlier_ones, kept, strict=True))
        )
        if outcome.bound > most and firm:
            return Decision("no", solution.plan, place, outcome.best, outcome.bound)
        if outcome.best > most or not firm:
            open_at = open_at or Decision("not known", solution.plan, place, outcome.best, outcome.bound)
        # Below zero where no plan was found that goes low enough: later levels are then bounded as if one had been.
        kept.append(replace(level, tolerance=most - outcome.best))
        decision = Decision("yes", solution.plan, None, 0, 0)
    if open_at is not None or not last:
        return open_at or decision
    solution = solve(question.asking([*kept, *last], lifted), effort=effort, should_stop=question.should_stop)
    outcome = solution.levels[len(kept)]
    return Decision("yes", solution.plan, None, outcome.best, outcome.bound)


def nearest(question: Question, effort: Effort) -> tuple[IntArray, Sequence[int]]:
    """As near as it goes to all requirements, the earlier ones first: a plan, and its value on each level in that order.

    Within that the plan leaves as little need unmet as it goes, asked for or not.
    """
    kept: list[Level] = []
    for level, asked in zip(question.levels, question.requirements, strict=True):
        *_, outcome = solve(question.asking([*kept, level]), effort=effort, should_stop=question.should_stop).levels
        kept.append(replace(level, tolerance=max(0, asked.most - outcome.best)))
    problem = question.asking([*kept, *question.nobody_waits])
    plan = solve(problem, effort=effort, should_stop=question.should_stop).plan
    return plan, problem.values(plan)[: len(kept)]
