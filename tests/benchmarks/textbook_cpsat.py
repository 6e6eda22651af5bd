"""The textbook way, for comparison: each level as one full model in CP-SAT, one worker.

It is given a fair chance: constant levels are skipped, each level's plan is the next one's hint, the tolerances and the
proof gaps are the same, and the model is built once, each level adding its limit to it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optimiser.solving import Problem, Solution
from optimiser.solving.incumbent import Incumbent
from optimiser.solving.linear_program import column_costs, part_ceilings, plan_columns


def solve_with_cpsat(problem: Problem, seconds_for: Callable[[int], float], level_done: Callable[[str], None]) -> Solution:
    """Strict order, level after level, each (by its number) for so many seconds at most."""
    from ortools.sat.python import cp_model

    incumbent = Incumbent(problem)
    model = cp_model.CpModel()
    choices = [model.new_bool_var("") for _ in range(problem.choice_count)]
    parts = [model.new_int_var(0, int(ceiling), "") for ceiling in part_ceilings(problem)]
    for item in range(problem.item_count):
        own = [choices[choice] for choice in np.flatnonzero(problem.choice_item == item).tolist()]
        (model.add_exactly_one if problem.must_place[item] else model.add_at_most_one)(own)
    for terms, row, room in _rows(problem):
        model.add(cp_model.LinearExpr.weighted_sum([choices[choice] for choice in terms], row) <= room)
    for part, (terms, row, constant) in zip(parts, _part_rows(problem), strict=True):
        model.add(part >= cp_model.LinearExpr.weighted_sum([choices[choice] for choice in terms], row) + constant)
    columns = [*choices, *parts]
    for index in range(len(problem.levels)):
        incumbent.open_level(index)
        measured = incumbent.measures[index]
        costs = column_costs(measured)
        priced = np.flatnonzero(costs).tolist()
        value = cp_model.LinearExpr.weighted_sum([columns[c] for c in priced], [int(costs[c]) for c in priced])
        if not incumbent.proven(index):
            model.minimize(value)
            model.clear_hints()  # type: ignore[no-untyped-call]
            for column, start in zip(columns, plan_columns(problem, incumbent.held.plan).tolist(), strict=True):
                model.add_hint(column, round(start))
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.max_time_in_seconds = seconds_for(index)
            share = float(measured.level.proof_share) * incumbent.bests[index] * measured.scale
            solver.parameters.absolute_gap_limit = max(
                float(measured.level.proof_gap * measured.scale), share, 0.99 * measured.step
            )
            if solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                found = np.array([float(solver.boolean_value(choice)) for choice in choices])
                incumbent.offer(incumbent.plan_from(found))
            incumbent.raise_bound(index, measured.whole_bound(solver.best_objective_bound))
            level_done(problem.levels[index].name)
        if priced:
            model.add(value <= measured.largest(incumbent.bests[index]))
    outcomes = incumbent.outcomes()
    proven = all(outcome.proven for outcome in outcomes)
    return Solution(incumbent.held.plan, outcomes, "no" if proven else "wall")


def _rows(problem: Problem) -> list[tuple[list[int], list[int], int]]:
    limits = problem.limits
    spans = zip(limits.start[:-1].tolist(), limits.start[1:].tolist(), problem.limit_capacity.tolist(), strict=True)
    return [(limits.choice[a:b].tolist(), limits.coefficient[a:b].tolist(), room) for a, b, room in spans]


def _part_rows(problem: Problem) -> list[tuple[list[int], list[int], int]]:
    parts = problem.parts
    spans = zip(parts.start[:-1].tolist(), parts.start[1:].tolist(), problem.part_constant.tolist(), strict=True)
    return [(parts.choice[a:b].tolist(), parts.coefficient[a:b].tolist(), constant) for a, b, constant in spans]
