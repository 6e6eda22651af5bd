"""Simulated annealing over rosters: worse rosters are taken too, ever less often, so that good ones are not missed for a hill."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from optimiser.rounds.arrays import LATE, STARTS, empty_chains, empty_times, empty_work, packed
from optimiser.rounds.chains import forget_changes, put, put_in, uneven
from optimiser.rounds.chance import seeded, share
from optimiser.rounds.compiled import compiled
from optimiser.rounds.moves import CALL, FIRST, SECOND, draw
from optimiser.rounds.problem import Day, Floats, Roster
from optimiser.rounds.timing import retime

COOLING_STEPS = 1_000
"""The temperature is lowered after so many changes tried."""


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
        self.cost = self.best_cost = float(_begin(self._packed, self._chains, self._times, self._work))
        self._best = (self._chains.key.copy(), self._chains.first.copy(), self._chains.second.copy())

    def go(self, steps: int) -> None:
        """Try so many further changes, at most those that are left."""
        steps = min(steps, self.steps - self.done)
        if steps <= 0 or self.day.calls < 2:
            self.done = self.steps
            return
        cooled = (self.cold / self.hot) ** (1 / max(1, self.steps // COOLING_STEPS))
        self.cost, self.best_cost = _anneal(
            self._packed, self._chains, self._times, self._work, self._chance, *self._best,
            self.cost, self.best_cost, steps, self.done, self.hot, cooled,
        )  # fmt: skip
        self.done += steps

    @property
    def best(self) -> Roster:
        return _roster(*self._best)

    @property
    def present(self) -> Roster:
        """The roster that it stands at, which need not be the best."""
        return _roster(self._chains.key, self._chains.first, self._chains.second)

    @property
    def starts(self) -> Floats:
        """When each part of each call of the present roster begins; shape (calls, 2)."""
        return np.asarray(self._times.nodes[:, STARTS].reshape(-1, 2).copy())


def _roster(key: Floats, first: np.ndarray, second: np.ndarray) -> Roster:
    return Roster(np.argsort(key, kind="stable").astype(np.int64), first.copy(), second.copy())


def starts_of(day: Day, roster: Roster) -> Floats:
    """When each part of each call begins; shape (calls, 2)."""
    return Annealing(day, roster, 0, 1, 1, 1).starts


def cost_of(day: Day, roster: Roster) -> float:
    """What a roster costs."""
    return Annealing(day, roster, 0, 1, 1, 1).best_cost


@compiled
def _begin(day, chains, times, work) -> float:  # type: ignore[no-untyped-def]
    """Chains, times and cost of a roster that was not timed before."""
    workers, cost = len(times.tails), 0.0
    for call in range(len(chains.key)):
        for part in range(1 if day.pairing[call] == 0 else 2):
            worker = chains.first[call] if part == 0 else chains.second[call]
            put_in(chains, worker, 2 * call + part)
            chains.load[worker] += day.care[call, part]
            cost += day.given[call, worker]
    for worker in range(workers):
        cost += uneven(day, chains.load[worker])
        work.low[worker] = -np.inf
    delta, touched, tailed = retime(day, chains, times, work, workers)
    _keep(times, work, touched, tailed)
    forget_changes(work, workers)
    return cost + delta + day.prices.worst_lateness * _latest(times)  # type: ignore[no-any-return]


@compiled
def _latest(times) -> float:  # type: ignore[no-untyped-def]
    latest = 0.0
    for node in range(len(times.nodes)):
        latest = max(latest, times.nodes[node, LATE])
    return latest


@compiled
def _keep(times, work, touched, tailed) -> None:  # type: ignore[no-untyped-def]
    """What was tried is what is."""
    for index in range(touched):
        for what in range(6):
            times.nodes[work.touched[index], what] = work.tried.nodes[work.touched[index], what]
    for index in range(tailed):
        times.tails[work.running[index]] = work.tried.tails[work.running[index]]


@compiled
def _worst_lateness(times, work, touched, worst) -> float:  # type: ignore[no-untyped-def]
    """The greatest lateness after a change, given that before it."""
    new, was_there = 0.0, False
    for index in range(touched):
        node = work.touched[index]
        new = max(new, work.tried.nodes[node, LATE])
        was_there |= times.nodes[node, LATE] >= worst
    if new >= worst or not was_there:
        return max(new, worst)  # type: ignore[no-any-return]
    for index in range(touched):
        work.is_touched[work.touched[index]] = True
    for node in range(len(times.nodes)):
        if not work.is_touched[node]:
            new = max(new, times.nodes[node, LATE])
        work.is_touched[node] = False
    return new


@compiled
def _anneal(  # type: ignore[no-untyped-def]
    day, chains, times, work, chance, best_keys, best_first, best_second, cost, best, steps, done, hot, cooled
) -> tuple[float, float]:
    drawn, keys, old, old_keys = work.drawn, work.drawn_keys, work.old, work.old_keys
    worst = _latest(times)
    heat = hot * cooled ** (done // COOLING_STEPS)
    for step in range(done, done + steps):
        if step % COOLING_STEPS == 0:
            heat = hot * cooled ** (step // COOLING_STEPS)
        calls = draw(day, chains, chance, drawn, keys)
        if calls == 0:
            continue
        delta, changed = 0.0, 0
        for row in range(calls):
            call = drawn[row, CALL]
            old[row, CALL], old[row, FIRST], old[row, SECOND] = call, chains.first[call], chains.second[call]
            old_keys[row] = chains.key[call]
            given, changed = put(day, chains, work, changed, call, keys[row], drawn[row, FIRST], drawn[row, SECOND])
            delta += given
        timed, touched, tailed = retime(day, chains, times, work, changed)
        delta, new_worst = delta + timed, worst
        if day.prices.worst_lateness > 0.0:
            new_worst = _worst_lateness(times, work, touched, worst)
            delta += day.prices.worst_lateness * (new_worst - worst)
        if delta <= -heat * math.log(1.0 - share(chance)):
            _keep(times, work, touched, tailed)
            cost, worst = cost + delta, new_worst
            if cost < best - 1e-9:
                best = cost
                for call in range(len(chains.key)):
                    best_keys[call] = chains.key[call]
                    best_first[call], best_second[call] = chains.first[call], chains.second[call]
        else:
            for row in range(calls):
                _, changed = put(day, chains, work, changed, old[row, CALL], old_keys[row], old[row, FIRST], old[row, SECOND])
        forget_changes(work, changed)
    return cost, best
