"""The loop of simulated annealing: draw a move, decode it, accept or reject it; compiled.

A move is accepted by the rule of Metropolis, Rosenbluth, Rosenbluth, Teller and Teller (1953, *Equation of state calculations by
fast computing machines*). Its random number is drawn first: so it is known how much a move may cost, and a dear one is given up
before it is decoded to the end.
"""

from __future__ import annotations

import math

import numpy as np

from optimiser.rounds.solve.arrays import COST, LATE
from optimiser.rounds.solve.compiled import compiled
from optimiser.rounds.solve.decoding import retime
from optimiser.rounds.solve.neighbourhood_moves import CALL, FIRST, SECOND, draw_move, unchanged_row
from optimiser.rounds.solve.ordered_routes import forget_changes, insert, reinsert, renumber, uneven
from optimiser.rounds.solve.xorshift import uniform

COOLING_STEPS = 1_000
"""The temperature is lowered after so many moves tried."""
RENUMBER_STEPS = 5_000
"""And the calls get new keys after so many."""


@compiled
def begin(day, routes, times, work) -> float:  # type: ignore[no-untyped-def]
    """Routes, times and cost of a roster that was not timed before."""
    workers, cost = len(times.day_ends), 0.0
    for worker in range(workers):
        cost += uneven(day, routes.load[worker])
        work.low[worker] = -np.inf
    for call in range(len(routes.key)):
        for node in range(2 * call, 2 * call + 1 + day.pairing[call]):
            cost += insert(day, routes, node)
    delta, touched, ended, _ = retime(day, routes, times, work, workers, np.inf)
    _accept(times, work, touched, ended)
    forget_changes(work, workers)
    return cost + delta + day.prices.worst_lateness * _latest(times)  # type: ignore[no-any-return]


@compiled
def anneal(day, routes, times, work, random, best, cost, best_cost, steps, done, hot, cooling) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Try so many moves. Returns the cost then, and the least so far, whose keys and workers are in ``best``."""
    move, keys = work.move, work.move_keys
    worst = _latest(times)
    time_cost = _time_cost(day, times, worst)
    temperature = hot * cooling ** (done // COOLING_STEPS)
    for step in range(done, done + steps):
        if step % COOLING_STEPS == 0:
            temperature = hot * cooling ** (step // COOLING_STEPS)
        if step % RENUMBER_STEPS == 0:
            renumber(day, routes, times, work)
        calls = draw_move(day, routes, random, move, keys)
        if calls == 0:
            continue
        delta, changed = _apply(day, routes, work, calls)
        most, timed, new_worst, touched, ended = -temperature * math.log(1.0 - uniform(random)) - delta, np.inf, worst, 0, 0
        if -time_cost <= most:  # else not even if nobody were late any more
            timed, touched, ended, changed = retime(day, routes, times, work, changed, most + time_cost)
            if day.prices.worst_lateness > 0.0 and timed < np.inf:
                new_worst = _worst_lateness(times, work, touched, worst)
                timed += day.prices.worst_lateness * (new_worst - worst)
        if timed <= most:
            _accept(times, work, touched, ended)
            cost, time_cost, worst = cost + delta + timed, time_cost + timed, new_worst
            if cost < best_cost - 1e-9:
                best_cost = cost
                _copy(routes, best)
        else:
            _reject(times, work, touched)
            changed = _undo(day, routes, work, calls, changed)
        forget_changes(work, changed)
    return cost, best_cost


@compiled
def _apply(day, routes, work, calls) -> tuple[float, int]:  # type: ignore[no-untyped-def]
    """Make the move that is drawn. Returns what it costs beside the times, and how many routes it changes."""
    delta, changed = 0.0, 0
    for row in range(calls):
        unchanged_row(routes, work.old, work.old_keys, row, work.move[row, CALL])
        call, one, other = work.move[row, CALL], work.move[row, FIRST], work.move[row, SECOND]
        more, changed = reinsert(day, routes, work, changed, call, work.move_keys[row], one, other)
        delta += more
    return delta, changed


@compiled
def _undo(day, routes, work, calls, changed) -> int:  # type: ignore[no-untyped-def]
    """Undo the move that is drawn. Returns how many routes are noted as changed."""
    for row in range(calls):
        call, one, other = work.old[row, CALL], work.old[row, FIRST], work.old[row, SECOND]
        _, changed = reinsert(day, routes, work, changed, call, work.old_keys[row], one, other)
    return changed  # type: ignore[no-any-return]


@compiled
def _copy(routes, best) -> None:  # type: ignore[no-untyped-def]
    for call in range(len(routes.key)):
        best.key[call] = routes.key[call]
        best.worker[2 * call], best.worker[2 * call + 1] = routes.worker[2 * call], routes.worker[2 * call + 1]


@compiled
def _accept(times, work, touched, ended) -> None:  # type: ignore[no-untyped-def]
    """What was tried is what is."""
    for index in range(touched):
        for what in range(times.nodes.shape[1]):
            times.nodes[work.touched[index], what] = work.tried.nodes[work.touched[index], what]
    for index in range(ended):
        times.day_ends[work.running[index]] = work.tried.day_ends[work.running[index]]


@compiled
def _reject(times, work, touched) -> None:  # type: ignore[no-untyped-def]
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
    for worker in range(len(times.day_ends)):
        cost += times.day_ends[worker]
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
