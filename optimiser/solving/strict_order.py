"""Level after level: the best plan within what the earlier levels leave, and a bound that says how good it is."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from optimiser.solving.engine import solve_whole
from optimiser.solving.linear import Program, column_costs, hopeless_choices, part_ceilings, plan_columns
from optimiser.solving.outcome import Effort, Progress, Solution
from optimiser.solving.problem import Problem
from optimiser.solving.standing import Standing


def solve(
    problem: Problem,
    *,
    effort: Effort = Effort(),
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solution:
    """Minimise the levels in strict order. Always returns a legal plan with honest bounds, whatever stops it."""
    standing = Standing.of(problem)
    began = time.monotonic()
    upper = np.concatenate((np.where(hopeless_choices(problem), 0.0, 1.0), part_ceilings(problem)))
    whole = np.arange(len(upper)) < problem.choice_count
    for index, level in enumerate(problem.levels):
        standing.open_level(index)
        if not standing.proven(index) and not (should_stop and should_stop()):
            measured = standing.measures[index]
            answer = solve_whole(
                Program(np.zeros(len(upper)), upper, whole, column_costs(measured), standing.rows_for(index)),
                hint=plan_columns(problem, standing.plan),
                gap=max(level.proof_gap, 0.9) * measured.scale,
                share=float(level.proof_share),
                nodes=effort.nodes,
            )
            if answer.columns is not None:
                standing.offer(standing.plan_from(answer.columns))
            standing.raise_bound(index, measured.whole_bound(answer.bound))
        if report:
            best, bound = standing.bests[index], standing.bounds[index]
            report(Progress(level.name, best, bound, best - bound, time.monotonic() - began))
    return Solution(standing.plan, standing.outcomes(), "no")
