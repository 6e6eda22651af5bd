"""The textbook way by the newest HiGHS: the one inside OR-Tools is some versions older.

Its package is not one of the product's, as it cannot share a process with OR-Tools (they hold the same symbols): install it
aside, ``pip install --no-deps --target FOLDER highspy``, and name the folder on ``PYTHONPATH``.
"""

from __future__ import annotations

import numpy as np

from optimiser.solving.linear_program import FloatArray, Program


def search_with_newest(
    program: Program, hint: FloatArray, *, gap: float, share: float, seconds: float
) -> tuple[FloatArray | None, float]:
    """One full program; the columns found, if any, and the bound."""
    import highspy

    rows = program.rows
    largest = np.ones(len(rows))
    np.maximum.at(largest, rows.row, np.abs(rows.value))
    order = np.lexsort((rows.column, rows.row))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(hint), len(rows)
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.lower, program.upper
    model.row_lower_, model.row_upper_ = rows.lower / largest, rows.upper / largest
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(rows.row[order], np.arange(len(rows) + 1))
    model.a_matrix_.index_ = rows.column[order]
    model.a_matrix_.value_ = (rows.value / largest[rows.row])[order]
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in program.whole.tolist()]
    solver = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "parallel": "off", "mip_rel_gap": share, "mip_abs_gap": gap}
    for name, value in {**options, "time_limit": seconds}.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    start = highspy.HighsSolution()
    start.col_value = hint.tolist()
    solver.setSolution(start)
    solver.run()
    told = solver.getInfo()
    found = np.array(solver.getSolution().col_value)
    legal = told.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return found if legal else None, told.mip_dual_bound
