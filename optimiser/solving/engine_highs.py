"""Whole-number programs by HiGHS: stronger than the searches of ``engine`` where many could make room for one another.

It cannot be interrupted: whoever runs it gives it few nodes at a time and a clock as the last resort.
"""

from __future__ import annotations

import numpy as np

from optimiser.solving.engine import Answer, EngineError, _constraints, _dense, _matrix, row_scales
from optimiser.solving.linear_program import FloatArray, Program, without_idle_rows


class HighsEngine:
    """Branch and bound on one thread, ended by its gap or its node count; by the clock only as the last resort."""

    def __init__(self, program: Program, *, hint: FloatArray, gap: float, nodes: int, seconds: float | None) -> None:
        from ortools.math_opt import model_parameters_pb2, model_pb2, parameters_pb2, sparse_containers_pb2

        program = without_idle_rows(program)
        self._columns = len(program.cost)
        scales = row_scales(program.rows)
        priced = np.flatnonzero(program.cost)
        self._model = model_pb2.ModelProto(
            variables=model_pb2.VariablesProto(
                ids=range(self._columns),
                lower_bounds=program.lower.tolist(),
                upper_bounds=program.upper.tolist(),
                integers=program.whole.tolist(),
            ),
            linear_constraints=_constraints(program.rows, scales, 0),
            linear_constraint_matrix=_matrix(program.rows, scales, 0),
        )
        self._model.objective.linear_coefficients.ids.extend(priced.tolist())
        self._model.objective.linear_coefficients.values.extend(program.cost[priced].tolist())
        self._parameters = parameters_pb2.SolveParametersProto(
            absolute_gap_tolerance=gap, relative_gap_tolerance=0.0, node_limit=nodes
        )
        if seconds is not None:
            self._parameters.time_limit.FromMilliseconds(max(1, round(seconds * 1000)))
        self._parameters.highs.string_options["parallel"] = "off"
        self._extra = model_parameters_pb2.ModelSolveParametersProto()
        self._extra.solution_hints.add(
            variable_values=sparse_containers_pb2.SparseDoubleVectorProto(ids=range(len(hint)), values=hint.tolist())
        )

    def interrupt(self) -> None:
        """It cannot be asked to stop: its node count ends it."""

    def solve(self) -> Answer:
        from ortools.math_opt import callback_pb2, parameters_pb2, result_pb2
        from ortools.math_opt.core.python import solver

        try:
            result = solver.solve(
                self._model,
                parameters_pb2.SOLVER_TYPE_HIGHS,
                parameters_pb2.SolverInitializerProto(),
                self._parameters,
                self._extra,
                None,
                callback_pb2.CallbackRegistrationProto(),
                None,
                None,
            )
        except Exception as failure:  # the binding's status type is not importable without the model classes
            raise EngineError(str(failure)) from failure
        if result.termination.reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
            raise EngineError("no solution found where the hint is one")
        bound = float(result.termination.objective_bounds.dual_bound)
        if not result.solutions:
            return Answer(None, bound if np.isfinite(bound) else -np.inf)
        return Answer(_dense(result.solutions[0].primal_solution.variable_values, self._columns), bound)
