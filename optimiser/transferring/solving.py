"""The one place here that talks to OR-Tools: a transfer problem in, a choice and what is proven of each level out.

Level after level: each is minimised among the choices that keep every earlier level within best + tolerance. Choices are never
believed from the solver: every level of every choice is computed again, exactly, by ``levels``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from optimiser.solving.outcome import Stopped
from optimiser.solving.watch import Halt, Watch
from optimiser.transferring.levels import Amount, Level, LevelResult, levels_of
from optimiser.transferring.problem import STAYS, Choice, Problem

SHARE_SCALE = 10_000_000
"""Shares are searched in ten-millionths; what lies closer together is settled exactly afterwards."""
WORK_PER_LEVEL = 20.0
"""Counted work (about seconds on an idle machine), so that two runs give the same bytes."""


@dataclass(frozen=True)
class Solved:
    """A choice that breaks nothing, what is proven of it, and why the search ended."""

    choice: Choice
    levels: tuple[LevelResult, ...]
    stopped: Stopped


def solve(
    problem: Problem,
    start: Choice,
    *,
    wall_seconds: float | None = None,
    work_per_level: float = WORK_PER_LEVEL,
    only: int | None = None,
    report: Callable[[str, Amount, Amount], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solved:
    """The best choice in strict order. ``start`` must break nothing; ``only``: so many of the first levels."""
    if problem.breaks(start):
        raise ValueError(f"the start breaks {', '.join(problem.breaks(start))}")
    search = _Search(problem, start, work_per_level, Watch(should_stop, wall_seconds, lambda: None))
    levels = levels_of(problem)[:only]
    for turn, level in enumerate(levels):
        search.settle(level, turns_left=len(levels) - turn)
        if report is not None:
            report(level.name, search.results[-1].best, search.results[-1].bound)
    return Solved(search.choice, tuple(search.final()), search.stopped)


class _Call:
    """A solver with its model, as ``Watch`` runs it. It keeps its latest choice, so that a search cut short loses nothing."""

    def __init__(self, model: Any, on: list[dict[int, Any]], work: float) -> None:
        from ortools.sat.python import cp_model

        self._model = model
        self.latest: Choice | None = None
        call = self

        class Listener(cp_model.CpSolverSolutionCallback):
            def on_solution_callback(self) -> None:
                call.latest = tuple(
                    next((wave for wave, var in by_wave.items() if self.boolean_value(var)), STAYS) for by_wave in on
                )

        self._listener = Listener()
        self.solver: Any = cp_model.CpSolver()
        self.solver.parameters.num_workers = 1
        self.solver.parameters.random_seed = 1
        # All rows in the relaxation: measured, a level open after 24 s without it is proven in a tenth of a second.
        self.solver.parameters.linearization_level = 2
        self.solver.parameters.max_deterministic_time = work
        self.solver.parameters.catch_sigint_signal = False

    def solve(self) -> int:
        return int(self.solver.solve(self._model, self._listener))

    def interrupt(self) -> None:
        self.solver.stop_search()


class _Search:
    """The model, which gains a row per level settled, and the best choice so far."""

    def __init__(self, problem: Problem, start: Choice, work: float, watch: Watch) -> None:
        from ortools.sat.python import cp_model

        self.problem, self.choice, self.work, self.watch = problem, start, work, watch
        self.results: list[LevelResult] = []
        self.level: Level = levels_of(problem)[0]
        """The level at work."""
        self.stopped: Stopped = "no"
        self.model: Any = cp_model.CpModel()
        self.on: list[dict[int, Any]] = [
            {wave: self.model.new_bool_var(f"y{index}_{wave}") for wave in waves} for index, waves in enumerate(problem.waves)
        ]
        self.moves: list[Any] = [sum(by_wave.values()) for by_wave in self.on]
        self._rules()

    def _rules(self) -> None:
        problem, model = self.problem, self.model
        for by_wave in self.on:
            if by_wave:
                model.add_at_most_one(by_wave.values())
        for index, wave in problem.fixed.items():
            model.add(self.on[index][wave] == 1)
        for group in problem.excludes:
            model.add(sum(self.moves[index] for index in group) <= 1)
        for limit in problem.limits:
            terms = [
                weight * var
                for index, weight in limit.weights.items()
                for wave, var in self.on[index].items()
                if wave in limit.waves
            ]
            if terms:
                model.add(sum(terms) <= limit.room)

    def settle(self, level: Level, turns_left: int) -> None:
        """Minimise one level and keep it; a search that was stopped before keeps what is known."""
        bound: Amount = 0
        self.level = level
        if self.stopped in ("no", "work") or (self.stopped == "wall" and not self.watch.is_over()):
            self.watch.begin_turn(turns_left)
            try:
                bound = self._share_level() if level.name == "largest_share" else self._whole_level(level)
            except Halt as halt:
                self.stopped = halt.reason
            except KeyboardInterrupt:
                self.stopped = "cancelled"
        value = level.value(self.problem, self.choice)
        bound = min(bound, value)
        proven = value - bound <= _proof_gap(self.problem, level.name, value)
        tolerance = _tolerance(self.problem, level.name)
        self.results.append(LevelResult(level.name, level.unit, value, value, bound, tolerance, proven))
        if not proven and self.stopped == "no":
            self.stopped = "work"
        self._keep(level, value + tolerance)

    def final(self) -> list[LevelResult]:
        """The results with the values of the last choice; where it improves an earlier level, that best is lowered to it."""
        found = []
        for r, level in zip(self.results, levels_of(self.problem), strict=False):
            value = level.value(self.problem, self.choice)
            best = min(r.best, value)
            proven = best - r.bound <= _proof_gap(self.problem, r.name, best)
            found.append(LevelResult(r.name, r.unit, value, best, r.bound, r.tolerance, proven))
        return found

    def _whole_level(self, level: Level) -> int:
        """Minimise a level that counts whole units; the bound."""
        self.model.minimize(self._expression(level))
        return math.ceil(self._run() - 1e-6)

    def _share_level(self) -> Amount:
        """Minimise the largest share: in ten-millionths first, then exactly, by asking for anything better at all."""
        largest = self.model.new_int_var(0, SHARE_SCALE, "largest_share")
        for name, rounds in self.problem.moved_from.items():
            moved = sum(minutes * self.moves[index] for index, minutes in rounds.items())
            self.model.add(SHARE_SCALE * moved <= largest * self.problem.before_minutes[name])
        self.model.minimize(largest)
        lowest = max(Fraction(0), Fraction(math.ceil(self._run() - 1e-6) - 1, SHARE_SCALE))
        while (best := max(self.problem.shares(self.choice).values(), default=Fraction(0))) > lowest:
            trial = self.model.clone()
            trial.clear_objective()
            for name, rounds in self.problem.moved_from.items():
                moved = sum(minutes * self._in(trial, index) for index, minutes in rounds.items())
                trial.add(moved <= math.ceil(best * self.problem.before_minutes[name]) - 1)
            status = self._listen(_Call(trial, self.on, self.work))
            if status == _infeasible():
                return best
            if status not in _found():
                return lowest
        return best

    def _in(self, model: Any, index: int) -> Any:
        return sum(model.get_bool_var_from_proto_index(var.index) for var in self.on[index].values())

    def _run(self) -> float:
        """Run the model as it stands from the best choice so far; the bound."""
        self.model.clear_hints()
        for index, by_wave in enumerate(self.on):
            for wave, var in by_wave.items():
                self.model.add_hint(var, self.choice[index] == wave)
        call = _Call(self.model, self.on, self.work)
        self._listen(call)
        return float(call.solver.best_objective_bound)

    def _listen(self, call: _Call) -> int:
        """Run a call and take its latest choice over, however it ended."""
        try:
            return self.watch.run(call)
        finally:
            if call.latest is not None:
                self._take(call.latest)

    def _take(self, choice: Choice) -> None:
        """Take a choice over, unless it breaks something, spoils an earlier level, or is worse: solvers are never believed."""
        if self.level.value(self.problem, choice) > self.level.value(self.problem, self.choice):
            return
        spoils = [
            r.name
            for r, level in zip(self.results, levels_of(self.problem), strict=False)
            if level.value(self.problem, choice) > r.best + r.tolerance
        ]
        if not spoils and not self.problem.breaks(choice):
            self.choice = choice

    def _expression(self, level: Level) -> Any:
        if level.linear is None:
            return self._changes() if level.name == "changes" else self._cost()
        linear = level.linear(self.problem)
        if not linear.times_wave:
            return linear.constant + sum(weight * move for weight, move in zip(linear.weights, self.moves, strict=True) if weight)
        return linear.constant + sum(
            weight * wave * var for weight, by_wave in zip(linear.weights, self.on, strict=True) for wave, var in by_wave.items()
        )

    def _changes(self) -> Any:
        earlier = self.problem.earlier or ()
        return sum(self.moves[index] if wave == STAYS else 1 - self.on[index].get(wave, 0) for index, wave in enumerate(earlier))

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

    def _keep(self, level: Level, most: Amount) -> None:
        """Later choices keep this level within its best and tolerance."""
        if level.name == "cost":
            return  # the last one
        if level.name == "largest_share":
            for name, rounds in self.problem.moved_from.items():
                moved = sum(minutes * self.moves[index] for index, minutes in rounds.items())
                self.model.add(moved <= math.floor(most * self.problem.before_minutes[name]))
        else:
            self.model.add(self._expression(level) <= int(most))


def _found() -> tuple[int, ...]:
    from ortools.sat.python import cp_model

    return int(cp_model.OPTIMAL), int(cp_model.FEASIBLE)


def _infeasible() -> int:
    from ortools.sat.python import cp_model

    return int(cp_model.INFEASIBLE)


def _proof_gap(problem: Problem, name: str, value: Amount) -> Amount:
    """What a bound may leave open of a level that counts as proven."""
    if name == "distance":
        return Fraction(value) / problem.distance_proof_divisor
    return problem.cost_proof_pence if name == "cost" else 0


def _tolerance(problem: Problem, name: str) -> int:
    """What later levels may take from this one."""
    return {"changes": problem.changes_tolerance, "cost": problem.cost_tolerance_pence}.get(name, 0)
