"""The loop of the search: draw a change, time it, take it or leave it; compiled."""

from __future__ import annotations

import math

import numpy as np

from optimiser.rounds.solve.arrays import COST, LATE
from optimiser.rounds.solve.compiled import compiled
from optimiser.rounds.solve.decoding import retime
from optimiser.rounds.solve.neighbourhood_moves import CALL, FIRST, SECOND, draw, draw_as_is
from optimiser.rounds.solve.ordered_routes import forget_changes, put, put_in, renumber, uneven
from optimiser.rounds.solve.xorshift import share

COOLING_STEPS = 1_000
"""The temperature is lowered after so many changes tried."""
RENUMBER_STEPS = 5_000
"""And the calls get new keys after so many."""


@compiled
def begin(day, chains, times, work) -> float:  # type: ignore[no-untyped-def]
    """Chains, times and cost of a roster that was not timed before."""
    workers, cost = len(times.tails), 0.0
    for worker in range(workers):
        cost += uneven(day, chains.load[worker])
        work.low[worker] = -np.inf
    for call in range(len(chains.key)):
        for node in range(2 * call, 2 * call + 1 + day.pairing[call]):
            cost += put_in(day, chains, node)
    delta, touched, tailed, _ = retime(day, chains, times, work, workers, np.inf)
    _keep(times, work, touched, tailed)
    forget_changes(work, workers)
    return cost + delta + day.prices.worst_lateness * _latest(times)  # type: ignore[no-any-return]


@compiled
def anneal(day, chains, times, work, chance, best, cost, best_cost, steps, done, hot, cooled) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Try so many changes. Returns the cost then, and the least so far, whose keys and workers are in ``best``."""
    drawn, keys = work.drawn, work.drawn_keys
    worst = _latest(times)
    time_cost = _time_cost(day, times, worst)
    heat = hot * cooled ** (done // COOLING_STEPS)
    for step in range(done, done + steps):
        if step % COOLING_STEPS == 0:
            heat = hot * cooled ** (step // COOLING_STEPS)
        if step % RENUMBER_STEPS == 0:
            renumber(day, chains, times, work)
        calls = draw(day, chains, chance, drawn, keys)
        if calls == 0:
            continue
        delta, changed = _change(day, chains, work, calls)
        most, timed, new_worst, touched, tailed = -heat * math.log(1.0 - share(chance)) - delta, np.inf, worst, 0, 0
        if -time_cost <= most:  # else not even if nobody were late any more
            timed, touched, tailed, changed = retime(day, chains, times, work, changed, most + time_cost)
            if day.prices.worst_lateness > 0.0 and timed < np.inf:
                new_worst = _worst_lateness(times, work, touched, worst)
                timed += day.prices.worst_lateness * (new_worst - worst)
        if timed <= most:
            _keep(times, work, touched, tailed)
            cost, time_cost, worst = cost + delta + timed, time_cost + timed, new_worst
            if cost < best_cost - 1e-9:
                best_cost = cost
                _copy(chains, best)
        else:
            _forget(times, work, touched)
            changed = _change_back(day, chains, work, calls, changed)
        forget_changes(work, changed)
    return cost, best_cost


@compiled
def _change(day, chains, work, calls) -> tuple[float, int]:  # type: ignore[no-untyped-def]
    """Make the change drawn. Returns what it costs beside the times, and how many chains it changes."""
    delta, changed = 0.0, 0
    for row in range(calls):
        draw_as_is(chains, work.old, work.old_keys, row, work.drawn[row, CALL])
        call, one, other = work.drawn[row, CALL], work.drawn[row, FIRST], work.drawn[row, SECOND]
        more, changed = put(day, chains, work, changed, call, work.drawn_keys[row], one, other)
        delta += more
    return delta, changed


@compiled
def _change_back(day, chains, work, calls, changed) -> int:  # type: ignore[no-untyped-def]
    """Undo the change drawn. Returns how many chains are noted as changed."""
    for row in range(calls):
        call, one, other = work.old[row, CALL], work.old[row, FIRST], work.old[row, SECOND]
        _, changed = put(day, chains, work, changed, call, work.old_keys[row], one, other)
    return changed  # type: ignore[no-any-return]


@compiled
def _copy(chains, best) -> None:  # type: ignore[no-untyped-def]
    for call in range(len(chains.key)):
        best.key[call] = chains.key[call]
        best.worker[2 * call], best.worker[2 * call + 1] = chains.worker[2 * call], chains.worker[2 * call + 1]


@compiled
def _keep(times, work, touched, tailed) -> None:  # type: ignore[no-untyped-def]
    """What was tried is what is."""
    for index in range(touched):
        for what in range(times.nodes.shape[1]):
            times.nodes[work.touched[index], what] = work.tried.nodes[work.touched[index], what]
    for index in range(tailed):
        times.tails[work.running[index]] = work.tried.tails[work.running[index]]


@compiled
def _forget(times, work, touched) -> None:  # type: ignore[no-untyped-def]
    """What was tried is left: the nodes are as they were."""
    for index in range(touched):
        for what in range(times.nodes.shape[1]):
            work.tried.nodes[work.touched[index], what] = times.nodes[work.touched[index], what]


@compiled
def _time_cost(day, times, worst) -> float:  # type: ignore[no-untyped-def]
    """What the times of a roster cost: the most that any change can save on them."""
    cost = day.prices.worst_lateness * worst
    for node in range(len(times.nodes)):
        cost += times.nodes[node, COST]
    for worker in range(len(times.tails)):
        cost += times.tails[worker]
    return cost  # type: ignore[no-any-return]


@compiled
def _latest(times) -> float:  # type: ignore[no-untyped-def]
    latest = 0.0
    for node in range(len(times.nodes)):
        latest = max(latest, times.nodes[node, LATE])
    return latest


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
    for node in range(len(times.nodes)):  # what is not touched is tried as it is
        new = max(new, work.tried.nodes[node, LATE])
    return new
