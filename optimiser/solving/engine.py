"""The one place that talks to OR-Tools, through MathOpt's wire format: arrays in, arrays out.

The comfortable MathOpt model classes cost half a second to import and more to fill; its compiled core takes the same
messages directly. Everything is imported inside functions, as a plain check of a plan needs no solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from optimiser.solving.linear import FloatArray, Program, Rows


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver said. ``columns`` is None when it has no solution; ``bound`` is -inf when it has none."""

    columns: FloatArray | None
    value: float
    bound: float
    infeasible: bool
    nodes: int


def row_scales(rows: Rows) -> FloatArray:
    """A power of two per row that brings its largest coefficient near one: exact, and easier on the solvers."""
    largest = np.ones(len(rows))
    np.maximum.at(largest, rows.row, np.abs(rows.value))
    return np.asarray(np.exp2(-np.round(np.log2(largest))), dtype=np.float64)


def message(program: Program, cost_scale: float) -> Any:
    """The program as a MathOpt model, rows scaled, the cost times ``cost_scale``."""
    from ortools.math_opt import model_pb2, sparse_containers_pb2

    rows = program.rows
    scale = row_scales(rows)
    order = np.lexsort((rows.column, rows.row))
    priced = np.flatnonzero(program.cost)
    return model_pb2.ModelProto(
        variables=model_pb2.VariablesProto(
            ids=range(len(program.cost)),
            lower_bounds=program.lower.tolist(),
            upper_bounds=program.upper.tolist(),
            integers=program.whole.tolist(),
        ),
        objective=model_pb2.ObjectiveProto(
            linear_coefficients=sparse_containers_pb2.SparseDoubleVectorProto(
                ids=priced.tolist(), values=(program.cost[priced] * cost_scale).tolist()
            )
        ),
        linear_constraints=model_pb2.LinearConstraintsProto(
            ids=range(len(rows)),
            lower_bounds=(rows.lower * scale).tolist(),
            upper_bounds=(rows.upper * scale).tolist(),
        ),
        linear_constraint_matrix=sparse_containers_pb2.SparseDoubleMatrixProto(
            row_ids=rows.row[order].tolist(),
            column_ids=rows.column[order].tolist(),
            coefficients=(rows.value * scale[rows.row])[order].tolist(),
        ),
    )


def solve_whole(program: Program, *, hint: FloatArray | None, gap: float, share: float, nodes: int) -> Answer:
    """Branch and bound by HiGHS on one thread, stopped by its gap or its node count, never by the clock."""
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2, result_pb2, sparse_containers_pb2
    from ortools.math_opt.core.python import solver

    parameters = parameters_pb2.SolveParametersProto(absolute_gap_tolerance=gap, relative_gap_tolerance=share, node_limit=nodes)
    parameters.highs.string_options["parallel"] = "off"
    extra = model_parameters_pb2.ModelSolveParametersProto()
    if hint is not None:
        extra.solution_hints.add(
            variable_values=sparse_containers_pb2.SparseDoubleVectorProto(ids=range(len(hint)), values=hint.tolist())
        )
    result = solver.solve(
        message(program, 1.0),
        parameters_pb2.SOLVER_TYPE_HIGHS,
        parameters_pb2.SolverInitializerProto(),
        parameters,
        extra,
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )
    ended = result.termination
    columns = None
    value = np.inf
    if result.solutions and result.solutions[0].HasField("primal_solution"):
        found = result.solutions[0].primal_solution
        columns = np.zeros(len(program.cost))
        columns[list(found.variable_values.ids)] = list(found.variable_values.values)
        value = found.objective_value
    infeasible = ended.reason == result_pb2.TERMINATION_REASON_INFEASIBLE
    bound = np.inf if infeasible else ended.objective_bounds.dual_bound
    return Answer(columns, value, bound, infeasible, int(result.solve_stats.node_count))


def solve_small(cost: FloatArray, row: Any, column: Any, upper: FloatArray) -> FloatArray | None:
    """A tiny linear program: minimise cost x columns in [0, 1], unit coefficients in rows of at most ``upper``."""
    from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2
    from ortools.math_opt.core.python import solver

    size = len(cost)
    rows = Rows(np.full(len(upper), -np.inf), upper, row, column, np.ones(len(row)))
    program = Program(np.zeros(size), np.ones(size), np.zeros(size, dtype=np.bool_), cost, rows)
    parameters = parameters_pb2.SolveParametersProto(threads=1)
    parameters.glop.use_preprocessing = False
    result = solver.solve(
        message(program, 1.0),
        parameters_pb2.SOLVER_TYPE_GLOP,
        parameters_pb2.SolverInitializerProto(),
        parameters,
        model_parameters_pb2.ModelSolveParametersProto(),
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )
    if not result.solutions:
        return None
    columns = np.zeros(size)
    found = result.solutions[0].primal_solution.variable_values
    columns[list(found.ids)] = list(found.values)
    return columns
