"""The textbook way, for comparison: each level as one full whole-number program in plain HiGHS, one thread.

It is given a fair chance: constant levels are skipped, each level's plan is the next one's start, the tolerances and the
proof gaps are the same, and the model goes in as arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from optimiser.solving import Problem, Solution
from optimiser.solving.incumbent import Incumbent
from optimiser.solving.linear_program import FloatArray, Program, column_costs, part_ceilings, plan_columns


class Search(Protocol):
    """One full program, given so many seconds: the columns found, if any, and the bound."""

    def __call__(
        self, program: Program, hint: FloatArray, *, gap: float, share: float, seconds: float
    ) -> tuple[FloatArray | None, float]: ...


def solve_with_highs(
    problem: Problem,
    seconds_for: Callable[[int], float],
    level_done: Callable[[str], None],
    search: Search | None = None,
) -> Solution:
    """Strict order, level after level, each (by its number) for so many seconds at most.

    ``search``: by another HiGHS than the one that OR-Tools carries.
    """
    search = search or _search
    incumbent = Incumbent(problem)
    upper = np.concatenate((np.ones(problem.choice_count), part_ceilings(problem)))
    whole = np.arange(len(upper)) < problem.choice_count
    for index in range(len(problem.levels)):
        incumbent.open_level(index)
        if incumbent.proven(index):
            continue
        measured = incumbent.measures[index]
        # In the level's own unit: scaled to whole numbers, some levels are too large for a solver's tolerances.
        rows = incumbent.rows_for(index, problem.limit_capacity, np.zeros(len(problem.parts), dtype=np.bool_), problem.must_place)
        program = Program(np.zeros(len(upper)), upper, whole, column_costs(measured) / measured.scale, rows)
        columns, bound = search(
            program,
            plan_columns(problem, incumbent.held.plan),
            gap=max(float(measured.level.proof_gap), 0.99 * measured.step / measured.scale),
            share=float(measured.level.proof_share),
            seconds=seconds_for(index),
        )
        if columns is not None:
            incumbent.offer(incumbent.plan_from(columns))
        incumbent.raise_bound(index, measured.whole_bound(bound * measured.scale))
        level_done(problem.levels[index].name)
    outcomes = incumbent.outcomes()
    proven = all(outcome.proven for outcome in outcomes)
    return Solution(incumbent.held.plan, outcomes, "no" if proven else "wall")


def _search(program: Program, hint: FloatArray, *, gap: float, share: float, seconds: float) -> tuple[FloatArray | None, float]:
    """One full program; the columns found, if any, and the bound."""
    from ortools.math_opt import (
        callback_pb2,
        model_parameters_pb2,
        model_pb2,
        parameters_pb2,
        sparse_containers_pb2,
    )
    from ortools.math_opt.core.python import solver

    rows = program.rows
    largest = np.ones(len(rows))
    np.maximum.at(largest, rows.row, np.abs(rows.value))
    order = np.lexsort((rows.column, rows.row))
    model = model_pb2.ModelProto(
        variables=model_pb2.VariablesProto(
            ids=range(len(hint)),
            lower_bounds=program.lower.tolist(),
            upper_bounds=program.upper.tolist(),
            integers=program.whole.tolist(),
        ),
        linear_constraints=model_pb2.LinearConstraintsProto(
            ids=range(len(rows)),
            lower_bounds=(rows.lower / largest).tolist(),
            upper_bounds=(rows.upper / largest).tolist(),
        ),
        linear_constraint_matrix=sparse_containers_pb2.SparseDoubleMatrixProto(
            row_ids=rows.row[order].tolist(),
            column_ids=rows.column[order].tolist(),
            coefficients=(rows.value / largest[rows.row])[order].tolist(),
        ),
    )
    priced = np.flatnonzero(program.cost)
    model.objective.linear_coefficients.ids.extend(priced.tolist())
    model.objective.linear_coefficients.values.extend(program.cost[priced].tolist())
    parameters = parameters_pb2.SolveParametersProto(absolute_gap_tolerance=gap, relative_gap_tolerance=share)
    parameters.time_limit.FromMilliseconds(round(seconds * 1000))
    parameters.highs.string_options["parallel"] = "off"
    extra = model_parameters_pb2.ModelSolveParametersProto()
    start = sparse_containers_pb2.SparseDoubleVectorProto(ids=range(len(hint)), values=hint.tolist())
    extra.solution_hints.add(variable_values=start)
    result = solver.solve(
        model,
        parameters_pb2.SOLVER_TYPE_HIGHS,
        parameters_pb2.SolverInitializerProto(),
        parameters,
        extra,
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )
    bound = result.termination.objective_bounds.dual_bound
    if not result.solutions:
        return None, bound
    found = result.solutions[0].primal_solution.variable_values
    columns = np.zeros(len(hint))
    columns[np.array(found.ids, dtype=np.int64)] = np.array(found.values)
    return columns, bound
