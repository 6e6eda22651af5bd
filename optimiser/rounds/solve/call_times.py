"""When one call begins, when a worker's day ends, and what that costs; compiled."""

from __future__ import annotations

from optimiser.rounds.solve.arrays import BEGAN, COST, ENDS, LATE, LONGEST_GAP, NOBODY, STARTS
from optimiser.rounds.solve.compiled import compiled
from optimiser.rounds.solve.ordered_routes import is_before


@compiled
def time_call(day, chains, work, call) -> None:  # type: ignore[no-untyped-def]
    """A call's times, once its workers are where they were before it."""
    start, broken, linked = day.earliest[call], 0.0, day.linked[call]
    if linked != NOBODY and is_before(chains, linked, call):
        start = max(start, work.tried.nodes[2 * linked, STARTS] + day.gap_from[call])
    nodes = range(2 * call, 2 * call + 1 + day.pairing[call])
    for node in nodes:
        start = max(start, _arrival(day, chains, work, node))
    for node in nodes:
        _time_part(day, work, node, chains.worker[node], _arrival(day, chains, work, node), start)
    if linked != NOBODY and is_before(chains, linked, call):
        broken = max(0.0, start - work.tried.nodes[2 * linked, STARTS] - day.gap_to[call])
        work.tried.nodes[2 * call, COST] += day.prices.broken_gap * broken


@compiled
def _arrival(day, chains, work, node) -> float:  # type: ignore[no-untyped-def]
    worker = chains.worker[node]
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
def tail(day, work, worker) -> float:  # type: ignore[no-untyped-def]
    """What it costs that a worker's day is longer than it may be, or without its break."""
    home = day.travel[day.kind[worker], work.place[worker], day.base[worker]]
    ends, run = work.state[worker, ENDS], work.state[worker, ENDS] - work.state[worker, BEGAN]
    over = max(0.0, ends + home - day.shift_ends[worker]) + max(0.0, run - day.limits.longest_run)
    if run > day.limits.break_after:
        over += max(0.0, day.limits.break_length - work.state[worker, LONGEST_GAP])
    return day.prices.overtime * over  # type: ignore[no-any-return]
