"""Times for a roster, and what they cost; compiled, as it is asked a million times a second.

Calls are timed in the order of their keys: each as soon as its workers are there and it may begin. For given chains no call can
be earlier. After a change only what it touches is timed again: a worker's chain is left as soon as it is again as it was.
"""

from __future__ import annotations

from optimiser.rounds.arrays import BEGAN, COST, ENDS, LATE, LONGEST_GAP, NOBODY, STARTS
from optimiser.rounds.compiled import compiled


@compiled
def retime(day, chains, times, work, changed_count) -> tuple[float, int, int]:  # type: ignore[no-untyped-def]
    """Time again what the changed chains touch; new figures go to ``work.tried``.

    Returns by how much the cost changes, how many nodes were touched, and how many workers' days were timed to their ends (those
    in ``work.running``).
    """
    running = 0
    for index in range(changed_count):
        worker = work.changed[index]
        node = chains.head[worker]
        while node != NOBODY and chains.key[node >> 1] < work.low[worker]:
            node = chains.following[node]
        _enter(day, chains, times, work, worker, node)
        work.running[running], work.is_running[worker] = worker, True
        running += 1
    delta, touched = 0.0, 0
    while True:
        call = NOBODY
        for index in range(running):
            node = work.at[work.running[index]]
            if node != NOBODY and (call == NOBODY or _is_before(chains, node >> 1, call)):
                call = node >> 1
        if call == NOBODY:
            break
        parts = 1 if day.pairing[call] == 0 else 2
        for part in range(parts):
            worker, node = (chains.first[call], 2 * call) if part == 0 else (chains.second[call], 2 * call + 1)
            if not work.is_running[worker]:
                work.running[running], work.is_running[worker] = worker, True
                running += 1
                _enter(day, chains, times, work, worker, node)
            elif work.at[worker] != node:  # it was to be timed from a later node on: nothing before that has changed
                _enter(day, chains, times, work, worker, node)
        _time_call(day, chains, work, call)
        for part in range(parts):
            worker, node = (chains.first[call], 2 * call) if part == 0 else (chains.second[call], 2 * call + 1)
            work.touched[touched] = node
            touched += 1
            delta += work.tried.nodes[node, COST] - times.nodes[node, COST]
            work.at[worker] = chains.following[node]
            if chains.key[call] > work.high[worker] and _is_as_it_was(times, work, node):
                running = _leave(work, worker, running)
    for index in range(running):  # only now: a worker at the end of their chain may be asked for once more
        worker = work.running[index]
        work.is_running[worker] = False
        work.tried.tails[worker] = _tail(day, work, worker, chains.head[worker] == NOBODY)
        delta += work.tried.tails[worker] - times.tails[worker]
    return delta, touched, running


@compiled
def _is_before(chains, one, other) -> bool:  # type: ignore[no-untyped-def]
    return chains.key[one] < chains.key[other] or (chains.key[one] == chains.key[other] and one < other)  # type: ignore[no-any-return]


@compiled
def _is_as_it_was(times, work, node) -> bool:  # type: ignore[no-untyped-def]
    new, old = work.tried.nodes, times.nodes
    return (  # type: ignore[no-any-return]
        new[node, ENDS] == old[node, ENDS]
        and new[node, BEGAN] == old[node, BEGAN]
        and new[node, LONGEST_GAP] == old[node, LONGEST_GAP]
    )


@compiled
def _leave(work, worker, running) -> int:  # type: ignore[no-untyped-def]
    """A worker's chain is timed no further. Returns how many still are."""
    work.is_running[worker] = False
    for index in range(running):
        if work.running[index] == worker:
            work.running[index] = work.running[running - 1]
            break
    return running - 1  # type: ignore[no-any-return]


@compiled
def _enter(day, chains, times, work, worker, node) -> None:  # type: ignore[no-untyped-def]
    """A worker as they are just before a node (or after their last one)."""
    work.at[worker] = node
    prior = chains.last[worker] if node == NOBODY else chains.before[node]
    if prior == NOBODY:
        work.place[worker] = day.base[worker]
        work.state[worker, ENDS], work.state[worker, BEGAN], work.state[worker, LONGEST_GAP] = day.shift_starts[worker], -1.0, 0.0
    else:
        work.place[worker] = day.call_place[prior >> 1]
        for what in (ENDS, BEGAN, LONGEST_GAP):
            work.state[worker, what] = times.nodes[prior, what]


@compiled
def _time_call(day, chains, work, call) -> None:  # type: ignore[no-untyped-def]
    one, here = chains.first[call], day.call_place[call]
    way = day.travel[day.kind[one], work.place[one], here]
    arrival = work.state[one, ENDS] + way
    start = max(arrival, day.earliest[call])
    if day.pairing[call] != 0:
        other = chains.second[call]
        way_other = day.travel[day.kind[other], work.place[other], here]
        arrival_other = work.state[other, ENDS] + way_other
        start_other = max(arrival_other, day.earliest[call])
        if day.pairing[call] == 1:
            start = start_other = max(start, start_other)
        elif start_other < start + day.least_gap[call]:
            start_other = start + day.least_gap[call]
        elif start_other > start + day.most_gap[call]:
            start = start_other - day.most_gap[call]
        _time_part(day, work, call, 1, other, way_other, arrival_other, start_other)
    _time_part(day, work, call, 0, one, way, arrival, start)


@compiled
def _time_part(day, work, call, part, worker, way, arrival, start) -> None:  # type: ignore[no-untyped-def]
    state, node = work.state[worker], work.tried.nodes[2 * call + part]
    cost = day.prices.travel * way
    if state[BEGAN] < 0.0:  # before the first call nobody is out
        state[BEGAN] = start
    else:
        cost += day.prices.waiting * (start - arrival)
        state[LONGEST_GAP] = max(state[LONGEST_GAP], start - arrival)
    state[ENDS] = start + day.duration[call, part]
    work.place[worker] = day.call_place[call]
    late = max(0.0, start - day.latest[call])
    node[ENDS], node[BEGAN], node[LONGEST_GAP] = state[ENDS], state[BEGAN], state[LONGEST_GAP]
    node[COST], node[LATE], node[STARTS] = cost + day.prices.lateness * late, late, start


@compiled
def _tail(day, work, worker, is_free) -> float:  # type: ignore[no-untyped-def]
    """What a worker's day costs at its end: the way home, and what is above its limits."""
    if is_free:
        return 0.0
    home = day.travel[day.kind[worker], work.place[worker], day.base[worker]]
    ends, run = work.state[worker, ENDS], work.state[worker, ENDS] - work.state[worker, BEGAN]
    over = max(0.0, ends + home - day.shift_ends[worker]) + max(0.0, run - day.limits.longest_run)
    if run > day.limits.break_after:
        over += max(0.0, day.limits.break_length - work.state[worker, LONGEST_GAP])
    return day.prices.travel * home + day.prices.overtime * over  # type: ignore[no-any-return]
