"""Simulated annealing over rosters: worse rosters are taken too, ever less often, so that good ones are not missed for a hill."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import njit

from optimiser.rounds.chance import below, seeded, share
from optimiser.rounds.moves import DECLINED, change, move_in_order
from optimiser.rounds.problem import Day, Floats, Roster
from optimiser.rounds.timing import kept_states, time_calls

COOLING_STEPS = 1_000
"""The temperature is lowered after so many changes tried."""


def packed(day: Day) -> tuple[Any, ...]:
    """A day as the compiled functions take it."""
    prices = day.prices
    listed = np.array([prices.travel, prices.waiting, prices.lateness, prices.worst_lateness, prices.overtime])
    return (
        day.travel, day.call_place, day.earliest, day.latest, day.duration, day.pairing, day.least_gap, day.most_gap,
        day.base, day.shift_starts, day.shift_ends, listed,
    )  # fmt: skip


def _able(day: Day) -> tuple[Any, Any]:
    """Per part of a call the workers who may, listed, and how many they are."""
    count = day.may.sum(axis=2).astype(np.int64)
    return np.argsort(~day.may, axis=2, kind="stable").astype(np.int64), np.maximum(count, 1)


@dataclass
class Annealing:
    """One run from one roster: ``go`` as often as wanted, while it cools from ``hot`` to ``cold`` over ``steps`` changes."""

    day: Day
    roster: Roster
    steps: int
    hot: float
    cold: float
    seed: int
    best: Roster = field(init=False)
    best_cost: float = field(init=False)
    done: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.roster = self.roster.copy()
        self._packed, self._able = packed(self.day), _able(self.day)
        self._chance = seeded(self.seed)
        self._kept = kept_states(self.day.calls, self.day.base, self.day.shift_starts)
        self._starts = np.zeros((self.day.calls, 2))
        self._cost = self._time(self.roster)
        self.best, self.best_cost = self.roster.copy(), self._cost

    def go(self, steps: int) -> None:
        """Try so many further changes, at most those that are left."""
        steps = min(steps, self.steps - self.done)
        if steps <= 0 or self.day.calls < 2:
            self.done = self.steps
            return
        cooled = (self.cold / self.hot) ** (1 / max(1, self.steps // COOLING_STEPS))
        self._cost, self.best_cost = _anneal(
            self._packed, self.day.may, *self._able, self.day.near, self._chance,
            self.roster.order, self.roster.first, self.roster.second, *self._kept, self._starts,
            self.best.order, self.best.first, self.best.second,
            self._cost, self.best_cost, steps, self.done, self.hot, cooled,
        )  # fmt: skip
        self.done += steps

    def _time(self, roster: Roster) -> float:
        return float(
            time_calls(self._packed, roster.order, roster.first, roster.second, 0, math.inf, *self._kept, self._starts, True)
        )


def starts_of(day: Day, roster: Roster) -> Floats:
    """When each part of each call begins; shape (calls, 2)."""
    starts = np.zeros((day.calls, 2))
    kept = kept_states(day.calls, day.base, day.shift_starts)
    time_calls(packed(day), roster.order, roster.first, roster.second, 0, math.inf, *kept, starts, True)
    return starts


@njit(cache=True)
def _anneal(  # type: ignore[no-untyped-def]  # noqa: PLR0912 - one loop, whose calls would each cost as much as a step
    day, may, able, able_count, near, chance, order, first, second, kept_place, kept_time, kept_sums, starts,
    best_order, best_first, best_second, cost, best, steps, done, hot, cooled,
) -> tuple[float, float]:  # fmt: skip
    calls, pairing = len(order), day[5]
    place_in = np.empty(calls, np.int64)
    for position in range(calls):
        place_in[order[position]] = position
    before = np.empty(2, np.int64)
    heat = hot * cooled ** (done // COOLING_STEPS)
    for step in range(done, done + steps):
        if step % COOLING_STEPS == 0:
            heat = hot * cooled ** (step // COOLING_STEPS)
        call = below(chance, calls)
        at = place_in[call]
        old_first, old_second = first[call], second[call]
        to, other = change(order, place_in, first, second, pairing, may, able, able_count, near, chance, call, before)
        if to == DECLINED:
            continue
        begin, swapped_places = at, False
        if to >= 0:
            begin = min(at, to)
            if to != at:
                move_in_order(order, at, to)
        else:
            begin = min(at, place_in[other])
            swapped_places = share(chance) < 0.5
            if swapped_places:
                order[at], order[place_in[other]] = other, call
        limit = cost - heat * math.log(1.0 - share(chance))
        tried = time_calls(day, order, first, second, begin, limit, kept_place, kept_time, kept_sums, starts, False)
        if tried <= limit:
            time_calls(day, order, first, second, begin, np.inf, kept_place, kept_time, kept_sums, starts, True)
            cost = tried
            if to >= 0:
                for position in range(min(at, to), max(at, to) + 1):
                    place_in[order[position]] = position
            elif swapped_places:
                place_in[call], place_in[other] = place_in[other], at
            if cost < best - 1e-9:
                best = cost
                best_order[:], best_first[:], best_second[:] = order, first, second
            continue
        # Refused: all as it was.
        first[call], second[call] = old_first, old_second
        if to >= 0:
            if to != at:
                move_in_order(order, to, at)
            continue
        first[other], second[other] = before[0], before[1]
        if swapped_places:
            order[at], order[place_in[other]] = call, other
    return cost, best
