"""A realistic morning of one area against OR-Tools' routing, in equal processor time: 700 worker-visits, 120 of them pairs.

    .venv/bin/python -m tests.benchmarks.area_shift [--seconds S] [--seed N]

Invented and seeded: people around three towns and in the country between, morning and midday windows. The prices are those that
rounds are built with: ways, a tenth of that for waiting, twentyfold for lateness; with the same number of care workers, who begin
where their first visit is. OR-Tools has the whole time twice, for two ways to make it solve this (``ortools_shift``), and the
better counts, at what it says itself or at what the routes cost when their times are worked out again, whichever is less.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from optimiser.rounds.problem import ALONE, TOGETHER, Day, Prices
from optimiser.rounds.solve.annealing import Annealing, Effort, cost_of, improve, starts_of
from optimiser.rounds.solve.capacitated_clustering import clustered_roster
from tests.benchmarks.ortools_shift import ortools_shift

ALONE_CALLS, PAIRS, WORKERS = 460, 120, 110
SHIFT = (7 * 3600, 15 * 3600)
LATENESS_PRICE = 20
TRIAL_STEPS = 1_000_000
HOT, COLD = 300.0, 4.0


def main() -> None:
    """Solve the shift both ways and print the ratio."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seconds", type=float, default=60, help="of one processor, for each")
    options.add_argument("--seed", type=int, default=1, help="of the shift and of both searches")
    chosen = options.parse_args()
    day = area_shift(chosen.seed)
    Annealing(day, clustered_roster(day), 2, HOT, COLD, 1).go(2)  # compiled, which is not counted
    began = time.process_time()
    start = clustered_roster(day)
    trial = Annealing(day, start, TRIAL_STEPS, HOT, COLD, 1)
    trial.go(TRIAL_STEPS)
    steps = int(TRIAL_STEPS * chosen.seconds / (time.process_time() - began))
    effort = Effort(steps, HOT, COLD, beginnings=1, returns=0, seed=chosen.seed)
    ours = improve(day, effort, start=start, should_stop=lambda: time.process_time() - began > chosen.seconds)
    late = (starts_of(day, ours.roster)[:, 0] > day.latest).sum()
    print(f"ours: {ours.cost:,.0f} in {time.process_time() - began:.0f} s, {ours.steps:,} changes, {late} late", flush=True)
    costs = [cost for keep_times in (True, False) if (cost := _ortools(day, chosen.seconds, keep_times)) is not None]
    print(f"ours is {ours.cost / min(costs):.3f} of the better" if costs else "OR-Tools: no solution")


def _ortools(day: Day, seconds: float, keep_times: bool) -> float | None:
    began = time.process_time()
    found = ortools_shift(day, seconds, keep_times=keep_times)
    if found is None:
        return None
    told, again = found[1], cost_of(day, found[0])
    name = "times kept" if keep_times else "meeting whenever"
    print(f"OR-Tools, {name}: {told:,.0f} (again: {again:,.0f}) in {time.process_time() - began:.0f} s", flush=True)
    return min(told, again)


def area_shift(seed: int) -> Day:
    """The calls of a morning, singles first."""
    dice = np.random.default_rng(seed)
    calls = ALONE_CALLS + PAIRS
    towns = np.array([[0, 0], [9_000, 4_000], [3_000, 11_000]])
    near = towns[dice.integers(0, 3, calls)] + dice.normal(0, 1_500, (calls, 2))
    places = np.where(dice.random((calls, 1)) < 0.7, near, dice.uniform(-4_000, 14_000, (calls, 2)))
    crow = np.hypot(*(np.subtract.outer(places[:, axis], places[:, axis]) for axis in (0, 1)))
    way = np.zeros((1, calls + 1, calls + 1))
    way[0, :-1, :-1] = np.where(np.eye(calls), 0, np.round(crow * 0.076 + 240))
    midday = dice.random(calls) < 0.35
    earliest = np.where(midday, 11.5, 7.0) * 3600
    duration = dice.choice([15, 30, 30, 30, 45, 60], calls) * 60.0
    return Day(
        travel=way,
        call_place=np.arange(calls, dtype=np.int64),
        earliest=earliest,
        latest=earliest + np.where(midday, 2.0, 2.5) * 3600,
        duration=np.column_stack((duration, duration)),
        pairing=np.where(np.arange(calls) < ALONE_CALLS, ALONE, TOGETHER).astype(np.int64),
        least_gap=np.zeros(calls),
        most_gap=np.zeros(calls),
        may=np.ones((calls, 2, WORKERS), dtype=np.bool_),
        given=np.zeros((calls, WORKERS)),
        base=np.full(WORKERS, calls, dtype=np.int64),
        kind=np.zeros(WORKERS, dtype=np.int64),
        shift_starts=np.full(WORKERS, float(SHIFT[0])),
        shift_ends=np.full(WORKERS, float(SHIFT[1])),
        prices=Prices(travel=1, waiting=0.1, lateness=LATENESS_PRICE, overtime=LATENESS_PRICE),
    )


if __name__ == "__main__":
    main()
