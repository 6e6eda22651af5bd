"""Simulated annealing over rosters: worse rosters are taken too, ever less often, so that good ones are not missed for a hill."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from optimiser.rounds.problem import Day, Floats, Roster
from optimiser.rounds.solve.annealing_loop import COOLING_STEPS, anneal, begin
from optimiser.rounds.solve.arrays import STARTS, Chains, empty_chains, empty_times, empty_work, packed
from optimiser.rounds.solve.xorshift import seeded


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
        self._packed, self._chance = packed(self.day), seeded(self.seed)
        self._chains, self._times = empty_chains(self.day, self.roster), empty_times(self.day)
        self._work = empty_work(self.day)
        self.cost = self.best_cost = float(begin(self._packed, self._chains, self._times, self._work))
        self._best = empty_chains(self.day, self.roster)

    def go(self, steps: int) -> None:
        """Try so many further changes, at most those that are left."""
        steps = min(steps, self.steps - self.done)
        if steps <= 0 or self.day.calls < 2:
            self.done = self.steps
            return
        cooled = (self.cold / self.hot) ** (1 / max(1, self.steps // COOLING_STEPS))
        self.cost, self.best_cost = anneal(
            self._packed, self._chains, self._times, self._work, self._chance, self._best,
            self.cost, self.best_cost, steps, self.done, self.hot, cooled,
        )  # fmt: skip
        self.done += steps

    @property
    def best(self) -> Roster:
        return _roster(self._best)

    @property
    def present(self) -> Roster:
        """The roster that it stands at, which need not be the best."""
        return _roster(self._chains)

    @property
    def starts(self) -> Floats:
        """When each part of each call of the present roster begins; shape (calls, 2)."""
        return np.asarray(self._times.nodes[:, STARTS].reshape(-1, 2).copy())


def _roster(chains: Chains) -> Roster:
    first, second = chains.worker.reshape(-1, 2).T
    return Roster(np.argsort(chains.key, kind="stable").astype(np.int64), first.copy(), second.copy())


def starts_of(day: Day, roster: Roster) -> Floats:
    """When each part of each call begins; shape (calls, 2)."""
    return Annealing(day, roster, 0, 1, 1, 1).starts


def cost_of(day: Day, roster: Roster) -> float:
    """What a roster costs."""
    return Annealing(day, roster, 0, 1, 1, 1).best_cost
