"""One search of OR-Tools, as ``Watch`` runs it: whatever it has found when it is cut short is kept."""

from __future__ import annotations

from typing import Any

from optimiser.transferring.problem import Choice
from optimiser.transferring.solve.program import Program


class Call:
    """A solver with its program."""

    def __init__(self, program: Program, work: float) -> None:
        from ortools.sat.python import cp_model

        self._model = program.model
        self.latest: Choice | None = None
        self.bound = 0.0
        """What is proven so far; no level is ever below nothing."""
        self.answer: bool | None = None
        """Once it has ended: what ``solve`` said."""
        call = self

        class Listener(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(self) -> None:
                call.latest = program.choice(self.boolean_value)

        self._listener = Listener()
        self._solver: Any = cp_model.CpSolver()
        self._solver.parameters.num_workers = 1
        self._solver.parameters.random_seed = 1
        # All rows in the relaxation: measured, a level open after 24 s without it is proven in a tenth of a second.
        self._solver.parameters.linearization_level = 2
        self._solver.parameters.max_deterministic_time = work
        self._solver.parameters.catch_sigint_signal = False
        self._solver.best_bound_callback = self._raise_bound

    def _raise_bound(self, bound: float) -> None:
        self.bound = max(self.bound, bound)

    def solve(self) -> bool | None:
        """Whether there is a choice; None where that is not known."""
        from ortools.sat.python import cp_model

        status = self._solver.solve(self._model, self._listener)
        self._raise_bound(self._solver.best_objective_bound)
        if status == cp_model.INFEASIBLE:
            return False
        return True if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def interrupt(self) -> None:
        self._solver.stop_search()
