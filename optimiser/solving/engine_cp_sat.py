"""OR-Tools' CP-SAT on a program of whole numbers: where sums must come out to the unit, it finds what branch and bound does not.

Effort is its own counted ("deterministic") time on one thread, so that a search repeats.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from optimiser.solving.engine import Answer
from optimiser.solving.linear_program import FloatArray, Program, Rows

LARGEST_SUM = 2.0**53
"""Sums up to here are exact in the arrays that a program is made of."""


class ConstraintEngine:
    """Minimise a program whose columns are all whole. ``least``: no solution costs less, as is known already."""

    def __init__(self, program: Program, *, hint: FloatArray | None, least: float, gap: float, work: float) -> None:
        self._program, self._hint, self._least, self._gap, self._work = program, hint, least, gap, work
        self._solver: Any = None
        self._interrupted = False

    def interrupt(self) -> None:
        """From another thread: end the search under way."""
        self._interrupted = True
        if self._solver is not None:
            self._solver.stop_search()

    def solve(self) -> Answer:
        from ortools.sat.python import cp_model

        if not is_whole(self._program):
            return Answer(None, -np.inf)
        model, columns = self._model()
        solver = self._solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.linearization_level = 2
        solver.parameters.max_deterministic_time = self._work
        solver.parameters.absolute_gap_limit = self._gap
        solver.parameters.catch_sigint_signal = False
        if self._interrupted:
            return Answer(None, -np.inf)
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return Answer(None, np.inf)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(None, -np.inf)
        found = np.array([solver.value(column) for column in columns], dtype=np.float64)
        return Answer(found, float(solver.best_objective_bound))

    def _model(self) -> tuple[Any, list[Any]]:
        from ortools.sat.python import cp_model

        program, rows = self._program, self._program.rows
        model: Any = cp_model.CpModel()
        columns = [
            model.new_int_var(lower, upper, "")
            for lower, upper in zip(program.lower.astype(np.int64).tolist(), program.upper.astype(np.int64).tolist(), strict=True)
        ]
        order = np.argsort(rows.row, kind="stable")
        ends = np.searchsorted(rows.row[order], np.arange(len(rows) + 1)).tolist()
        column, value = rows.column[order].tolist(), rows.value[order].astype(np.int64).tolist()
        for row, (lower, upper) in enumerate(zip(rows.lower.tolist(), rows.upper.tolist(), strict=True)):
            span = slice(ends[row], ends[row + 1])
            total = cp_model.LinearExpr.weighted_sum([columns[each] for each in column[span]], value[span])
            within = cp_model.Domain(
                cp_model.INT_MIN if lower == -np.inf else int(lower), cp_model.INT_MAX if upper == np.inf else int(upper)
            )
            model.add_linear_expression_in_domain(total, within)
        priced = np.flatnonzero(program.cost).tolist()
        cost = cp_model.LinearExpr.weighted_sum([columns[each] for each in priced], [int(program.cost[each]) for each in priced])
        if np.isfinite(self._least):
            model.add(cost >= int(np.ceil(self._least)))
        model.minimize(cost)
        if self._hint is not None:
            for each, hinted in zip(columns, self._hint.tolist(), strict=True):
                model.add_hint(each, int(hinted))
        return model, columns


def is_whole(program: Program) -> bool:
    """Whether every number in a program is whole, and every sum small enough to be added up exactly."""
    rows = program.rows
    most = np.maximum(np.abs(program.lower), np.abs(program.upper))
    sums = np.append(np.bincount(rows.row, np.abs(rows.value) * most[rows.column], len(rows)), np.abs(program.cost) @ most)
    return _whole_numbers(program.lower, program.upper, program.cost, *_numbers(rows)) and bool((sums < LARGEST_SUM).all())


def _numbers(rows: Rows) -> tuple[FloatArray, ...]:
    return rows.value, rows.lower[np.isfinite(rows.lower)], rows.upper[np.isfinite(rows.upper)]


def _whole_numbers(*arrays: FloatArray) -> bool:
    return all(bool((np.abs(array) < LARGEST_SUM).all() and (array == np.round(array)).all()) for array in arrays)
