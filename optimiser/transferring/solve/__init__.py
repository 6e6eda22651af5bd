"""The one place here that talks to OR-Tools: a transfer problem in, a choice and what is proven of each level out.

Level after level: each is minimised among the choices that keep every earlier level within best + tolerance. Two programs work
together: one asks which rounds move, without their waves, and answers fast; one asks which and when. What the first proves holds
for the second too. Choices are never believed from a solver: every level of every choice is computed again, exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optimiser.domain.level_result import Amount, LevelResult
from optimiser.solving.interruptible import Watch
from optimiser.solving.outcome import Stopped
from optimiser.transferring.preferences import levels_of
from optimiser.transferring.problem import Choice, Problem
from optimiser.transferring.solve.program import Call, Program
from optimiser.transferring.solve.search import Search

WORK_PER_LEVEL = 20.0
"""Counted work (about seconds on an idle machine), so that two runs give the same bytes."""


@dataclass(frozen=True)
class Solved:
    """A choice that breaks nothing, what is proven of it, and why the search ended."""

    choice: Choice
    levels: tuple[LevelResult[Amount], ...]
    stopped: Stopped


def completed_choice(problem: Problem) -> Choice | None:
    """What is agreed, with rounds that make room for it; None where no such choice was found. Nothing else is asked of it."""
    if not any(limit.counts_both_ways for limit in problem.limits):
        return None  # no round makes room for another
    call = Call(Program(problem, with_waves=True), WORK_PER_LEVEL)
    call.solve()
    return call.latest if call.latest is not None and not problem.breaks(call.latest) else None


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
    search = Search(problem, start, work_per_level, Watch(should_stop, wall_seconds, lambda: None))
    levels = levels_of(problem)[:only]
    for turn, level in enumerate(levels):
        try:
            search.settle(level, turns_left=len(levels) - turn)
            if report is not None:
                report(level.name, search.results[-1].best, search.results[-1].bound)
        except KeyboardInterrupt:
            search.stopped = "cancelled"
        if len(search.results) == turn:  # interrupted between two searches: nothing is proven of this level
            search.settle(level, turns_left=1)
    return Solved(search.choice, tuple(search.final()), search.stopped)
