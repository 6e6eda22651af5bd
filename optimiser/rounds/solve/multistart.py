"""A good roster for a day: a few runs from scratch, then as many from the best two, warmed up again; or one long run.

All effort is counted in changes tried, so that equal days give equal rosters on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optimiser.rounds.problem import Day, Roster, first_roster
from optimiser.rounds.solve.annealing import Annealing

CHUNK = 200_000
"""Changes tried between two looks at whether to stop."""


@dataclass(frozen=True)
class Effort:
    """How much is tried, and at what temperatures (in the unit of the cost)."""

    steps: int = 20_000_000
    hot: float = 200.0
    cold: float = 1.5
    beginnings: int = 4
    """Runs from scratch; they share half of the steps, or all if there are no returns."""
    returns: int = 4
    """Runs from the best two, each begun at a sixth of the heat; they share the other half."""
    seed: int = 1


@dataclass(frozen=True)
class Improved:
    """The best roster found and its cost. There is no bound: nothing is claimed of how good it is."""

    roster: Roster
    cost: float
    steps: int


def improve(
    day: Day,
    effort: Effort,
    *,
    start: Roster | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    report: Callable[[int, float], None] | None = None,
) -> Improved:
    """Improve a day's roster until the steps are used up or somebody asks to stop; the best so far is never lost.

    ``start``: where to begin, in place of a roster by the clock.
    """
    start = start or first_roster(day)
    best: Improved | None = None
    steps = 0

    def run(roster: Roster, share: float, heat: float, seed: int) -> Annealing:
        nonlocal best, steps
        work = Annealing(day, roster, int(effort.steps * share), effort.hot * heat, effort.cold * min(1.0, heat * 4), seed)
        while True:
            if best is None or work.best_cost < best.cost:
                best = Improved(work.best, work.best_cost, steps)
            if report is not None:
                report(steps, best.cost)
            if work.done >= work.steps or should_stop():
                return work
            before = work.done
            work.go(CHUNK)
            steps += work.done - before

    part = 0.5 if effort.returns else 1.0
    begun = [run(start, part / effort.beginnings, 1.0, effort.seed + number) for number in range(effort.beginnings)]
    leading = sorted(begun, key=lambda work: work.best_cost)[:2]
    tops = [(work.best_cost, work.best) for work in leading]
    for number in range(effort.returns):
        if should_stop():
            break
        at = number % len(tops)
        work = run(tops[at][1], 0.5 / effort.returns, 1 / 6, effort.seed + 1_000 + number)
        tops[at] = min(tops[at], (work.best_cost, work.best), key=lambda each: each[0])
    assert best is not None, "there is always the first roster"
    return Improved(best.roster, best.cost, steps)
