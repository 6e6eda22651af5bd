"""The decoding of an ordered list of calls: times for a roster whose workers meet, and what they cost; compiled.

It is the serial generation of a schedule (Kolisch 1996, *Serial and parallel resource-constrained project scheduling methods
revisited*), used for vehicles that are synchronised (Drexl 2012, *Synchronization in vehicle routing*): because there is one
order for all, no two wait for each other in a circle.

Calls are timed in the order of their keys: each as soon as its workers are there and it may begin. For given routes no call can
be earlier. After a change only what it touches is timed again: a worker's route is left as soon as it is again as it was.
"""

from __future__ import annotations

import numpy as np

from optimiser.rounds.solve.arrays import BEGAN, COST, ENDS, LATE, LONGEST_GAP, NOBODY, STARTS
from optimiser.rounds.solve.compiled import compiled
from optimiser.rounds.solve.ordered_routes import is_before, note


@compiled
def retime(day, routes, times, work, changed_count, most) -> tuple[float, int, int, int]:  # type: ignore[no-untyped-def]
    """Time again what the changed routes touch; new figures go to ``work.tried``.

    Returns by how much the cost of the times changes, how many nodes were touched, how many workers' days were timed to their
    ends (those in ``work.running``), and how many routes are changed by now, as it is here that a call that follows another is
    found to move with it. It is given up, and the change infinite, as soon as the new times alone cost more than ``most``.
    """
    delta, new, touched, running = 0.0, 0.0, 0, _started(day, routes, work, changed_count)
    call = _next_call(routes, work, running)
    while call != NOBODY:
        nodes = range(2 * call, 2 * call + 1 + day.pairing[call])
        for node in nodes:
            worker = routes.worker[node]
            if not work.is_running[worker] or work.at[worker] != node:  # it was to be timed from a later node on, if at all
                running = _run(day, routes, work, worker, node, running)
        time_call(day, routes, work, call)
        for node in nodes:
            worker = routes.worker[node]
            work.touched[touched] = node
            touched += 1
            new += work.tried.nodes[node, COST]
            delta += work.tried.nodes[node, COST] - times.nodes[node, COST]
            work.at[worker] = routes.following[node]
            if routes.key[call] > work.high[worker] and _is_as_it_was(times, work, node):
                running = _leave(work, worker, running)
        if new > most:
            return np.inf, touched, _ended(work, running), changed_count
        linked, first = day.linked[call], 2 * call
        is_moved = work.tried.nodes[first, STARTS] != times.nodes[first, STARTS]
        if linked != NOBODY and is_moved and is_before(routes, call, linked):
            changed_count = note(work, changed_count, routes.worker[2 * linked], routes.key[linked])
            running = _run_if_later(day, routes, work, linked, running)
        call = _next_call(routes, work, running)
    return delta + _day_ends(day, routes, times, work, running), touched, running, changed_count


@compiled
def _started(day, routes, work, changed_count) -> int:  # type: ignore[no-untyped-def]
    """The changed routes are timed from where they are changed. Returns how many they are."""
    running = 0
    for index in range(changed_count):
        worker = work.changed[index]
        node = routes.head[worker]
        while node != NOBODY and routes.key[node >> 1] < work.low[worker]:
            node = routes.following[node]
        running = _run(day, routes, work, worker, node, running)
    return running


@compiled
def _next_call(routes, work, running) -> int:  # type: ignore[no-untyped-def]
    """The first call in the order at which one of those running is."""
    call = NOBODY
    for index in range(running):
        node = work.at[work.running[index]]
        if node != NOBODY and (call == NOBODY or is_before(routes, node >> 1, call)):
            call = node >> 1
    return call


@compiled
def _run(day, routes, work, worker, node, running) -> int:  # type: ignore[no-untyped-def]
    """A worker's route is timed from a node on (or only its end). Returns how many are running."""
    work.at[worker] = node
    prior = routes.last[worker] if node == NOBODY else routes.before[node]
    if prior == NOBODY:
        work.place[worker] = day.base[worker]
        work.state[worker, ENDS], work.state[worker, BEGAN], work.state[worker, LONGEST_GAP] = day.shift_starts[worker], -1.0, 0.0
    else:
        work.place[worker] = day.call_place[prior >> 1]
        for what in (ENDS, BEGAN, LONGEST_GAP):
            work.state[worker, what] = work.tried.nodes[prior, what]
    if work.is_running[worker]:
        return running  # type: ignore[no-any-return]
    work.running[running], work.is_running[worker] = worker, True
    return running + 1  # type: ignore[no-any-return]


@compiled
def _run_if_later(day, routes, work, call, running) -> int:  # type: ignore[no-untyped-def]
    """A call's worker is timed from it on, unless from an earlier one already. Returns how many are running."""
    worker = routes.worker[2 * call]
    at = work.at[worker]
    if work.is_running[worker] and at != NOBODY and not is_before(routes, call, at >> 1):
        return running  # type: ignore[no-any-return]
    return _run(day, routes, work, worker, 2 * call, running)


@compiled
def _leave(work, worker, running) -> int:  # type: ignore[no-untyped-def]
    """A worker's route is timed no further. Returns how many still are."""
    work.is_running[worker] = False
    for index in range(running):
        if work.running[index] == worker:
            work.running[index] = work.running[running - 1]
            break
    return running - 1  # type: ignore[no-any-return]


@compiled
def _ended(work, running) -> int:  # type: ignore[no-untyped-def]
    """Nobody is running: none."""
    for index in range(running):
        work.is_running[work.running[index]] = False
    return 0


@compiled
def _is_as_it_was(times, work, node) -> bool:  # type: ignore[no-untyped-def]
    new, old = work.tried.nodes, times.nodes
    return (  # type: ignore[no-any-return]
        new[node, ENDS] == old[node, ENDS]
        and new[node, BEGAN] == old[node, BEGAN]
        and new[node, LONGEST_GAP] == old[node, LONGEST_GAP]
    )


@compiled
def _day_ends(day, routes, times, work, running) -> float:  # type: ignore[no-untyped-def]
    """The ends of the days of those running, who then are no more. Returns how much the cost changes.

    Only now, when all is timed: a worker at the end of their route may be asked for once more.
    """
    delta = 0.0
    for index in range(running):
        worker = work.running[index]
        work.is_running[worker] = False
        work.tried.day_ends[worker] = 0.0 if routes.head[worker] == NOBODY else day_end(day, work, worker)
        delta += work.tried.day_ends[worker] - times.day_ends[worker]
    return delta


@compiled
def time_call(day, routes, work, call) -> None:  # type: ignore[no-untyped-def]
    """A call's times, once its workers are where they were before it."""
    start, broken, linked = day.earliest[call], 0.0, day.linked[call]
    if linked != NOBODY and is_before(routes, linked, call):
        start = max(start, work.tried.nodes[2 * linked, STARTS] + day.gap_from[call])
    nodes = range(2 * call, 2 * call + 1 + day.pairing[call])
    for node in nodes:
        start = max(start, _arrival(day, routes, work, node))
    for node in nodes:
        _time_part(day, work, node, routes.worker[node], _arrival(day, routes, work, node), start)
    if linked != NOBODY and is_before(routes, linked, call):
        broken = max(0.0, start - work.tried.nodes[2 * linked, STARTS] - day.gap_to[call])
        work.tried.nodes[2 * call, COST] += day.prices.broken_gap * broken


@compiled
def _arrival(day, routes, work, node) -> float:  # type: ignore[no-untyped-def]
    worker = routes.worker[node]
    return work.state[worker, ENDS] + day.travel[day.kind[worker], work.place[worker], day.call_place[node >> 1]]  # type: ignore[no-any-return]


@compiled
def _time_part(day, work, node, worker, arrival, start) -> None:  # type: ignore[no-untyped-def]
    state, figures, call, cost = work.state[worker], work.tried.nodes[node], node >> 1, 0.0
    if state[BEGAN] < 0.0:  # before the first call nobody is out
        state[BEGAN] = start
    else:
        cost = day.prices.waiting * (start - arrival)
        state[LONGEST_GAP] = max(state[LONGEST_GAP], start - arrival)
    state[ENDS] = start + day.duration[call, node & 1]
    work.place[worker] = day.call_place[call]
    late = max(0.0, start - day.latest[call])
    figures[ENDS], figures[BEGAN], figures[LONGEST_GAP] = state[ENDS], state[BEGAN], state[LONGEST_GAP]
    figures[COST], figures[LATE], figures[STARTS] = cost + day.prices.lateness * late, late, start


@compiled
def day_end(day, work, worker) -> float:  # type: ignore[no-untyped-def]
    """What it costs that a worker's day is longer than it may be, or without its break."""
    home = day.travel[day.kind[worker], work.place[worker], day.base[worker]]
    ends, run = work.state[worker, ENDS], work.state[worker, ENDS] - work.state[worker, BEGAN]
    over = max(0.0, ends + home - day.shift_ends[worker]) + max(0.0, run - day.limits.longest_run)
    if run > day.limits.break_after:
        over += max(0.0, day.limits.break_length - work.state[worker, LONGEST_GAP])
    return day.prices.overtime * over  # type: ignore[no-any-return]
