"""The one place that talks to OR-Tools: arrays in, arrays out.

The comfortable model classes cost half a second to import and more to fill, so linear programs go to GLOP through
MathOpt's compiled core, which takes wire messages and keeps its basis while rows are added, and whole-number programs
go to SCIP through the older wrapper, the one through which it can be interrupted at once. Everything is imported inside
functions: checking a plan needs no solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from optimiser.solving.linear_program import FloatArray, Program, Rows, without_idle_rows

PIVOTS_PER_SIDE = 10
FEWEST_PIVOTS = 1_000
"""So many pivots for each row and column, and never fewer than these, may one solve of a linear program take. Of thousands that
ended none took three; beyond it the simplex goes round in circles (measured: six million pivots on 74 rows and 62 columns)."""
IMPOSSIBLE = 2
"""The wrapper's status for a program without a solution; 0 is solved to the gap asked, 1 a solution at a limit."""


class EngineError(Exception):
    """A linear program ended without an answer, for numerical reasons or because it was interrupted."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """An optimal point of a linear program, with the price of every row."""

    columns: FloatArray
    prices: FloatArray


@dataclass(frozen=True, slots=True)
class Answer:
    """What a whole-number search found: None when nothing; and a bound (-inf when there is none to trust)."""

    columns: FloatArray | None
    bound: float


def row_scales(rows: Rows) -> FloatArray:
    """A power of two per row that brings its largest coefficient near one: exact, and easier on the solvers."""
    largest = np.zeros(len(rows))
    np.maximum.at(largest, rows.row, np.abs(rows.value))
    largest[largest == 0] = 1.0
    return np.asarray(np.exp2(-np.round(np.log2(largest))), dtype=np.float64)


class LinearEngine:
    """A linear program that stays in memory: solved, given more rows, solved again from where it stood."""

    def __init__(self, program: Program, *, careful: bool = False) -> None:
        from ortools.math_opt import callback_pb2, model_parameters_pb2, model_pb2, parameters_pb2
        from ortools.math_opt.core.python import solver
        from ortools.util.python.pybind_solve_interrupter import PySolveInterrupter

        self._scales = row_scales(program.rows)
        self._columns = len(program.cost)
        self._cost_scale = float(1 / max(1.0, np.abs(program.cost).max(initial=0.0)))
        self._parameters = parameters_pb2.SolveParametersProto(threads=1)
        self.careful = careful
        # Presolve helps a single solve; without it the next one starts from the last basis.
        self._parameters.glop.use_preprocessing = careful
        self._parameters.glop.use_dual_simplex = not careful
        # Scaled anew with every row, the program would be another one to GLOP, and the last basis of no use.
        self._parameters.glop.use_scaling = careful
        self._extra = model_parameters_pb2.ModelSolveParametersProto()
        self._extra.reduced_costs_filter.filter_by_ids = True
        self._no_callback = callback_pb2.CallbackRegistrationProto()
        self._interrupter = PySolveInterrupter()
        priced = np.flatnonzero(program.cost)
        model = model_pb2.ModelProto(
            variables=model_pb2.VariablesProto(
                ids=range(self._columns),
                lower_bounds=program.lower.tolist(),
                upper_bounds=program.upper.tolist(),
                integers=[False] * self._columns,
            ),
            linear_constraints=_constraints(program.rows, self._scales, 0),
            linear_constraint_matrix=_matrix(program.rows, self._scales, 0),
        )
        model.objective.linear_coefficients.ids.extend(priced.tolist())
        model.objective.linear_coefficients.values.extend((program.cost[priced] * self._cost_scale).tolist())
        self._solver = solver.new(parameters_pb2.SOLVER_TYPE_GLOP, model, parameters_pb2.SolverInitializerProto())

    def add(self, rows: Rows) -> None:
        """More rows; the next solve starts from the last answer."""
        from ortools.math_opt import model_update_pb2

        first = len(self._scales)
        scales = row_scales(rows)
        update = model_update_pb2.ModelUpdateProto(
            new_linear_constraints=_constraints(rows, scales, first),
            linear_constraint_matrix_updates=_matrix(rows, scales, first),
        )
        self._update(update)
        self._scales = np.concatenate((self._scales, scales))
        self._parameters.glop.use_dual_simplex = True

    def _update(self, update: Any) -> None:
        try:
            taken = self._solver.update(update)
        except Exception as failure:
            raise EngineError(str(failure)) from failure
        if not taken:
            raise EngineError("update refused")

    def add_columns(self, cost: FloatArray, rows: Rows) -> None:
        """More columns, each at least 0 and without a limit of its own; ``rows`` holds their coefficients in all rows."""
        from ortools.math_opt import model_pb2, model_update_pb2, sparse_containers_pb2

        ids = range(self._columns, self._columns + len(cost))
        order = np.lexsort((rows.column, rows.row))
        update = model_update_pb2.ModelUpdateProto(
            new_variables=model_pb2.VariablesProto(
                ids=ids, lower_bounds=[0.0] * len(cost), upper_bounds=[np.inf] * len(cost), integers=[False] * len(cost)
            ),
            linear_constraint_matrix_updates=sparse_containers_pb2.SparseDoubleMatrixProto(
                row_ids=rows.row[order].tolist(),
                column_ids=(rows.column[order] + self._columns).tolist(),
                coefficients=(rows.value * self._scales[rows.row])[order].tolist(),
            ),
        )
        update.objective_updates.linear_coefficients.ids.extend(ids)
        update.objective_updates.linear_coefficients.values.extend((cost * self._cost_scale).tolist())
        self._update(update)
        self._columns += len(cost)
        # The last answer obeys all rows still, but the new columns would better it: the primal simplex goes on from there.
        self._parameters.glop.use_dual_simplex = False

    def set_costs(self, cost: FloatArray) -> None:
        """Other costs, of all columns; the next solve starts from the last answer, which obeys all rows."""
        from ortools.math_opt import model_update_pb2

        self._cost_scale = float(1 / max(1.0, np.abs(cost).max(initial=0.0)))
        update = model_update_pb2.ModelUpdateProto()
        update.objective_updates.linear_coefficients.ids.extend(range(self._columns))
        update.objective_updates.linear_coefficients.values.extend((cost * self._cost_scale).tolist())
        self._update(update)
        self._parameters.glop.use_dual_simplex = False

    def interrupt(self) -> None:
        """From another thread: end the solve under way."""
        self._interrupter.interrupt()

    def solve(self) -> Vertex:
        """An optimal point. Where one simplex does not find it, the other one (primal or dual) is asked as well."""
        from ortools.math_opt import result_pb2

        result = self._solved()
        if result.termination.reason != result_pb2.TERMINATION_REASON_OPTIMAL:
            glop, first = self._parameters.glop, self._parameters.glop.use_dual_simplex
            glop.use_dual_simplex = not first
            try:
                result = self._solved()
            finally:
                glop.use_dual_simplex = first
        if result.termination.reason != result_pb2.TERMINATION_REASON_OPTIMAL:
            raise EngineError(str(result.termination.detail))
        solution = result.solutions[0]
        columns = _dense(solution.primal_solution.variable_values, self._columns)
        prices = _dense(solution.dual_solution.dual_values, len(self._scales))
        return Vertex(columns, prices * self._scales / self._cost_scale)

    def _solved(self) -> Any:
        """What GLOP says; it gives up where it would not end."""
        self._parameters.iteration_limit = max(FEWEST_PIVOTS, PIVOTS_PER_SIDE * (len(self._scales) + self._columns))
        try:
            return self._solver.solve(self._parameters, self._extra, None, self._no_callback, None, self._interrupter)
        except Exception as failure:  # the binding's status type is not importable without the model classes
            raise EngineError(str(failure)) from failure


def _dense(sparse: Any, size: int) -> FloatArray:
    values = np.zeros(size)
    values[np.fromiter(sparse.ids, dtype=np.int64)] = np.fromiter(sparse.values, dtype=np.float64)
    return values


def _constraints(rows: Rows, scales: FloatArray, first: int) -> Any:
    from ortools.math_opt import model_pb2

    return model_pb2.LinearConstraintsProto(
        ids=range(first, first + len(rows)),
        lower_bounds=(rows.lower * scales).tolist(),
        upper_bounds=(rows.upper * scales).tolist(),
    )


def _matrix(rows: Rows, scales: FloatArray, first: int) -> Any:
    from ortools.math_opt import sparse_containers_pb2

    order = np.lexsort((rows.column, rows.row))
    return sparse_containers_pb2.SparseDoubleMatrixProto(
        row_ids=(rows.row[order] + first).tolist(),
        column_ids=rows.column[order].tolist(),
        coefficients=(rows.value * scales[rows.row])[order].tolist(),
    )


class WholeEngine:
    """Branch and bound on one thread, ended by its gap or its node count, never by the clock."""

    def __init__(self, program: Program, *, hint: FloatArray | None, gap: float, nodes: int, enough: float) -> None:
        from ortools.linear_solver import linear_solver_pb2, pywraplp

        program = without_idle_rows(program)
        cost_scale = float(1 / max(1.0, np.abs(program.cost).max(initial=0.0)))
        self._cost_scale = cost_scale
        model = linear_solver_pb2.MPModelProto()
        for lower, upper, whole, cost in zip(
            program.lower.tolist(),
            program.upper.tolist(),
            program.whole.tolist(),
            (program.cost * cost_scale).tolist(),
            strict=True,
        ):
            model.variable.add(lower_bound=lower, upper_bound=upper, is_integer=whole, objective_coefficient=cost)
        rows = program.rows
        scales = row_scales(rows)
        order = np.lexsort((rows.column, rows.row))
        ends = np.searchsorted(rows.row[order], np.arange(len(rows) + 1)).tolist()
        columns = rows.column[order].tolist()
        values = (rows.value * scales[rows.row])[order].tolist()
        lowers, uppers = (rows.lower * scales).tolist(), (rows.upper * scales).tolist()
        for row in range(len(rows)):
            part = slice(ends[row], ends[row + 1])
            model.constraint.add(
                lower_bound=lowers[row],
                upper_bound=uppers[row],
                var_index=columns[part],
                coefficient=values[part],
            )
        if hint is not None:
            model.solution_hint.var_index.extend(range(len(hint)))
            model.solution_hint.var_value.extend(hint.tolist())
        self._solver = pywraplp.Solver.CreateSolver("SCIP")
        refused = self._solver.LoadModelFromProto(model)
        if refused:
            raise EngineError(refused)
        settings = {
            "limits/absgap": gap * cost_scale,
            "limits/nodes": nodes,
            "limits/primal": enough * cost_scale,
            # Presolve takes other paths from run to run (measured: the same program, 3 answers in 16 runs), and what it
            # removes is gone already: without it searches repeat, and are twice as fast.
            "presolving/maxrounds": 0,
            # Beginning again at the root throws away what branching has learnt (five searches: 17 s without, 28 with).
            "presolving/maxrestarts": 0,
            "separating/maxroundsroot": 3,
            # Its own neighbourhood searches do here what ``improving`` does better.
            "heuristics/alns/freq": -1,
            "heuristics/crossover/freq": -1,
            "heuristics/rens/freq": -1,
            "heuristics/rins/freq": -1,
            # Else it takes a Ctrl-C for itself, ends this search alone, and the run goes on as if nobody had asked.
            "misc/catchctrlc": False,
        }
        self._solver.SetSolverSpecificParametersAsString("".join(f"{name} = {value!r}\n" for name, value in settings.items()))

    def interrupt(self) -> None:
        """From another thread: end the search under way."""
        self._solver.InterruptSolve()

    def solve(self) -> Answer:
        from ortools.linear_solver import linear_solver_pb2

        status = self._solver.Solve()
        if status == IMPOSSIBLE:
            return Answer(None, np.inf)
        response = linear_solver_pb2.MPSolutionResponse()
        self._solver.FillSolutionResponseProto(response)
        if status not in (0, 1):
            return Answer(None, -np.inf)
        columns = np.fromiter(response.variable_value, dtype=np.float64)
        return Answer(columns, response.best_objective_bound / self._cost_scale)


def solve_small(cost: FloatArray, rows: Rows) -> FloatArray | None:
    """A tiny linear program with columns in [0, 1]; None when the solver gives up on it."""
    size = len(cost)
    program = Program(np.zeros(size), np.ones(size), np.zeros(size, dtype=np.bool_), cost, rows)
    try:
        return LinearEngine(program).solve().columns
    except EngineError:
        return None
