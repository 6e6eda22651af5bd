"""The search, level after level: the two programs, which gain a row per level settled, and the best choice so far."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from optimiser.domain.level_result import Amount, LevelResult
from optimiser.solving.interruptible import Halt, Watch
from optimiser.solving.outcome import Stopped
from optimiser.transferring.preferences import COST, LARGEST_SHARE, Level, levels_of
from optimiser.transferring.problem import STAYS, Choice, Problem
from optimiser.transferring.solve.program import SHARE_SCALE, Call, Program

QUICK = 0.25
"""The part of a level's work that may go into each search for less than all of a plan."""


class Search:
    """Settles levels one by one."""

    def __init__(self, problem: Problem, start: Choice, work: float, watch: Watch) -> None:
        self.problem, self.choice, self.work, self.watch = problem, start, work, watch
        self.results: list[LevelResult[Amount]] = []
        self.level: Level = next(iter(levels_of(problem)))
        """The level at work."""
        self.stopped: Stopped = "no"
        self.one_day_each = all(len(waves) <= 1 for waves in problem.waves)
        """Whether there is nothing to date, as in a hand-back: both programs would be the same."""
        self.which = Program(problem, with_waves=False)
        self.which_and_when = Program(problem, with_waves=True)

    def settle(self, level: Level, turns_left: int) -> None:
        """Minimise one level and keep it; a search that was stopped before keeps what is known."""
        bound: Amount = 0
        self.level = level
        if self.stopped in ("no", "work") or (self.stopped == "wall" and not self.watch.is_over()):
            self.watch.begin_turn(turns_left)
            bound = self._minimise()
        value = self._value(self.choice)
        bound = min(bound, value)
        proven = value - bound <= level.proof_gap(self.problem, value)
        tolerance = level.tolerance(self.problem)
        self.results.append(
            LevelResult(
                name=level.name, unit=level.unit, value=value, best=value, bound=bound, tolerance=tolerance, proven=proven
            )
        )
        if not proven and self.stopped == "no":
            self.stopped = "work"
        if level is not COST:  # the last one
            self.which_and_when.keep(level, value + tolerance)
            if not self._is_of_dates():
                self.which.keep(level, value + tolerance)

    def final(self) -> list[LevelResult[Amount]]:
        """The results with the values of the last choice; where it improves an earlier level, that best is lowered to it."""
        found = []
        for r, level in zip(self.results, levels_of(self.problem), strict=False):
            value = level.value(self.problem, self.choice)
            best = min(r.best, value)
            proven = best - r.bound <= level.proof_gap(self.problem, best)
            found.append(replace(r, value=value, best=best, proven=proven))
        return found

    def _value(self, choice: Choice) -> Amount:
        return self.level.value(self.problem, choice)

    def _minimise(self) -> Amount:
        """The bound of the level at work: which rounds first, then when those, and only where that leaves a gap both at once."""
        if self._is_of_dates():
            self._date(self.choice)
        if self._is_of_dates() or self.one_day_each:
            return self._least(self.which_and_when)[0]
        bound, rounds = self._least(self.which)
        if rounds is not None:
            self._take(rounds)
            if self._value(rounds) < self._value(self.choice):
                self._date(rounds)
        if self._value(self.choice) - bound <= self.level.proof_gap(self.problem, self._value(self.choice)):
            return bound
        return max(bound, self._least(self.which_and_when, at_least=bound)[0])

    def _is_of_dates(self) -> bool:
        """Whether the level at work is about when rounds move, and says nothing of which."""
        return self.level.linear is not None and self.level.linear(self.problem).times_wave

    def _date(self, rounds: Choice) -> None:
        """Take the best waves for these very rounds, where there are any."""
        dating = self.which_and_when.variant()
        for var, wave in zip(dating.moves, rounds, strict=True):
            if not isinstance(var, int):
                dating.model.add(var == (wave != STAYS))
        if self._is_of_dates():
            dating.model.minimize(dating.expression(self.level))
        dating.hint(self.choice)
        self._run(dating)

    def _least(self, program: Program, at_least: Amount = 0) -> tuple[Amount, Choice | None]:
        """The bound of the level at work in a program, and the best choice found in it, if any.

        ``at_least``: a bound that is known already.
        """
        if self.level is LARGEST_SHARE:
            return self._least_share(program)
        counted = program.expression(self.level)
        if at_least:
            program.model.add(counted >= int(at_least))
        program.model.minimize(counted)
        program.hint(self.choice)
        call = self._run(program)
        return math.ceil(call.bound - 1e-6), call.latest

    def _least_share(self, program: Program) -> tuple[Amount, Choice | None]:
        """In ten-millionths first, then exactly, by asking for anything better at all."""
        searching = program.variant()
        searching.model.minimize(searching.largest_share())
        searching.hint(self.choice)
        call = self._run(searching)
        lowest = max(Fraction(0), Fraction(math.ceil(call.bound - 1e-6) - 1, SHARE_SCALE))
        found = call.latest if call.latest is not None else self.choice
        while (best := self._value(found)) > lowest:
            better = program.variant()
            better.keep(self.level, best, below=True)
            call = self._run(better)
            if call.answer is False:
                return best, found
            if call.latest is None:
                return lowest, found
            found = call.latest
        return best, found

    def _run(self, program: Program) -> Call:
        """Run a program; what it has found by its end, however it ended, is taken over where it holds."""
        call = Call(program, self.work if program is self.which_and_when else self.work * QUICK)
        if self.stopped == "cancelled":
            return call
        try:
            call.answer = self.watch.run(call)
        except Halt as halt:
            self.stopped = halt.reason
        except KeyboardInterrupt:
            self.stopped = "cancelled"
        if call.latest is not None and program.with_waves:
            self._take(call.latest)
        return call

    def _take(self, choice: Choice) -> None:
        """Take a choice over, unless it breaks something, spoils an earlier level, or is worse: solvers are never believed."""
        if self._value(choice) > self._value(self.choice):
            return
        spoils = [
            r.name
            for r, level in zip(self.results, levels_of(self.problem), strict=False)
            if level.value(self.problem, choice) > r.best + r.tolerance
        ]
        if not spoils and not self.problem.breaks(choice):
            self.choice = choice
