"""Simulated annealing over rosters, with restarts: worse ones are taken too, ever less often, so that good ones are not missed.

Kirkpatrick, Gelatt and Vecchi (1983, *Optimization by simulated annealing*). A few runs from scratch, then as many from the best
two, warmed up again; or one long run.

All effort is counted in changes tried, so that equal days give equal rosters on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from optimiser.rounds.problem import Day, Floats, Roster, first_roster
from optimiser.rounds.solve.annealing_loop import COOLING_STEPS, anneal, begin
from optimiser.rounds.solve.arrays import STARTS, Routes, empty_routes, empty_times, empty_work, packed
from optimiser.rounds.solve.xorshift import seeded

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


@dataclass
class Annealing:
    """One run from one roster: ``go`` as often as wanted, while it cools from ``hot`` to ``cold`` over ``steps`` changes."""

    day: Day
    roster: Roster
    steps: int
    hot: float
    cold: float
    seed: int
    best_cost: float = field(init=False)
    done: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._packed, self._random = packed(self.day), seeded(self.seed)
        self._routes, self._times = empty_routes(self.day, self.roster), empty_times(self.day)
        self._work = empty_work(self.day)
        self.cost = self.best_cost = float(begin(self._packed, self._routes, self._times, self._work))
        self._best = empty_routes(self.day, self.roster)

    def go(self, steps: int) -> None:
        """Try so many further changes, at most those that are left."""
        steps = min(steps, self.steps - self.done)
        if steps <= 0 or self.day.calls < 2:
            self.done = self.steps
            return
        cooling = (self.cold / self.hot) ** (1 / max(1, self.steps // COOLING_STEPS))
        self.cost, self.best_cost = anneal(
            self._packed, self._routes, self._times, self._work, self._random, self._best,
            self.cost, self.best_cost, steps, self.done, self.hot, cooling,
        )  # fmt: skip
        self.done += steps

    @property
    def best(self) -> Roster:
        return _roster(self._best)

    @property
    def present(self) -> Roster:
        """The roster that it stands at, which need not be the best."""
        return _roster(self._routes)

    @property
    def starts(self) -> Floats:
        """When each part of each call of the present roster begins; shape (calls, 2)."""
        return np.asarray(self._times.nodes[:, STARTS].reshape(-1, 2).copy())


def _roster(routes: Routes) -> Roster:
    first, second = routes.worker.reshape(-1, 2).T
    return Roster(np.argsort(routes.key, kind="stable").astype(np.int64), first.copy(), second.copy())


def starts_of(day: Day, roster: Roster) -> Floats:
    """When each part of each call begins; shape (calls, 2)."""
    return Annealing(day, roster, 0, 1, 1, 1).starts


def cost_of(day: Day, roster: Roster) -> float:
    """What a roster costs."""
    return Annealing(day, roster, 0, 1, 1, 1).best_cost
