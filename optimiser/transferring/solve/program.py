"""A transfer problem as a program of OR-Tools: which rounds move and, unless that is left out, on which wave. Whatever one
search has found when it is cut short is kept.
"""

from __future__ import annotations

import math
from typing import Any

from optimiser.domain.level_result import Amount
from optimiser.transferring.preferences import CHANGES, LARGEST_SHARE, Level
from optimiser.transferring.problem import STAYS, Choice, Problem

SHARE_SCALE = 10_000_000
"""Shares are searched in ten-millionths; what lies closer together is settled exactly afterwards."""


class Program:
    """The choices that break nothing, and expressions for each level. Gains a row per level settled.

    Without waves it holds more choices than there are, since limits of single waves are left out: its bounds hold, its choices
    have to be dated.
    """

    def __init__(self, problem: Problem, *, with_waves: bool) -> None:
        from ortools.sat.python import cp_model

        self.problem, self.with_waves = problem, with_waves
        self.model: Any = cp_model.CpModel()
        # Whether a round moves is a choice of its own, beside when: a level open by 9% after 20 s without it is proven in 12 s.
        self.moves: list[Any] = [
            self.model.new_bool_var(f"x{index}") if waves else 0 for index, waves in enumerate(problem.waves)
        ]
        self.on: list[dict[int, Any]] = [
            {wave: self.model.new_bool_var(f"y{index}_{wave}") for wave in waves} if with_waves else {}
            for index, waves in enumerate(problem.waves)
        ]
        self._rules()

    def _rules(self) -> None:
        problem, model = self.problem, self.model
        for moved, by_wave in zip(self.moves, self.on, strict=True):
            if by_wave:
                model.add_exactly_one([*by_wave.values(), moved.negated()])
        for index, wave in problem.fixed.items():
            model.add(self.on[index][wave] == 1 if self.with_waves else self.moves[index] == 1)
        for group in problem.excludes:
            model.add(sum(self.moves[index] for index in group) <= 1)
        for limit in problem.limits:
            terms = [
                weight * var
                for index, weight in limit.weights.items()
                for var in self._during(index, limit.waves, makes_room=weight < 0)
            ]
            if terms:
                model.add(sum(terms) <= limit.room)

    def _during(self, index: int, waves: frozenset[int], *, makes_room: bool) -> list[Any]:
        """What says that a round moves on one of these waves.

        Where that is not known, a round that makes room counts if it may, any other does not: a bound holds all the same.
        """
        possible = self.problem.waves[index]
        if possible and waves.issuperset(possible):
            return [self.moves[index]]
        if makes_room and not self.with_waves:
            return [self.moves[index]] if waves.intersection(possible) else []
        return [var for wave, var in self.on[index].items() if wave in waves]

    def expression(self, level: Level) -> Any:
        """What a level counts; not for a largest share."""
        if level.linear is None:
            return self._changes() if level is CHANGES else self._cost()
        linear = level.linear(self.problem)
        if not linear.times_wave:
            return linear.constant + sum(weight * move for weight, move in zip(linear.weights, self.moves, strict=True) if weight)
        return linear.constant + sum(
            weight * wave * var for weight, by_wave in zip(linear.weights, self.on, strict=True) for wave, var in by_wave.items()
        )

    def _changes(self) -> Any:
        """Without waves a round counts as changed only where it moves and did not, or the other way round."""
        return sum(
            self.moves[index] if wave == STAYS else 1 - (self.on[index].get(wave, 0) if self.with_waves else self.moves[index])
            for index, wave in enumerate(self.problem.earlier or ())
            if index not in self.problem.earlier_elsewhere
        )

    def _cost(self) -> Any:
        total: Any = 0
        for number, payment in enumerate(self.problem.payments):
            delivered = payment.base_pence + sum(pence * self.moves[index] for index, pence in payment.change.items())
            if payment.guaranteed_pence:
                highest = payment.base_pence + sum(max(0, pence) for pence in payment.change.values())
                paid = self.model.new_int_var(payment.guaranteed_pence, max(highest, payment.guaranteed_pence), f"paid{number}")
                self.model.add(paid >= delivered)
                delivered = paid
            total += delivered
        return total

    def largest_share(self) -> Any:
        """A variable no smaller than any provider's share, in ``SHARE_SCALE``."""
        largest = self.model.new_int_var(0, SHARE_SCALE, "largest_share")
        for name, moved in self._from_providers():
            self.model.add(SHARE_SCALE * moved <= largest * self.problem.before_minutes[name])
        return largest

    def _from_providers(self) -> list[tuple[str, Any]]:
        """Per provider: the minutes that move away from it."""
        return [
            (name, sum(minutes * self.moves[index] for index, minutes in rounds.items()))
            for name, rounds in self.problem.moved_from.items()
        ]

    def keep(self, level: Level, most: Amount, *, below: bool = False) -> None:
        """From now on this level is at most so much; ``below``: less than that."""
        if level is LARGEST_SHARE:
            for name, moved in self._from_providers():
                share = most * self.problem.before_minutes[name]
                self.model.add(moved <= (math.ceil(share) - 1 if below else math.floor(share)))
        else:
            self.model.add(self.expression(level) <= int(most))

    def hint(self, choice: Choice) -> None:
        """Begin the next search with this choice."""
        self.model.clear_hints()
        for moved, by_wave, now in zip(self.moves, self.on, choice, strict=True):
            if not isinstance(moved, int):
                self.model.add_hint(moved, now != STAYS)
            for wave, var in by_wave.items():
                self.model.add_hint(var, now == wave)

    def choice(self, value: Any) -> Choice:
        """The choice of a solution, asked variable by variable. Without waves: each round's first."""
        if self.with_waves:
            return tuple(next((wave for wave, var in by_wave.items() if value(var)), STAYS) for by_wave in self.on)
        return tuple(
            waves[0] if waves and value(moved) else STAYS for moved, waves in zip(self.moves, self.problem.waves, strict=True)
        )

    def variant(self) -> Program:
        """A copy to add rows to that are not to stay."""
        twin = object.__new__(Program)
        twin.problem, twin.with_waves, twin.model = self.problem, self.with_waves, self.model.clone()
        twin.model.clear_objective()
        twin.moves = [0 if isinstance(var, int) else twin.model.get_bool_var_from_proto_index(var.index) for var in self.moves]
        twin.on = [{w: twin.model.get_bool_var_from_proto_index(v.index) for w, v in by.items()} for by in self.on]
        return twin


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
